package atstripe

import (
	"testing"

	. "windfall/tests/world"
)

// What was used beyond the allowance of the product that gave way is billed
// once, with the next renewal.
func TestOverageOfAProductExchangedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	premium := priceOf(w, "premium_use")
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 150) // 50 beyond: 5.00
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	staffPutPrice(w, premium)
	w.HasProducts("c", "premium_use active")
	w.HasBalance("c", "messages", true, 500)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 3333-1333, 5000+500)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 3333-1333, 5000+500, 5000)
}

// A product that comes in a trial is on trial to the same day.
func TestPriceExchangedInATrialAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	premium := priceOf(w, "premium")
	w.CustomerWithCard("c", "pro_trial")
	w.AdvanceTo(T0.AddDate(0, 0, 3))
	staffPutPrice(w, premium)
	w.HasProducts("c", "premium trialing")
	resetsOn(w, T0.AddDate(0, 0, 7).UnixMilli())
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "messages", true, 1000)
}

// What was to follow the product that gave way follows the one that came.
func TestPriceExchangedBeforeADowngradeAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	ultra := priceOf(w, "ultra")
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.HasProducts("c", "premium active", "pro scheduled")
	staffPutPrice(w, ultra)
	w.HasProducts("c", "pro scheduled", "ultra active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
}

// A product that comes while a payment is overdue gives no access until it is
// paid.
func TestPriceExchangedWhilePastDueAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	premium := priceOf(w, "premium")
	w.CustomerWithCard("c", "pro")
	w.PutFailingCard("c")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro past_due")
	staffPutPrice(w, premium, JSON{"proration_behavior": "none"})
	w.HasProducts("c", "premium past_due")
	w.Want("allowed", w.Check("c", "messages")["allowed"], false)
	w.PutGoodCard("c")
	w.AdvanceTo(T1.AddDate(0, 0, 4))
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "messages", true, 1000)
}
