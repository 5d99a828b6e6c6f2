package chaos

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A product leaves a year's subscription on which another one stays. The schedule bills
// what was used of it: it dies before and after each external call, and comes again at
// once, a month later, or once Stripe has made the renewal. Each unit is billed once.
func TestTheUseOfAProductThatLeftSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, back := range map[string]time.Time{
		"the schedule comes again at once":           T0.AddDate(0, 0, 10),
		"the schedule comes again in the next month": T1.Add(time.Hour),
		"the renewal comes first":                    T0.AddDate(1, 0, 0).Add(time.Minute),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, "a product that left a year", func(t *testing.T, n int, what trouble) (string, []string) { return runLeft(t, n, what, back) })
		})
	}
}

func runLeft(t *testing.T, n int, what trouble, back time.Time) (end string, calls []string) {
	t.Helper()
	w, k := scheduled(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("year", "main", Every("year", Price(100)))
	w.Product("extra", "", Every("year", Price(10)), Overage("messages", 100, 1, 10), Every("year", Overage("words", 0, 0.07, 1))).AddOn()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"year", "extra"}})
	w.Track("c", "messages", 155) // 6 packs: $6
	w.Track("c", "words", 13)     // $0.91
	if err := w.Stack.Sim.AdvanceTo(w.Context(), T0.AddDate(0, 0, 10)); err != nil {
		t.Fatal(err)
	}
	w.Cancel("c", "extra", Immediately())
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
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(end, "in all ", all, ", closed and unbilled ", len(s.Balances["messages"].Closed)+len(s.Balances["words"].Closed)), calls
}
