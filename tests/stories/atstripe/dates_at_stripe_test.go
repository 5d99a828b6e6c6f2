package atstripe

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// A trial that is begun, moved and ended at Stripe moves the resets with it.
// TRI-02
func TestTrialMovedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.ChangeSubscription("c", JSON{"trial_end": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	w.HasProducts("c", "pro trialing")
	resetsOn(w, T0.AddDate(0, 0, 20).UnixMilli())
	w.ChangeSubscription("c", JSON{"trial_end": "now", "proration_behavior": "none"})
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	resetsOn(w, T0.AddDate(0, 1, 10).UnixMilli())
	previewIsCharged(w, "premium")
}

// A trial that staff gave to a subscription is shared by all on it: a change of
// one product leaves it to the others, and is on trial itself.
func TestChangeInASharedTrialAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	end := T0.AddDate(0, 0, 20)
	w.ChangeSubscription("c", JSON{"trial_end": end.Unix(), "proration_behavior": "none"})
	w.HasProducts("c", "addon_words trialing", "pro trialing")
	before := len(w.Invoices("c"))
	previewIsCharged(w, "premium")
	w.HasProducts("c", "addon_words trialing", "premium trialing")
	for _, in := range w.Invoices("c")[before:] {
		w.Want("an invoice in the trial", in.Total, int64(0))
	}
	w.AdvancePastRenewal(end)
	w.HasProducts("c", "addon_words active", "premium active")
	last := w.Invoices("c")
	w.Want("the first payment", last[len(last)-1].Total, int64(7000))
}

// A date on which staff end the subscription is the end of its product.
func TestCancelDateAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.ChangeSubscription("c", JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	w.HasProducts("c", "free scheduled", "pro active")
	previewIsCharged(w, "pro") // the end is withdrawn
	w.HasProducts("c", "pro active")
	w.ChangeSubscription("c", JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	w.AdvancePastRenewal(T0.AddDate(0, 0, 20))
	w.HasProducts("c", "free active")
}

// What waits for the end of a product waits for the day to which staff move it.
func TestEndMovedAtStripe(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]struct {
		by  JSON
		end time.Time
	}{
		"later":            {JSON{"cancel_at": T0.AddDate(0, 0, 25).Unix()}, T0.AddDate(0, 0, 25)},
		"sooner":           {JSON{"cancel_at": T0.AddDate(0, 0, 12).Unix()}, T0.AddDate(0, 0, 12)},
		"with its period":  {JSON{"billing_cycle_anchor": "now"}, T0.AddDate(0, 1, 10)},
		"with a new trial": {JSON{"trial_end": T0.AddDate(0, 0, 18).Unix()}, T0.AddDate(0, 0, 18)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			w.Cancel("c", "pro")
			w.HasProducts("c", "free scheduled", "pro active")
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			w.ChangeSubscription("c", Merge(JSON{"proration_behavior": "none"}, move.by))
			for _, p := range w.Customer("c")["products"].([]any) {
				if ValueAt(p, "id") == "free" {
					w.Want("the day free begins", ValueAt(p, "started_at"), float64(move.end.UnixMilli()))
				}
			}
			w.AdvanceTo(move.end.Add(-time.Minute))
			w.Want("products the minute before", len(w.Customer("c")["products"].([]any)), 2)
			w.AdvancePastRenewal(move.end)
			w.HasProducts("c", "free active")
		})
	}
}

// A billing day that staff move while a change is scheduled leaves the change on
// its own day: what waits begins then, within the new period, and a payment that
// fails takes its access.
func TestBillingDayMovedBeforeADowngradeAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.Attach("c", "pro")
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
	w.HasProducts("c", "premium active", "pro scheduled")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.PutCard("c", "pm_card_chargeCustomerFail")
	w.AdvancePastRenewal(T0.AddDate(0, 1, 10))
	w.HasProducts("c", "pro past_due")
}

// To have it begin with the new period, it is withdrawn and attached again.
func TestAWaitingChangeIsMovedToTheNewPeriod(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]JSON{"a period": {"billing_cycle_anchor": "now", "proration_behavior": "none"}, "a trial": {"trial_end": T0.AddDate(0, 0, 40).Unix(), "proration_behavior": "none"}} {
		w := New(t)
		w.PlanChangeCatalog()
		w.CustomerWithCard("c", "premium")
		w.Attach("c", "pro")
		w.AdvanceTo(T0.AddDate(0, 0, 10))
		w.ChangeSubscription("c", change)
		w.Attach("c", "premium")
		w.Attach("c", "pro")
		w.AdvancePastRenewal(T1)
		running := "premium active"
		if name == "a trial" {
			running = "premium trialing"
		}
		w.HasProducts("c", running, "pro scheduled")
		w.AdvancePastRenewal(T0.AddDate(0, 1, 10))
		w.HasProducts("c", "pro active")
	}
}

// A product that was to end within its period is followed by a cheaper one when
// the paid period ends: that end is withdrawn.
func TestDowngradeBeforeACancelDateAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	w.ChangeSubscription("c", JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	w.Attach("c", "pro")
	w.AdvanceTo(T1.Add(-time.Minute))
	w.HasProducts("c", "premium active", "pro scheduled")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.Billed("c", 5000, 2000)
	previewIsCharged(w, "ultra")
}

// An end within the period is one for all on a subscription. A change of one
// product would move it for the others, so it is refused until the end is
// withdrawn.
func TestChangeBeforeASharedCancelDateAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"premium", "addon_words"}})
	w.ChangeSubscription("c", JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	for _, product := range []string{"pro", "premium", "addon_words"} {
		w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": product})
		w.Refused(400, "invalid_request", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": product})
	}
	w.ChangeSubscription("c", JSON{"cancel_at": "", "proration_behavior": "none"})
	w.Attach("c", "pro")
	w.HasProducts("c", "addon_words active", "premium active", "pro scheduled")
}
