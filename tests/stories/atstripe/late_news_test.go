package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

// The event of the renewal was lost: the change is still computed from the
// period that runs at Stripe.
func TestAnUpgradeKnowsOfARenewalNobodyToldOf(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.AdvanceWithoutEvents(T1.AddDate(0, 0, 1))
	done := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "premium"})
	w.Want("code", done.Body["code"], "upgraded_to_new_product")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Billed("c", 2000, 2000, 2904) // 30 of 31 days: 48.39 − 19.35
	w.HasProducts("c", "premium active")
}

func TestACancelKnowsOfAnEndNobodyToldOf(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Post("/_local/subscriptions/"+w.FirstSubscription("c"), JSON{"cancel_at_period_end": true})
	w.AdvanceWithoutEvents(T1.AddDate(0, 0, 1))
	w.Refused(404, "product_not_found", "/v1/cancel", JSON{"customer_id": "c", "product_id": "pro"})
	w.HasProducts("c", "free active")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.HasProducts("c", "free active")
	w.Billed("c", 2000)
}
