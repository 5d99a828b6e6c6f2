package customers

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"windfall/shared/billing"
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

// TestALatePurchaseSetsOffItsReferral: the reward waits for Stripe's events, and the product
// that was bought has ended by then: here it is the last one, there it is in the history.
func TestALatePurchaseSetsOffItsReferral(t *testing.T) {
	t.Parallel()
	for _, changes := range []int{0, 4} {
		t.Run(fmt.Sprint(changes, " changes later"), func(t *testing.T) {
			t.Parallel()
			w := longLived(t)
			w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "booster"})
			w.Post("/v1/reward_programs", JSON{"id": "buy", "when": "checkout", "internal_reward_id": "gift", "received_by": "referrer", "product_ids": []string{"pro"}})
			w.Post("/v1/customers", JSON{"id": "friend"})
			w.PutGoodCard("c")
			w.Post("/v1/referrals/redeem", JSON{"customer_id": "c", "code": w.Post("/v1/referrals/code", JSON{"customer_id": "friend", "program_id": "buy"})["code"]})
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			w.Attach("c", "pro")
			w.Advance("1 hour")
			w.Cancel("c", "pro", Immediately())
			for range changes {
				w.Advance("1 hour")
				w.Attach("c", "spare_a")
				w.Attach("c", "spare_b")
			}
			sold := slices.ContainsFunc(state(w, "c").Products, func(cp billing.CustomerProduct) bool { return cp.ProductID == "pro" })
			w.Want("among the rows", sold, changes == 0)
			w.HasProducts("friend", "free active")
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
			w.HasProducts("friend", "booster active", "free active")
		})
	}
}
