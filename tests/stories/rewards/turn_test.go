package rewards

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// A discount of some months ends at the very moment of a renewal, or around it. The one
// that waits behind it lowers the invoices from there on, each of its months one, and the
// first lowers what it would lower alone.
func TestREF30TheNextDiscountBeginsWithTheRenewal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after time.Duration // of the purchase, when the customer gets the first; or else it comes with a code
		first, second string
		want          []int64
	}{
		"with the purchase":            {first: "FIVE", second: "fifth", want: []int64{1500, 1600, 1600, 1600, 2000, 2000}},
		"two months with the purchase": {first: "FIVE2", second: "fifth", want: []int64{1500, 1500, 1600, 1600, 1600, 2000}},
		"two minutes before":           {before: 2 * time.Minute, first: "five", second: "fifth", want: []int64{1500, 1600, 1600, 1600, 2000, 2000}},
		"twenty minutes before":        {before: 20 * time.Minute, first: "five", second: "fifth", want: []int64{1500, 1600, 1600, 1600, 2000, 2000}},
		"two minutes after":            {after: 2 * time.Minute, first: "five", second: "fifth", want: []int64{2000, 1500, 1600, 1600, 1600, 2000}},
		"twenty minutes after":         {after: 20 * time.Minute, first: "five", second: "fifth", want: []int64{2000, 1500, 1600, 1600, 1600, 2000}},
		"three days after":             {after: 72 * time.Hour, first: "five", second: "fifth", want: []int64{2000, 1500, 1600, 1600, 1600, 2000}},
		"one invoice is the second":    {first: "FIVE", second: "half", want: []int64{1500, 1000, 2000, 2000, 2000, 2000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Product("pro", "main", Price(20))
			for id, months := range map[string]int{"five": 1, "five2": 2} {
				createReward(w, id, "fixed_discount", JSON{"promo_codes": []any{JSON{"code": "FIVE" + id[4:]}},
					"discount_config": JSON{"discount_value": 5, "duration_type": "months", "duration_value": months, "apply_to_all": true}})
			}
			createReward(w, "fifth", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 20, "duration_type": "months", "duration_value": 3, "apply_to_all": true}})
			createReward(w, "half", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}})
			w.CustomerWithCard("c")
			bought := T0.Add(time.Hour)
			w.AdvanceTo(bought.Add(-c.before))
			switch {
			case c.before > 0:
				w.Post("/v1/customers/c/coupons/"+c.first, JSON{})
				w.AdvanceTo(bought)
				w.Attach("c", "pro")
			case c.after > 0:
				w.Attach("c", "pro")
				w.AdvanceTo(bought.Add(c.after))
				w.Post("/v1/customers/c/coupons/"+c.first, JSON{})
			default:
				w.Attach("c", "pro", JSON{"promo_code": c.first})
			}
			w.Advance("1m")
			w.Want("the second waits", w.Post("/v1/customers/c/coupons/"+c.second, JSON{})["queued"], true)
			for n := 1; n <= 5; n++ {
				w.AdvancePastRenewal(bought.AddDate(0, n, 0))
			}
			w.Billed("c", c.want...)
		})
	}
}

// In the last minutes before that renewal a preview knows what comes after it.
func TestREF30APreviewKnowsTheNextDiscount(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Product("pro", "main", Price(20))
	w.Product("premium", "main", Price(50))
	createReward(w, "five", "fixed_discount", JSON{"promo_codes": []any{JSON{"code": "FIVE"}},
		"discount_config": JSON{"discount_value": 5, "duration_type": "months", "duration_value": 1, "apply_to_all": true}})
	createReward(w, "fifth", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 20, "duration_type": "months", "duration_value": 3, "apply_to_all": true}})
	w.CustomerWithCard("c")
	w.Attach("c", "pro", JSON{"promo_code": "FIVE"})
	w.Post("/v1/customers/c/coupons/fifth", JSON{})
	w.AdvanceTo(T1.Add(-5 * time.Minute))
	preview := w.Post("/v1/billing.preview_attach", JSON{"customer_id": "c", "plan_id": "premium"})
	w.Want("the renewal", ValueAt(preview, "next_cycle.total"), 40)
	w.Attach("c", "premium")
	w.AdvancePastRenewal(T1)
	w.Want("is billed", w.Invoices("c")[2].Total, 4000)
}
