package stories

import (
	"testing"

	. "windfall/tests/world"
)

// Nobody told us of the renewal: the change is still reckoned from the period
// that runs at Stripe.
func TestAnUpgradeKnowsOfARenewalNobodyToldOf(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	if err := w.Stack.Sim.AdvanceTo(w.Context(), T1.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	done := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("code", done.Body["code"], "upgraded_to_new_product")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Billed("c", 2000, 2000, 2904) // 30 of 31 days: 48.39 − 19.35
	w.Holds("c", "premium active")
}

func TestACancelKnowsOfAnEndNobodyToldOf(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Post("/_local/subscriptions/"+subscription(w), JSON{"cancel_at_period_end": true})
	if err := w.Stack.Sim.AdvanceTo(w.Context(), T1.AddDate(0, 0, 1)); err != nil {
		t.Fatal(err)
	}
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "pro"})
	w.Holds("c", "free active")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Holds("c", "free active")
	w.Billed("c", 2000)
}
