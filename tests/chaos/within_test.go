package chaos

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A month within a year is closed and billed by the schedule alone. It dies before and
// after each external call, and comes again at once, a month later, or once the year is
// over and Stripe has made the renewal: each unit and each seat is billed once.
func TestAMonthOfAYearSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]time.Time{
		"the schedule comes again at once":           T1,
		"the schedule comes again in the next month": T2.Add(time.Hour),
		"the renewal comes first":                    T0.AddDate(1, 0, 0).Add(time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, "a month of a year", func(t *testing.T, n int, what trouble) (string, []string) { return runWithin(t, n, what, back) })
		})
	}
}

func runWithin(t *testing.T, n int, what trouble, back time.Time) (end string, calls []string) {
	t.Helper()
	w, k := scheduled(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", Every("year", Price(100)), Overage("messages", 100, 1, 10), Overage("words", 0, 0.07, 1), Seats("seats", 1, 12, "prorate_immediately", "none"))
	w.CustomerWithCard("c", "year")
	w.Track("c", "messages", 155) // 6 packs: $6
	w.Track("c", "words", 13)     // $0.91
	w.Track("c", "seats", 3)      // $24 of each month
	if err := w.Stack.Sim.AdvanceTo(w.Context(), T1); err != nil {
		t.Fatal(err)
	}
	end, calls = billedBySchedule(t, w, k, n, what, back)
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	left := len(s.Balances["messages"].Closed) + len(s.Balances["words"].Closed) + len(s.Balances["seats"].Closed)
	return fmt.Sprint(end, ", closed and unbilled ", left), calls
}

// billedBySchedule runs the schedule, which dies at call n, and again at back, and returns
// what Stripe has billed three days later.
func billedBySchedule(t *testing.T, w *World, k *killer, n int, what trouble, back time.Time) (end string, calls []string) {
	t.Helper()
	k.strike(n, what)
	_, err := w.Stack.Gateway.InvokeScheduled(w.Context(), "close_periods", w.Stack.Sim.Now())
	if what == calm && err != nil {
		t.Fatal(err)
	}
	calls = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := w.Stack.Sim.AdvanceTo(w.Context(), back); err != nil {
		t.Fatal(err)
	}
	w.Redeliver("invoice.created")
	for range 3 {
		if err := w.Stack.Due(w.Context(), w.Stack.Sim.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		w.Advance("10m")
	}
	w.Advance("3d")
	all := int64(0)
	for _, in := range w.Invoices("c") {
		if all += in.Total; in.Status != "paid" {
			end += in.Status + ", "
		}
	}
	return fmt.Sprint(end, "in all ", all), calls
}
