// Command openapi runs the suites, records every exchange between Windfall, its
// tests and the Stripe simulator, and checks the recording against Stripe's own
// OpenAPI document. Then it makes mistakes in the recording, on purpose, and
// checks that each is found.
//
//	go run .            record all suites, then check
//	go run . -from DIR  check a recording made before
//	go run . -stream    check each line of the input as it comes
//
// A simulator records itself into the folder named by CONFORMANCE_RECORD. With
// CONFORMANCE=1 it starts this command with -stream instead, sends it
// everything, and ends its process at the first difference:
//
//	CONFORMANCE=1 make test
//	CONFORMANCE=1 go test ./tests/stories/attach -run TestATT01
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"windfall/tests/conformance/openapi/oracle"
	"windfall/tests/conformance/openapi/seed"
)

func main() {
	from := flag.String("from", "", "check the recording in this folder instead of making one")
	root := flag.String("root", "../../..", "the folder of the main module")
	each := flag.Bool("stream", false, "answer each recorded line of the input with ok, or with what differs")
	flag.Parse()
	if *each {
		if err := stream(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, "conformance:", err)
			os.Exit(1)
		}
		return
	}
	if err := run(os.Stdout, *from, *root); err != nil {
		fmt.Fprintln(os.Stderr, "conformance:", err)
		os.Exit(1)
	}
}

// run fails if there is a finding, a mistake was missed, or a suite failed; the
// recording of a failed suite is checked all the same.
func run(w io.Writer, from, root string) error {
	var failed error
	if from == "" {
		dir, err := os.MkdirTemp("", "conformance-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		failed, from = record(w, root, dir), dir
	}
	o, err := oracle.Load()
	if err != nil {
		return err
	}
	seen, err := replay(o, from)
	if err != nil {
		return errors.Join(failed, err)
	}
	seen.print(w, o)
	result := seed.Sow(o, seen.samples)
	printMistakes(w, result)
	if seen.requests == 0 || seen.events == 0 || result.Total() == 0 {
		failed = errors.Join(failed, errors.New("nothing was recorded"))
	}
	if n := len(seen.findings); n > 0 {
		failed = errors.Join(failed, fmt.Errorf("%d kinds of findings", n))
	}
	if n := len(result.Missed); n > 0 {
		failed = errors.Join(failed, fmt.Errorf("%d mistakes were missed", n))
	}
	return failed
}
