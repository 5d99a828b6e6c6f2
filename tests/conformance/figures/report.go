package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// report is the output of the tests.
type report struct {
	cases    []*example // in the order in which they began
	loose    []string   // output outside of any case if something failed
	compared int
	failed   int
}

// example is one case.
type example struct {
	group, name, source, result string
	numbers                     []number
	said                        []string // the reason of a failure
}

type number struct{ what, expected, got string }

// titles say how reliable a group's numbers are.
var titles = map[string]string{
	"TestGoldenPublished": "Published or recorded: the source tells this very case",
	"TestGoldenByHand":    "Worked out by hand: the source has the rule, not the numbers",
}

var (
	source  = regexp.MustCompile(`^\s+\w+\.go:\d+: source: (.+)$`)
	compare = regexp.MustCompile(`^\s+\w+\.go:\d+: (.+?) +expected (.*), got (.*)$`)
	heading = regexp.MustCompile(`^\s*(===|---) `)
)

// read parses the events of `go test -json`.
func read(in io.Reader) (*report, error) {
	r, byTest := &report{}, map[string]*example{}
	for d := json.NewDecoder(in); ; {
		var e struct{ Action, Test, Output string }
		if err := d.Decode(&e); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return r, err
		}
		group, name, isCase := strings.Cut(e.Test, "/")
		if !isCase {
			if e.Action == "output" {
				r.loose = append(r.loose, strings.TrimRight(e.Output, "\n"))
			}
			continue
		}
		g := byTest[e.Test]
		if g == nil {
			g = &example{group: group, name: strings.ReplaceAll(name, "_", " ")}
			byTest[e.Test], r.cases = g, append(r.cases, g)
		}
		r.note(g, e.Action, strings.TrimRight(e.Output, "\n"))
	}
}

func (r *report) note(g *example, action, line string) {
	switch action {
	case "pass", "fail", "skip":
		if g.result = action; action != "pass" {
			r.failed++
		}
	case "output":
		if m := source.FindStringSubmatch(line); m != nil {
			g.source = m[1]
		} else if m := compare.FindStringSubmatch(line); m != nil && !strings.HasSuffix(m[1], ":") {
			r.compared++
			g.numbers = append(g.numbers, number{m[1], m[2], m[3]})
		} else if !heading.MatchString(line) {
			g.said = append(g.said, line)
		}
	}
}

func (r *report) print(w io.Writer) {
	// Groups run concurrently; within one, cases begin in the order of the
	// source.
	slices.SortStableFunc(r.cases, func(a, b *example) int { return strings.Compare(b.group, a.group) })
	group := ""
	for _, g := range r.cases {
		if g.group != group {
			group = g.group
			fmt.Fprintf(w, "\n== %s\n", cmp.Or(titles[group], group))
		}
		fmt.Fprintf(w, "\n  %-5s %s\n        %s\n", g.result, g.name, g.source)
		for _, n := range g.numbers {
			mark := " "
			if n.expected != n.got {
				mark = "!"
			}
			fmt.Fprintf(w, "      %s %-38s expected %-30s got %s\n", mark, n.what, n.expected, n.got)
		}
		if g.result != "pass" {
			fmt.Fprintln(w, strings.Join(g.said, "\n"))
		}
	}
	if len(r.cases) == 0 || r.failed > 0 {
		fmt.Fprintln(w, strings.Join(r.loose, "\n"))
	}
	fmt.Fprintf(w, "\n%d cases with %d numbers, %d failed\n", len(r.cases), r.compared, r.failed)
}
