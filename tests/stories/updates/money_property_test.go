package updates

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// Whatever was bought, changed with a charge or with none, and came back in a period: a credit
// gives back at most what is paid of the time left. It is one figure: what each call charged,
// which shrinks with the time.
func TestUPD31WhatIsPaidOfTheTimeLeft(t *testing.T) {
	t.Parallel()
	w := priced(t)
	mixedAndTwoOfPro(w)
	start := w.Snapshot()
	rapid.Check(t, func(rt *rapid.T) {
		start()
		w.Post("/v1/billing.attach", of("mixed", units(50+100*rapid.IntRange(0, 4).Draw(rt, "packs"))))
		at, paid, log := T0, float64(sum(w)), []string{}
		for range rapid.IntRange(1, 7).Draw(rt, "steps") {
			if !slices.ContainsFunc(plansOf(w, "", true), func(plan string) bool { return !strings.HasPrefix(plan, "free ") }) {
				break // what is bought now has a period of its own
			}
			later := at.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 24, 72}).Draw(rt, "hours")) * time.Hour) // or so soon that Stripe has both in one second
			paid *= T1.Sub(later).Hours() / T1.Sub(at).Hours()
			at = later
			w.AdvanceTo(at)
			verb, body := drawn(rt, w, "")
			before := sum(w)
			done := w.Do(w.Stack.Key, "POST", "/v1/billing."+verb, body)
			w.WaitIdle()
			paid += float64(sum(w) - before)
			log = append(log, fmt.Sprintf("%v %s %v: %d, charged %d, paid of the time left %.2f", at, verb, body, done.Status, sum(w)-before, paid))
			if done.Status >= 500 || paid < -6 { // each line is rounded
				rt.Fatalf("more came back than was paid, or a fault:\n%s", strings.Join(log, "\n"))
			}
		}
	})
}
