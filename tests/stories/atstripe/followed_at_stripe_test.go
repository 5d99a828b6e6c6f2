package atstripe

import (
	"fmt"
	"testing"

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
			w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "quantity": 5}}, "proration_behavior": "always_invoice"})
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
	w.ChangeSubscription("c", JSON{"items": []any{JSON{"price": words}}, "proration_behavior": "always_invoice"})
	w.HasProducts("c", "addon_words active", "pro active")
	w.HasBalance("c", "words", true, 200)
	previewIsCharged(w, "premium")
	w.HasProducts("c", "addon_words active", "premium active")
	for n := range 2 {
		if item, price := itemAtStripe(w, "c", n); price == words {
			w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "deleted": true}}, "proration_behavior": "none"})
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
			w.ChangeSubscription("c", JSON{"items": []any{JSON{"id": item, "deleted": true}}, "proration_behavior": "none"})
			break
		}
	}
	w.HasProducts("c", "addon_words active", "free active")
	w.HasBalance("c", "messages", true, 100)
	previewIsCharged(w, "premium")
}

// A coupon takes something off the invoices and moves nothing here.
func TestCouponPutAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	coupon := w.CallStripe("POST", "/v1/coupons", "percent_off=50&duration=forever")["id"]
	w.ChangeSubscription("c", JSON{"coupon": coupon})
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
	w.ChangeSubscription("c", JSON{"default_payment_method": card})
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
			w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
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
