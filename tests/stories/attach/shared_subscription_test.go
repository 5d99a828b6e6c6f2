package attach

import (
	"testing"

	. "windfall/tests/world"
)

// customerOfTwoProducts buys two products in one call, which are then billed together.
func customerOfTwoProducts(t *testing.T, products ...string) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": products})
	w.HasSubscriptions("c", 1)
	return w
}

// A trial would apply to the whole subscription, so the change comes without
// it.
func TestATrialIsNeverOneOfAnotherProduct(t *testing.T) {
	t.Parallel()
	w := customerOfTwoProducts(t, "pro", "g1_pro")
	w.Advance("15d")
	w.Want("code", w.Attach("c", "premium_trial")["code"], "upgraded_to_new_product")
	w.HasProducts("c", "g1_pro active", "premium_trial active")
	w.Billed("c", 5000, 1500)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 5000, 1500, 8000)
}

func TestATrialIsNeverOneOfWhatEnds(t *testing.T) {
	t.Parallel()
	w := customerOfTwoProducts(t, "pro", "g1_pro")
	w.Advance("15d")
	w.Cancel("c", "g1_pro")
	w.Attach("c", "premium_trial", JSON{"invoice_only": true})
	w.HasProducts("c", "g1_pro active", "premium_trial active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "premium_trial active")
	w.Billed("c", 5000, 1500, 5000)
}

// Stripe bills one subscription in one interval.
func TestTwoIntervalsAreNeverBilledTogether(t *testing.T) {
	t.Parallel()
	w := customerOfTwoProducts(t, "pro", "g1_pro")
	w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro_year"})
	w.HasProducts("c", "g1_pro active", "pro active")
	w.Billed("c", 5000)
}

// An upgrade into a trial withdraws the scheduled product.
func TestATrialOverAScheduledDowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("cheap", "main", Price(5))
	w.CustomerWithCard("c", "pro")
	w.Advance("15d")
	w.Attach("c", "cheap")
	w.Attach("c", "premium_trial")
	w.HasProducts("c", "premium_trial trialing")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 29))
	w.HasProducts("c", "premium_trial active")
}
