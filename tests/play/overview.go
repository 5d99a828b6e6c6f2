package main

import (
	"fmt"
	"io"
	"strings"
)

// overview runs all stories and lists the scenarios. A scenario with several
// tests passes when all of them do; one without a test is missing.
func overview(w io.Writer, root string) error {
	results, err := run(root, nil, "./"+stories+"/...", "./"+pages+"/...")
	if err != nil {
		return err
	}
	states := map[string]string{}
	for name, r := range results {
		if id := scenarioOf(name); id != "" && (states[id] == "" || r.state != "pass") {
			states[id] = r.state
			if r.state != "pass" {
				states[id] = "fail"
			}
		}
	}
	counts := map[string]int{}
	for line := range strings.Lines(scenarios) {
		id, title, _ := strings.Cut(strings.TrimSpace(line), "\t")
		state := states[id]
		if state == "" {
			state = "missing"
		}
		counts[state]++
		fmt.Fprintf(w, "%-8s %-8s %s\n", id, state, title)
	}
	fmt.Fprintf(w, "\n%d pass, %d fail, %d missing\n", counts["pass"], counts["fail"], counts["missing"])
	if counts["fail"] > 0 {
		return errFailed
	}
	return nil
}
