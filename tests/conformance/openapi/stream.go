package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"windfall/tests/conformance/openapi/oracle"
)

// stream answers each recorded line at once: "ok", or the differences. It ends
// with its input.
func stream(in io.Reader, out io.Writer) error {
	o, err := oracle.Load()
	if err != nil {
		return err
	}
	for lines := bufio.NewReader(in); ; {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, judge(o, line)); err != nil {
			return err
		}
	}
}

// judge is the answer to one line, on one line.
func judge(o *oracle.Oracle, line []byte) string {
	var e oracle.Exchange
	var found []oracle.Finding
	if err := json.Unmarshal(line, &e); err != nil {
		found = unreadable(err)
	} else {
		found, _ = verdict(o, e)
	}
	if len(found) == 0 {
		return "ok"
	}
	var out []string
	for _, f := range found {
		out = append(out, strings.ReplaceAll(f.String(), "\n", " "))
	}
	return strings.Join(out, "; ")
}
