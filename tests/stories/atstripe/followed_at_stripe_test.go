package atstripe

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// Prepaid quantities are those that Stripe bills.
func TestQuantityChangedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	for n := range 2 {
		if item, price := itemAtStripe(w, "c", n); ValueAt(w.CallStripe("GET", "/v1/prices/"+price, ""), "unit_amount") == 1000.0 {
			staffChange(w, JSON{"items": []any{JSON{"id": item, "quantity": 5}}, "proration_behavior": "always_invoice"})
			break
		}
	}
	w.HasBalance("c", "messages", true, 500)
	w.Billed("c", 4000, 3000)
	w.Attach("c", "pro_prepaid", Quantity("messages", 600))
	w.Billed("c", 4000, 3000, 1000)
	w.HasBalance("c", "messages", true, 600)
}

// The price of an add-on that comes to the subscription, or leaves it.
func TestAddOnAddedAndRemovedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	words := priceOf(w, "addon_words")
	w.CustomerWithCard("c", "pro")
	staffChange(w, JSON{"items": []any{JSON{"price": words}}, "proration_behavior": "always_invoice"})
	w.HasProducts("c", "addon_words active", "pro active")
	w.HasBalance("c", "words", true, 200)
	previewIsCharged(w, "premium")
	w.HasProducts("c", "addon_words active", "premium active")
	for n := range 2 {
		if item, price := itemAtStripe(w, "c", n); price == words {
			staffChange(w, JSON{"items": []any{JSON{"id": item, "deleted": true}}, "proration_behavior": "none"})
			break
		}
	}
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "words", false, 0)
}

// A plan that leaves a subscription which goes on has ended, and the default
// follows.
func TestPlanRemovedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	pro := priceOf(w, "pro")
	for n := range 2 {
		if item, price := itemAtStripe(w, "c", n); price == pro {
			staffChange(w, JSON{"items": []any{JSON{"id": item, "deleted": true}}, "proration_behavior": "none"})
			break
		}
	}
	w.HasProducts("c", "addon_words active", "free active")
	w.HasBalance("c", "messages", true, 100)
	previewIsCharged(w, "premium")
}

// A trial that is begun, moved and ended at Stripe moves the resets with it.
// TRI-02
func TestTrialMovedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	staffChange(w, JSON{"trial_end": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	w.HasProducts("c", "pro trialing")
	resetsOn(w, T0.AddDate(0, 0, 20).UnixMilli())
	staffChange(w, JSON{"trial_end": "now", "proration_behavior": "none"})
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
	staffChange(w, JSON{"trial_end": end.Unix(), "proration_behavior": "none"})
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
	staffChange(w, JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	w.HasProducts("c", "free scheduled", "pro active")
	previewIsCharged(w, "pro") // the end is withdrawn
	w.HasProducts("c", "pro active")
	staffChange(w, JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
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
			staffChange(w, Merge(JSON{"proration_behavior": "none"}, move.by))
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
	staffChange(w, JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
	w.HasProducts("c", "premium active", "pro scheduled")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.PutCard("c", "pm_card_chargeCustomerFail")
	w.AdvancePastRenewal(T0.AddDate(0, 1, 10))
	w.HasProducts("c", "pro past_due")
}

// A product that was to end within its period is followed by a cheaper one when
// the paid period ends: that end is withdrawn.
func TestDowngradeBeforeACancelDateAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "premium")
	staffChange(w, JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
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
	staffChange(w, JSON{"cancel_at": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
	for _, product := range []string{"pro", "premium", "addon_words"} {
		w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": product})
		w.Refused(400, "invalid_request", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": product})
	}
	staffChange(w, JSON{"cancel_at": "", "proration_behavior": "none"})
	w.Attach("c", "pro")
	w.HasProducts("c", "addon_words active", "premium active", "pro scheduled")
}

// A coupon takes something off the invoices and moves nothing here.
func TestCouponPutAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	coupon := w.CallStripe("POST", "/v1/coupons", "percent_off=50&duration=forever")["id"]
	staffChange(w, JSON{"coupon": coupon})
	w.HasProducts("c", "pro active")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1000)
	w.Want("entries", changedAtStripe(w, "c"), 0)
}

// The card that staff put on the subscription pays its invoices.
func TestDefaultCardChangedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	card := w.CallStripe("POST", "/v1/payment_methods/pm_card_chargeCustomerFail/attach", "customer="+w.Customer("c")["stripe_id"].(string))["id"]
	staffChange(w, JSON{"default_payment_method": card})
	w.HasProducts("c", "pro active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "pro past_due")
	w.PutGoodCard("c")
	w.AdvanceTo(T1.AddDate(0, 0, 4))
	w.HasProducts("c", "pro active")
	previewIsCharged(w, "premium")
}

// What a schedule of staff puts on the subscription is followed on its day.
func TestScheduleMadeAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	premium := priceOf(w, "premium")
	w.CustomerWithCard("c", "pro")
	_, pro := itemAtStripe(w, "c", 0)
	made := w.CallStripe("POST", "/v1/subscription_schedules", "from_subscription="+w.FirstSubscription("c"))
	start := int64(ValueAt(made, "phases.0.start_date").(float64))
	w.CallStripe("POST", "/v1/subscription_schedules/"+made["id"].(string), fmt.Sprintf("end_behavior=release&proration_behavior=none"+
		"&phases[0][start_date]=%d&phases[0][end_date]=%d&phases[0][items][0][price]=%s&phases[1][items][0][price]=%s&phases[1][iterations]=1",
		start, T1.Unix(), pro, premium))
	w.HasProducts("c", "pro active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "premium active")
	w.HasBalance("c", "messages", true, 1000)
	w.Billed("c", 2000, 5000)
	previewIsCharged(w, "ultra")
}

// The end state is Stripe's, however late, often and in whatever order it tells.
// R-H2
func TestChangesAtStripeToldLateTwiceAndSwapped(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]func(w *World){
		"late": func(w *World) { w.Post("/_local/delivery", JSON{"mode": "immediate"}) },
		"twice": func(w *World) {
			w.Redeliver("customer.subscription.updated")
			w.Redeliver("customer.subscription.updated")
		},
		"swapped": func(w *World) {
			w.Redeliver("invoice.paid", "invoice.created", "customer.subscription.updated", "customer.subscription.created")
		},
		"not yet": func(*World) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			premium := priceOf(w, "premium")
			w.CustomerWithCard("c", "pro")
			w.AdvanceTo(T0.AddDate(0, 0, 10))
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			staffPutPrice(w, premium)
			staffChange(w, JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
			told(w)
			w.Attach("c", "ultra")
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.Redeliver("customer.subscription.updated")
			w.HasProducts("c", "ultra active")
			w.HasBalance("c", "messages", true, 5000)
			resetsOn(w, T0.AddDate(0, 1, 10).UnixMilli())
			totals := []int64{}
			for _, in := range w.Invoices("c") {
				totals = append(totals, in.Total)
			}
			w.Want("invoices", totals, []int64{2000, 2000, 5000, 15000})
			w.Want("items at Stripe", len(ValueAt(w.AtStripe("c"), "subscriptions.0.items.data").([]any)), 1)
		})
	}
}
