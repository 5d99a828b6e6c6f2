package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

// The end was withdrawn in time, but its event came only after the day: the
// product that is still sold at Stripe continues.
func TestWHK05TheUncancelIsHeardOfAfterTheDay(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"cancel_at_period_end": true})
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"cancel_at_period_end": false})
	if err := w.Stack.Sim.AdvanceTo(w.Context(), T1.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.Billed("c", 2000, 2000)
}

// An unpaid trial ends, whatever was to follow it.
func TestTRI10CancellingWhatFollowsDoesNotProlongTheTrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("d1", "main", Price(20), Messages(500)).Trial(7, JSON{"card_required": false}).Default()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Cancel("c", "free")
	w.Advance("8d")
	w.HasBalance("c", "messages", true, 100) // the default comes back by itself
	w.HasProducts("c", "free active")
}
