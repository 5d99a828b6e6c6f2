// Package growth holds calls to a cost that does not grow: the same call is measured while
// one thing is small, larger and large, a catalog or a history. `make growth` prints the
// table; a ratio beyond its limit fails, a time never does.
package growth

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// A row is one line of the table: what grows, to which sizes, and by how much the
// cost of a call may grow with it.
type row struct {
	grows string
	sizes [3]int
	most  float64 // cost at a larger size by the cost at the smallest
}

const (
	rounds = 9                     // of which the cheapest counts: neighbours on the machine only add
	atOnce = 30 * time.Millisecond // how long one measurement takes at least
)

// measure compares the processor time of one call at three sizes, in turns, its garbage
// collected with it. prepare returns the call for a size; it may be made any number of times.
func (r row) measure(b *testing.B, prepare func(size int) (call func())) {
	b.Helper()
	var calls [3]func()
	for i, size := range r.sizes {
		calls[i] = prepare(size)
		calls[i]() // caches are warm
	}
	var least [3]time.Duration
	for range rounds {
		for i, call := range calls {
			if took := cost(call); least[i] == 0 || took < least[i] {
				least[i] = took
			}
		}
	}
	var text strings.Builder
	for i, took := range least {
		fmt.Fprintf(&text, "  %9d: %8.3f ms", r.sizes[i], float64(took.Nanoseconds())/1e6)
	}
	ratio := float64(max(least[1], least[2])) / float64(least[0])
	r.say(b, text.String(), ratio)
}

// say prints a row and fails when its ratio is beyond the limit.
func (r row) say(b *testing.B, figures string, ratio float64) {
	b.Helper()
	fmt.Printf("%-44s%s  ratio %5.2f of %.2f\n", r.grows, figures, ratio, r.most)
	b.ReportMetric(ratio, "ratio")
	if ratio > r.most {
		b.Errorf("%s: the ratio is %.2f, the most is %.2f", r.grows, ratio, r.most)
	}
}

// cost is the processor time of one call.
func cost(call func()) time.Duration {
	runtime.GC()
	began, from, n := time.Now(), cpu(), 0
	for n == 0 || time.Since(began) < atOnce {
		call()
		n++
	}
	return time.Duration((cpu() - from) / int64(n))
}
