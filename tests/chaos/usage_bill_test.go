package chaos

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// TestOverageSurvivesACrashAnywhere dies before and after each external call of
// the webhook that bills the overage of two prices on the draft. The event
// comes again at once, or only after the draft is final; its row was reset
// before, or not. Each unit is billed once, to the cent.
func TestOverageSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]usageRun{
		"redelivered at once":                {},
		"after the row was reset by a track": {reset: true},
		"redelivered five days late":         {late: true, reset: true},
		"on the last invoice":                {ended: true},
		"more than one invoice takes":        {messages: 6_000_000, words: 13_000_000},
		"the same, five days late":           {messages: 6_000_000, words: 13_000_000, late: true},
		"the same, on the last invoice":      {messages: 6_000_000, words: 13_000_000, ended: true},
		"more than any invoice takes":        {words: 1_000_000_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, k := r.open(t)
			start := w.Snapshot()
			start() // the undisturbed run also begins with fresh functions
			want, calls := r.disturbed(w, k, 0, calm)
			var s sample
			for n, called := range calls {
				for _, what := range []trouble{dieBefore, dieAfter} {
					if !s.takes() {
						continue
					}
					start()
					got, _ := r.disturbed(w, k, n+1, what)
					tally("overage", what, 1, got == want)
					if got != want {
						t.Errorf("call %d (%s) %s:\n got %s\nwant %s", n+1, called, what, got, want)
					}
				}
			}
		})
	}
}

// A usageRun is the way in which the event comes back after the crash.
type usageRun struct {
	late, reset, ended bool
	messages, words    int // used beside the few of each run
}

// event is the event during which the process dies.
func (r usageRun) event() string {
	if r.ended {
		return "customer.subscription.deleted"
	}
	return "invoice.created"
}

// open makes a customer use two features beyond their allowance, up to the
// event that bills it.
func (r usageRun) open(t *testing.T) (*World, *killer) {
	t.Helper()
	w, k := mortal(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Product("use", "main", Price(20), Overage("messages", 100, 1, 10), Overage("words", 0, 0.07, 1))
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	w.PutGoodCard("c")
	w.Attach("c", "use")
	w.Track("c", "messages", 155) // 6 packs: $6
	w.Track("c", "words", 13)     // $0.91
	if r.messages > 0 {
		w.Track("c", "messages", r.messages)
	}
	if r.words > 0 {
		w.Track("c", "words", r.words)
	}
	hold(w)
	w.AdvanceTo(theRenewal.Add(time.Minute))
	if r.reset {
		w.Track("c", "messages", 101) // $1, of the next period
	}
	if r.ended {
		w.AdvanceTo(theRenewal.Add(2 * time.Hour))
		let(w)
		w.Track("c", "words", 100+r.words) // $7
		if r.messages > 0 {
			w.Track("c", "messages", r.messages)
		}
		hold(w)
		deleteFirst(w)
	}
	return w, k
}

// disturbed has trouble at one call of the event, recovers, and adds up the
// bills until the end of the next period.
func (r usageRun) disturbed(w *World, k *killer, n int, what trouble) (string, []string) {
	w.Helper()
	w.Stack.HoldStream(true) // a dead process files no events, and no call may wait for it
	k.strike(n, what)
	w.Redeliver(r.event())
	calls := k.seen()
	k.live()
	w.Stack.HoldStream(false)
	if err := w.Stack.Restart(); err != nil {
		w.Fatal(err)
	}
	if r.late {
		w.AdvanceTo(theRenewal.AddDate(0, 0, 5))
	}
	let(w)
	w.Redeliver(r.event())
	w.AdvanceTo(theRenewal.Add(6 * 24 * time.Hour))
	w.AdvanceTo(theRenewal.AddDate(0, 1, 0).Add(2 * time.Hour))
	return r.describe(w), calls
}

// describe adds the invoices up; on time, each must also be exact.
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
	left := len(s.Balances["messages"].Closed) + len(s.Balances["words"].Closed)
	if r.late {
		return fmt.Sprint("billed ", sum, ", closed and unbilled ", left)
	}
	return fmt.Sprint("billed ", all, ", closed and unbilled ", left)
}
