package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// An event is described by `go doc test2json`.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type report struct {
	out, seconds io.Writer
	packages     map[string]*tested
	failed       bool
}

// tested is one package while its tests run.
type tested struct{ tests map[string]*test }

type test struct {
	output string
	result string // "" while it runs
	inner  bool   // whether it has subtests
}

func newReport(out, seconds io.Writer) *report {
	return &report{out: out, seconds: seconds, packages: map[string]*tested{}}
}

func (r *report) take(e event) {
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "build-fail":
		r.failed = true
	}
	if e.Package == "" {
		return
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &tested{tests: map[string]*test{}}
		r.packages[e.Package] = p
	}
	t := p.test(e.Test)
	switch e.Action {
	case "output":
		t.output += e.Output
	case "pass", "fail", "skip":
		t.result = e.Action
		if e.Test == "" {
			r.ended(e, p)
		} else if !t.inner {
			fmt.Fprintf(r.seconds, "%.2f\t%s %s\n", e.Elapsed, e.Package, e.Test)
		}
	}
}

// test is a test of the package; "" is the package itself.
func (p *tested) test(name string) *test {
	t := p.tests[name]
	if t == nil {
		t = &test{}
		p.tests[name] = t
		if at := strings.LastIndex(name, "/"); at > 0 {
			p.test(name[:at]).inner = true
		}
	}
	return t
}

// ended prints a package. Of a failed one it omits the output of tests that
// passed, unless it has a race or a panic.
func (r *report) ended(e event, p *tested) {
	if e.Action == "fail" {
		r.failed = true
		for _, name := range slices.Sorted(maps.Keys(p.tests)) {
			t := p.tests[name]
			if name != "" && (t.result == "fail" || t.result == "" || tellsOfABreak(t.output)) {
				fmt.Fprint(r.out, t.output)
			}
		}
	}
	for line := range strings.Lines(p.test("").output) {
		if line != "PASS\n" {
			fmt.Fprint(r.out, line)
		}
	}
	delete(r.packages, e.Package)
}

func tellsOfABreak(output string) bool {
	for _, sign := range []string{"WARNING: DATA RACE", "panic: ", "fatal error: "} {
		if strings.Contains(output, sign) {
			return true
		}
	}
	return false
}

// end reports whether all passed. A package without an end has failed.
func (r *report) end() bool {
	for _, name := range slices.Sorted(maps.Keys(r.packages)) {
		fmt.Fprintf(r.out, "%s did not end\n", name)
		r.ended(event{Action: "fail", Package: name}, r.packages[name])
	}
	return !r.failed
}
