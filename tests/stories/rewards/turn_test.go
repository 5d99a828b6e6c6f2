package rewards

import (
	"fmt"
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// A discount of some months ends at the very moment of a renewal, or around it. The one
// that waits behind it lowers the invoices from there on, each of its months one, and the
// first lowers what it would lower alone.
func TestREF30TheNextDiscountBeginsWithTheRenewal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after time.Duration // of the purchase, when the customer gets the first; or else it comes with a code
		months        int           // of the first
		second        string
		want          []int64
	}{
		"with the purchase":            {months: 1, second: "fifth", want: []int64{1500, 1600, 1600, 1600, 2000, 2000}},
		"two months with the purchase": {months: 2, second: "fifth", want: []int64{1500, 1500, 1600, 1600, 1600, 2000}},
		"two minutes before":           {before: 2 * time.Minute, months: 1, second: "fifth", want: []int64{1500, 1600, 1600, 1600, 2000, 2000}},
		"twenty minutes before":        {before: 20 * time.Minute, months: 1, second: "fifth", want: []int64{1500, 1600, 1600, 1600, 2000, 2000}},
		"two minutes after":            {after: 2 * time.Minute, months: 1, second: "fifth", want: []int64{2000, 1500, 1600, 1600, 1600, 2000}},
		"twenty minutes after":         {after: 20 * time.Minute, months: 1, second: "fifth", want: []int64{2000, 1500, 1600, 1600, 1600, 2000}},
		"three days after":             {after: 72 * time.Hour, months: 1, second: "fifth", want: []int64{2000, 1500, 1600, 1600, 1600, 2000}},
		"one invoice is the second":    {months: 1, second: "half", want: []int64{1500, 1000, 2000, 2000, 2000, 2000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			sellTurns(w, c.months, 3)
			createReward(w, "half", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}})
			w.CustomerWithCard("c")
			bought := T0.Add(time.Hour)
			w.AdvanceTo(bought.Add(-c.before))
			switch {
			case c.before > 0:
				w.Post("/v1/customers/c/coupons/five", JSON{})
				w.AdvanceTo(bought)
				w.Attach("c", "pro")
			case c.after > 0:
				w.Attach("c", "pro")
				w.AdvanceTo(bought.Add(c.after))
				w.Post("/v1/customers/c/coupons/five", JSON{})
			default:
				w.Attach("c", "pro", JSON{"promo_code": "FIVE"})
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
	sellTurns(w, 1, 3)
	w.Product("premium", "main", Price(50))
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

// The day before the last one of a month is no day to begin on: a month later both fall on
// one day, and one invoice more would be lowered.
func TestREF30TheMonthsOfTheNextDiscountAreItsInvoices(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
	}
	for _, bought := range []time.Time{at(12, 31, 0, 5), at(12, 31, 0, 30), at(12, 30, 0, 5), at(12, 29, 0, 5), at(7, 31, 0, 5), at(3, 1, 0, 5), at(3, 1, 0, 0), at(4, 28, 0, 5)} {
		for _, months := range []int{1, 2, 3} {
			t.Run(fmt.Sprint(bought.Format("01-02T15:04"), months), func(t *testing.T) {
				t.Parallel()
				w := With(t, stack.Options{Clock: bought.Add(-time.Hour)})
				sellTurns(w, 1, months)
				w.CustomerWithCard("c")
				w.AdvanceTo(bought)
				w.Attach("c", "pro", JSON{"promo_code": "FIVE"})
				w.Post("/v1/customers/c/coupons/fifth", JSON{})
				want := []int64{1500}
				for n := range 5 {
					w.AdvancePastRenewal(time.UnixMilli(int64(w.CustomerProduct("c", "pro")["current_period_end"].(float64))))
					want = append(want, map[bool]int64{true: 1600, false: 2000}[n < months])
				}
				w.Billed("c", want...)
			})
		}
	}
}

// Bills within a longer period are no renewals at Stripe: the first discount lowers those of
// its months, too.
func TestREF30ADiscountKeepsTheBillsWithinAYear(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{2 * time.Minute, 14 * time.Minute, 20 * time.Minute} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			w := New(t)
			sellTurns(w, 2, 3)
			w.Feature("words", "single_use")
			w.Product("year", "main", JSON{"price": 240, "interval": "year"}, Overage("words", 0, 0.5, 1))
			w.CustomerWithCard("c")
			bought := T0.Add(time.Hour)
			w.AdvanceTo(bought)
			w.Attach("c", "year")
			w.AdvanceTo(bought.Add(after))
			w.Post("/v1/customers/c/coupons/five", JSON{})
			w.Post("/v1/customers/c/coupons/fifth", JSON{})
			for n := 1; n <= 6; n++ {
				w.Track("c", "words", 24)
				w.AdvancePastRenewal(bought.AddDate(0, n, 0))
			}
			w.Billed("c", 24000, 700, 700, 960, 960, 960, 1200)
		})
	}
}

// sellTurns sells pro, and has a discount of 5 for some months, with a code, and one of a
// fifth for others.
func sellTurns(w *World, five, fifth int) {
	w.Helper()
	w.Product("pro", "main", Price(20))
	createReward(w, "five", "fixed_discount", JSON{"promo_codes": []any{JSON{"code": "FIVE"}},
		"discount_config": JSON{"discount_value": 5, "duration_type": "months", "duration_value": five, "apply_to_all": true}})
	createReward(w, "fifth", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 20, "duration_type": "months", "duration_value": fifth, "apply_to_all": true}})
}
