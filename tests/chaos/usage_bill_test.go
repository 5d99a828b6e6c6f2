package chaos

import (
	"fmt"
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// renewal is when the subscription of a run renews.
var renewal = T0.AddDate(0, 1, 0)

// TestOverageSurvivesACrashAnywhere dies before and after each external call
// of the webhook that puts two prices' overage and the seats on the draft. The event comes
// again at once, or only when the draft is final; it comes to a row that was
// reset before, or not. Each unit is billed once, to the cent.
func TestOverageSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]usageRun{
		"redelivered at once":                {},
		"after the row was reset by a track": {reset: true},
		"redelivered five days late":         {late: true, reset: true},
		"on the last invoice":                {ended: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, r.run)
		})
	}
}

// A usageRun says how the event comes back after the crash.
type usageRun struct{ late, reset, ended bool }

// run bills a period's overage, dies at call n of the webhook (0: never),
// recovers, and adds up what was billed by the end of the next period.
func (r usageRun) run(t *testing.T, n int, after bool) (end string, calls int, record []string) {
	t.Helper()
	k := &killer{}
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: k.between("dynamodb"), Stripe: k.between("stripe")}})
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Feature("seats", "continuous_use")
	w.Product("use", "main", Price(20), Overage("messages", 100, 1, 10), Overage("words", 0, 0.07, 1), Seats("seats", 1, 3, "", "none"))
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	w.Card("c")
	w.Attach("c", "use")
	w.Track("c", "messages", 155) // 6 packs: $6
	w.Track("c", "words", 13)     // $0.91
	w.Track("c", "seats", 3)      // $6 at once, and for each period that begins
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.To(renewal.Add(time.Minute))
	if r.reset {
		w.Track("c", "messages", 101) // $1, of the next period
	}
	event := "invoice.created"
	if r.ended {
		w.To(renewal.Add(2 * time.Hour))
		w.Post("/_local/delivery", JSON{"mode": "immediate"})
		w.Track("c", "words", 100) // $7
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
		event = "customer.subscription.deleted"
	}
	w.Quiet()
	w.Stack.HoldStream(true) // a dead process files no events, and nobody may wait for it
	k.dieAt(n, after)
	w.Deliver(event)
	calls, record = k.seen()
	k.live()
	w.Stack.HoldStream(false)
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	if r.late {
		w.To(renewal.AddDate(0, 0, 5))
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Deliver(event)
	w.To(renewal.Add(6 * 24 * time.Hour))
	w.To(renewal.AddDate(0, 1, 0).Add(2 * time.Hour))
	return r.describe(w), calls, record
}

// describe adds the invoices up; on time, each must be exact as well.
func (r usageRun) describe(w *World) string {
	w.Helper()
	var all []int64
	var sum int64
	for _, i := range w.Invoices("c") {
		all, sum = append(all, i.Total), sum+i.Total
		if i.Status != "paid" {
			w.Errorf("invoice %s is %s", i.ID, i.Status)
		}
	}
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		w.Fatal(err)
	}
	left := len(s.Balances["messages"].Closed) + len(s.Balances["words"].Closed) + len(s.Balances["seats"].Closed)
	if r.late {
		return fmt.Sprint("billed ", sum, ", closed and unbilled ", left)
	}
	return fmt.Sprint("billed ", all, ", closed and unbilled ", left)
}
