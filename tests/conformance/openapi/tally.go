package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"windfall/tests/conformance/openapi/oracle"
	"windfall/tests/conformance/openapi/seed"
)

// tally is the count so far.
type tally struct {
	mu       sync.Mutex
	files    int
	requests int
	events   int
	both     int // requests refused by simulator and document
	alone    int // requests refused by the simulator alone, for reasons beyond a schema
	findings map[oracle.Finding]int
	reached  map[string]bool // operations that answered with success
	types    map[string]int  // of events
	samples  *seed.Samples
}

func newTally() *tally {
	return &tally{findings: map[oracle.Finding]int{}, reached: map[string]bool{}, types: map[string]int{}, samples: seed.NewSamples()}
}

func (t *tally) refusal(byDocument bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if byDocument {
		t.both++
	} else {
		t.alone++
	}
}

func (t *tally) add(e oracle.Exchange, found []oracle.Finding, shapes seed.Seen) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.Event != nil {
		t.events++
		t.types[shapes.Where]++
	} else {
		t.requests++
		if e.Status < 400 && shapes.Where != "" {
			t.reached[shapes.Where] = true
		}
	}
	for _, f := range found {
		t.findings[f.Like()]++
	}
	if len(found) == 0 {
		t.samples.Keep(e, shapes)
	}
}

func (t *tally) print(w io.Writer, o *oracle.Oracle) {
	fmt.Fprintf(w, "\nAgainst Stripe's OpenAPI document (2023-10-16: %d operations), recorded by %d processes:\n", o.Operations, t.files)
	row := func(n int, what string, args ...any) { fmt.Fprintf(w, "%9d  %s\n", n, fmt.Sprintf(what, args...)) }
	row(t.requests, "requests validated; %d refused by simulator and document, %d by the simulator alone", t.both, t.alone)
	row(t.requests, "responses validated")
	row(t.events, "events validated")
	row(len(t.reached), "operations answered with success")
	row(len(t.types), "types of events")
	row(len(t.samples.Kinds), "kinds of objects: %s", strings.Join(slices.Sorted(maps.Keys(t.samples.Kinds)), ", "))
	all := 0
	for _, n := range t.findings {
		all += n
	}
	row(all, "findings")
	order := slices.SortedFunc(maps.Keys(t.findings), func(a, b oracle.Finding) int {
		return cmp.Or(cmp.Compare(t.findings[b], t.findings[a]), cmp.Compare(a.String(), b.String()))
	})
	for _, f := range order {
		fmt.Fprintf(w, "%18d x %s\n", t.findings[f], f)
	}
}

func printMistakes(w io.Writer, r *seed.Result) {
	fmt.Fprintf(w, "\nMistakes made on purpose, once per field of each kind of object and operation:\n")
	for _, name := range seed.Mistakes {
		c := r.Counts[name]
		fmt.Fprintf(w, "%6d of %-6d caught  %-34s (%d kinds or operations)\n", c.Caught, c.Made, name, len(c.Subjects))
	}
	fmt.Fprintf(w, "%6d of %-6d caught\n", r.Caught(), r.Total())
	fmt.Fprintf(w, "Not made, as no schema sees them: %d optional fields left out, wrong amounts, wrong order, wrong moments.\n", r.Blind)
	if len(r.Unclear) > 0 {
		fmt.Fprintf(w, "Not made inside of what may be several things: %s.\n", strings.Join(r.Unclear, ", "))
	}
	for _, m := range r.Missed {
		fmt.Fprintln(w, "  missed:", m)
	}
}
