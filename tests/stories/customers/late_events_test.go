package customers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "windfall/tests/world"
)

// TestLateEventsOfAProductThatHasMoved: what Stripe tells of a subscription that ended
// here long ago leads to the same charges, entries and access, whether its product is
// among the rows or in the history by then; at once, and in another order, and twice.
func TestLateEventsOfAProductThatHasMoved(t *testing.T) {
	t.Parallel()
	for name, first := range map[string][]string{
		"in order":              nil,
		"the end first":         {"customer.subscription.deleted", "invoice.paid"},
		"the invoices first":    {"invoice.created", "invoice.finalized", "invoice.paid"},
		"the end twice":         {"customer.subscription.deleted", "customer.subscription.deleted"},
		"the beginning at last": {"invoice.paid", "customer.subscription.deleted", "customer.subscription.updated", "customer.subscription.created"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moved, facts := lateLife(t, first, true)
			stayed, want := lateLife(t, first, false)
			if moved < 2 || stayed > 0 {
				t.Errorf("%d products of subscriptions had moved, and %d had", moved, stayed)
			}
			for i := range max(len(facts), len(want)) {
				if i >= len(facts) || i >= len(want) || facts[i] != want[i] {
					t.Fatalf("where products had moved:\n%q\nwhere none had:\n%q", facts, want)
				}
			}
		})
	}
}

// lateLife is the life of a customer whose two paid products ended before Stripe's events
// came, and what is known of the money at its end. With moves, what has ended leaves the
// rows before the events come.
func lateLife(t *testing.T, first []string, moves bool) (moved int, facts []string) {
	t.Helper()
	w := longLived(t)
	w.AllowInvoiceMismatch()
	w.PutGoodCard("c")
	w.Attach("c", "spare_a")
	w.Attach("c", "pro_use")
	w.Track("c", "messages", 180) // 80 beyond
	w.Attach("c", "g1_pro")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Cancel("c", "pro_use", Immediately())
	w.Cancel("c", "g1_pro", Immediately())
	change := func() {
		for range 3 {
			w.Attach("c", "spare_b")
			w.Attach("c", "spare_a")
		}
	}
	if moves {
		w.Redeliver("customer.subscription.deleted") // one bill is made, so that nothing asks for the rows
		change()
		for _, cp := range movedOf(w, "c") {
			if cp.SubscriptionID != "" {
				moved++
			}
		}
	} else {
		w.Redeliver("customer.subscription.deleted")
	}
	w.AdvanceWithoutEvents(T0.AddDate(0, 1, 7))
	for _, kind := range first {
		w.Redeliver(kind)
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.WaitIdle()
	for i, in := range w.Invoices("c") {
		if in.Total <= 0 {
			continue
		}
		how := []string{"refund", "dispute"}[i%2]
		w.Do(w.Stack.Key, "POST", "/_local/invoices/"+in.ID+"/"+how, JSON{"amount": in.Total})
		w.WaitIdle()
	}
	w.Redeliver("charge.refunded", "charge.dispute.created", "customer.subscription.deleted")
	w.Advance("7 hours") // the schedule looks, too
	if !moves {
		change()
	}
	w.NothingUnbilled("c")
	for _, in := range w.Invoices("c") {
		facts = append(facts, fmt.Sprint("invoice ", in.Total, " ", in.Status))
	}
	entries, err := w.Stack.Audit(w.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Actor == "stripe" || e.Amount != 0 {
			facts = append(facts, fmt.Sprint("entry ", e.Action, " ", e.Rule, " ", e.Amount, " ", e.Started, e.Ended))
		}
	}
	slices.Sort(facts)
	for _, cp := range state(w, "c").Products {
		if cp.Running(w.Stack.Sim.Now().Add(time.Second)) {
			facts = append(facts, "runs "+cp.ProductID)
		}
	}
	for _, feature := range []string{"messages", "words"} {
		facts = append(facts, fmt.Sprint(feature, w.Check("c", feature)["balance"]))
	}
	return moved, facts
}
