package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A result is the outcome of one test function.
type result struct {
	state   string // "pass", "fail" or "skip"
	seconds float64
	output  string // its own and that of its subtests
}

var errUnbuilt = errors.New("a package does not compile")

// run runs `go test` in the module's root, with more variables in its
// environment, and returns the results by name.
func run(root string, variables []string, arguments ...string) (map[string]*result, error) {
	cmd := exec.Command("go", append([]string{"test", "-json"}, arguments...)...)
	cmd.Dir, cmd.Stderr, cmd.Env = root, os.Stderr, append(os.Environ(), variables...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	results, broken, err := read(out)
	_ = cmd.Wait() // a failed test has a line of its own
	if errors.Is(err, errUnbuilt) || err == nil && len(results) == 0 {
		err = fmt.Errorf("not every story ran:\n%s", broken)
	}
	return results, err
}

// read parses the events of `go test -json`. Output without a test, such as an
// error of the compiler, is broken; a package that does not compile is an error,
// since its tests are in no event.
func read(in io.Reader) (results map[string]*result, broken string, err error) {
	results = map[string]*result{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var event struct {
			Action, Test, Output, FailedBuild string
			Elapsed                           float64
		}
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			broken += lines.Text() + "\n"
			continue
		}
		if event.FailedBuild != "" {
			err = errUnbuilt
		}
		if event.Test == "" {
			broken += event.Output
			continue
		}
		name, _, inner := strings.Cut(event.Test, "/")
		r := results[name]
		if r == nil {
			r = &result{}
			results[name] = r
		}
		switch event.Action {
		case "output":
			r.output += event.Output
		case "pass", "fail", "skip":
			if !inner {
				r.state, r.seconds = event.Action, event.Elapsed
			}
		}
	}
	return results, broken, cmp.Or(lines.Err(), err)
}
