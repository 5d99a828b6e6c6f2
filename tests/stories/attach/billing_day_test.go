package attach

import (
	"testing"

	. "windfall/tests/world"
)

// A product that was billed for use alone has a billing day from its start. A
// product of the same interval with a fixed price keeps it: half of the period
// is left, so half of the price is due, beside what was used.
func TestUPG15TheBillingDayStaysWhenAFixedPriceComes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		request JSON
		today   float64
		billed  []int64 // with the first renewal, and its use
		code    string
	}{
		"another product":            {JSON{"product_id": "fixed"}, 15 + 4, []int64{0, 1900, 3000}, "upgraded_to_new_product"},
		"another one with use":       {JSON{"product_id": "fixed_use"}, 15 + 4, []int64{0, 1900, 3000}, "upgraded_to_new_product"},
		"by invoice":                 {JSON{"product_id": "fixed", "invoice": true}, 15 + 4, []int64{0, 1900, 3000}, "upgraded_to_new_product"},
		"with a fee that comes once": {JSON{"product_id": "fixed_fee"}, 15 + 7 + 4, []int64{0, 2600, 3000}, "upgraded_to_new_product"},
		"items of one's own":         {JSON{"product_id": "meter", "is_custom": true, "items": []JSON{Price(30), Overage("words", 0, 0.1, 1)}}, 15, []int64{0, 1500, 3400}, "updated_same_product"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("words", "single_use")
			w.Product("meter", "g", Overage("words", 0, 0.1, 1))
			w.Product("fixed", "g", Price(30), Consumable("words", 100))
			w.Product("fixed_use", "g", Price(30), Overage("words", 10, 0.05, 1))
			w.Product("fixed_fee", "g", Price(30), JSON{"price": 7}, Consumable("words", 100))
			w.CustomerWithCard("c", "meter")
			w.Track("c", "words", 40)
			w.Advance("15d")
			body := Merge(JSON{"customer_id": "c"}, tt.request)
			preview := w.Post("/v1/attach/preview", body)
			w.Want("due today, and the next day", []any{ValueAt(preview, "due_today.total"), ValueAt(preview, "due_next_cycle.due_at")}, []any{tt.today, float64(T1.UnixMilli())})
			w.Want("code", w.Post("/v1/attach", body)["code"], tt.code)
			sub := ValueAt(w.AtStripe("c"), "subscriptions.0").(JSON)
			w.Want("the period at Stripe", []any{sub["current_period_end"], sub["status"]}, []any{float64(T1.Unix()), "active"})
			w.Want("the period here", ValueAt(w.CustomerProduct("c", tt.request["product_id"].(string)), "current_period_end"), float64(T1.UnixMilli()))
			w.AdvancePastRenewal(T1)
			w.Billed("c", tt.billed...)
		})
	}
}

// A quantity that is bought of a product that had none keeps the day as well.
func TestTheBillingDayStaysWhenTheFirstPackComes(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	w.Feature("messages", "single_use")
	w.Product("mixed", "g", Overage("words", 0, 0.1, 1), Prepaid("messages", 10, 100, "month"))
	w.CustomerWithCard("c")
	w.Attach("c", "mixed", Quantity("messages", 0))
	w.Advance("15d")
	w.Attach("c", "mixed", Quantity("messages", 200))
	w.Want("the period at Stripe", ValueAt(w.AtStripe("c"), "subscriptions.0.current_period_end"), float64(T1.Unix()))
	w.AdvancePastRenewal(T1)
	w.Billed("c", 0, 1000, 2000)
}
