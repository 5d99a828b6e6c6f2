// Command report reads the events of `go test -json` and prints a line per
// package, and all output of a failing one. It appends the seconds of each test
// to a file, for the list of the slowest.
//
//	go test -json ./... | go run ./scripts/report -times seconds.txt
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	times := flag.String("times", "", "append the seconds of each test to this file")
	flag.Parse()
	passed, err := run(*times, os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if err != nil || !passed {
		os.Exit(1)
	}
}

func run(times string, in io.Reader, out io.Writer) (passed bool, err error) {
	seconds := io.Discard
	if times != "" {
		f, err := os.OpenFile(times, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return false, err
		}
		defer f.Close()
		seconds = f
	}
	r := newReport(out, seconds)
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(out, "%s", line) // not an event: a fault before the tests
				continue
			}
			r.take(e)
		}
		if err == io.EOF {
			return r.end(), nil
		}
		if err != nil {
			return false, err
		}
	}
}
