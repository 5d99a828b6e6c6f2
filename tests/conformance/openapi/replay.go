package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"windfall/tests/conformance/openapi/oracle"
	"windfall/tests/conformance/openapi/seed"
)

// replay checks all lines of all files of a recording.
func replay(o *oracle.Oracle, dir string) (*tally, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	lines, seen := make(chan []byte, 256), newTally()
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for line := range lines {
				seen.line(o, line)
			}
		})
	}
	for _, name := range files {
		if err == nil {
			err = read(name, lines)
		}
	}
	close(lines)
	workers.Wait()
	seen.files = len(files)
	return seen, err
}

func read(name string, lines chan<- []byte) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	in := bufio.NewScanner(f)
	in.Buffer(nil, 64<<20)
	for in.Scan() {
		lines <- append([]byte(nil), in.Bytes()...)
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// line checks one line; it does not lock the tally meanwhile.
func (t *tally) line(o *oracle.Oracle, text []byte) {
	var e oracle.Exchange
	if err := json.Unmarshal(text, &e); err != nil {
		t.add(e, unreadable(err), seed.Seen{})
		return
	}
	found, refused := verdict(o, e)
	if e.Event == nil && e.Status >= 400 {
		t.refusal(refused)
	}
	t.add(e, found, seed.Shapes(o, e))
}

func unreadable(err error) []oracle.Finding {
	return []oracle.Finding{{Method: "recording", Reason: err.Error()}}
}

// verdict is the findings of an exchange or event, and whether the document
// refuses the request. To accept such a request is wrong; to refuse it is not.
func verdict(o *oracle.Oracle, e oracle.Exchange) (found []oracle.Finding, refused bool) {
	if e.Event != nil {
		return o.Event(e.Event), false
	}
	wrong, found := o.Request(e), o.Response(e)
	if e.Status < 400 {
		for _, f := range wrong {
			f.Reason = "accepted, although " + f.Reason
			found = append(found, f)
		}
	}
	return found, len(wrong) > 0
}
