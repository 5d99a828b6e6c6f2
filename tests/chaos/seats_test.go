package chaos

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	. "windfall/tests/world"
)

// TestSeatsSurviveACrashAnywhere dies before and after each external call of a
// track that takes seats, and of the stream's function that bills them. The
// client repeats the track with its key, and either the stream or, if that is
// lost for good, the sweep continues: each seat is billed once.
func TestSeatsSurviveACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]seatsRun{
		"billed at once":              {rule: "bill_immediately", value: 3},
		"charged with the next cycle": {rule: "prorate_next_cycle", value: 3},
		"freed and credited":          {rule: "prorate_immediately", value: -1},
		"the stream is lost":          {rule: "bill_immediately", value: 3, lost: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, "seats", r.run)
		})
	}
}

// A seatsRun is a change of seats in the middle of the period.
type seatsRun struct {
	rule  string // on_increase
	value int
	lost  bool // the stream's changes are lost with the process
}

// run changes seats, dies at call n (0: never), recovers, and returns the
// invoices up to the end of the next renewal.
func (r seatsRun) run(t *testing.T, n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := mortal(t)
	w.Feature("seats", "continuous_use")
	w.Product("team", "main", Price(20), Seats("seats", 1, 50, r.rule, "prorate_immediately"))
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	w.PutGoodCard("c")
	w.Attach("c", "team")
	if r.value < 0 {
		w.Track("c", "seats", 3)
	}
	w.Advance("15d")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Stack.HoldStream(true)
	ctx, dead := context.WithCancel(t.Context())
	defer dead()
	k.died, k.soft = dead, true
	k.strike(n, what)
	change := JSON{"customer_id": "c", "feature_id": "seats", "value": r.value, "idempotency_key": "once"}
	w.Do(w.Stack.Key, "POST", "/v1/track", change)
	if !r.lost {
		w.Stack.HoldStream(false)
		_ = w.Stack.Quiet(ctx) // ended by the death of the process
		w.Stack.HoldStream(true)
	}
	calls = k.seen()
	k.live()
	if r.lost {
		w.Stack.DropStream()
	}
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	w.Do(w.Stack.Key, "POST", "/v1/track", change)
	if r.lost {
		w.Stack.DropStream()
	}
	w.Stack.HoldStream(false)
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("10m") // the sweep
	before := total(w)
	w.AdvanceTo(T0.AddDate(0, 1, 0).Add(2 * time.Hour))
	return fmt.Sprintf("%s; then %s; usage %v; %s", before, total(w), w.Check("c", "seats")["usage"], left(w)), calls
}

// total lists the invoices, each with its status.
func total(w *World) string {
	w.Helper()
	var all []string
	for _, i := range w.Invoices("c") {
		all = append(all, fmt.Sprint(i.Total, " ", i.Status))
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

// left lists the unfinished work of a customer.
func left(w *World) string {
	w.Helper()
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		w.Fatal(err)
	}
	return fmt.Sprintf("%d operations and %d closed left", len(s.Operations), len(s.Balances["seats"].Closed))
}
