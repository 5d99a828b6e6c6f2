package rewards

import (
	"math"
	"slices"
	"testing"

	. "windfall/tests/world"
)

// worldOfARunningMonth has a customer with a product of 20.00 whose next two months are
// free: the first of them runs as a discount.
func worldOfARunningMonth(t *testing.T, product string, more ...JSON) *World {
	t.Helper()
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/customers", JSON{"id": "r1"})
	w.CustomerWithCard("c1")
	w.Attach("c1", product, more...)
	redeem(w, freeMonths(w, product, 2), "r1")
	return w
}

// renewals goes past the first renewals of what was bought at T0, as far as they are not past.
func renewals(w *World, n int) {
	w.Helper()
	for i := 1; i <= n; i++ {
		if day := T0.AddDate(0, i, 0); day.After(w.Stack.Sim.Now()) {
			w.AdvancePastRenewal(day)
		}
	}
}

// An invoice in the middle of a period leaves the free month that runs for the renewal,
// unless it was lowered by it.
func TestAFreeMonthWaitsForAnInvoiceThatItLowers(t *testing.T) {
	for name, tt := range map[string]struct {
		product  string
		bought   JSON
		change   func(w *World)
		renewals int
		want     []int64
	}{
		"upgrade at once": {"pro", nil, func(w *World) { w.Attach("c1", "premium") }, 3,
			[]int64{2000, 3000, 3000, 3000, 5000}},
		"upgrade at half": {"pro", nil, func(w *World) { w.Advance("15d"); w.Attach("c1", "premium") }, 3,
			[]int64{2000, 1500, 3000, 3000, 5000}},
		"two upgrades in a period": {"pro", nil, func(w *World) { w.Attach("c1", "premium"); w.Advance("15d"); w.Attach("c1", "ultra") }, 3,
			[]int64{2000, 3000, 7500, 18000, 18000, 20000}},
		"upgrade by staff": {"pro", nil, func(w *World) {
			w.CustomerWithCard("other", "premium")
			w.Advance("15d")
			price := ValueAt(w.CallStripe("GET", "/v1/subscriptions/"+w.FirstSubscription("other"), ""), "items.data.0.price.id")
			item := ValueAt(w.CallStripe("GET", "/v1/subscriptions/"+w.FirstSubscription("c1"), ""), "items.data.0.id")
			w.ChangeSubscription("c1", JSON{"items": []any{JSON{"id": item, "price": price}}, "proration_behavior": "always_invoice"})
		}, 3, []int64{2000, 1500, 3000, 3000, 5000}},
		"upgrade and back": {"pro", nil, func(w *World) {
			w.Advance("15d")
			w.Attach("c1", "premium")
			w.Attach("c1", "pro", JSON{"plan_schedule": "immediate"})
		}, 3, []int64{2000, 1500, -1500, 0, 0, 2000}},
		"downgrade at once": {"premium", nil, func(w *World) { w.Advance("15d"); w.Attach("c1", "pro", JSON{"plan_schedule": "immediate"}) }, 3,
			[]int64{5000, -0, 0, 0, 2000}},
		"more packs": {"pro_prepaid", packs(100), func(w *World) { w.Advance("15d"); w.Attach("c1", "pro_prepaid", packs(300)) }, 3,
			[]int64{3000, 1000, 3000, 3000, 5000}},
		"more seats": {"pro_seats", nil, func(w *World) { w.Advance("15d"); w.Track("c1", "seats", 3) }, 3,
			[]int64{2000, 1200, 2400, 2400, 4400}},
		"an add-on": {"pro", nil, func(w *World) { w.Advance("15d"); w.Attach("c1", "addon_words") }, 1,
			[]int64{2000, 2000, 0}},
		"use billed with an upgrade": {"pro_words", nil, func(w *World) { w.Track("c1", "words", 400); w.Advance("15d"); w.Attach("c1", "premium") }, 3,
			[]int64{2000, 1500 + 1000, 3000, 3000, 5000}},
		"use billed at an end, and bought again": {"pro_words", nil, func(w *World) {
			w.Track("c1", "words", 400)
			w.Cancel("c1", "pro_words", Immediately())
			w.Attach("c1", "pro_words")
		}, 2, []int64{2000, 1000, 0, 0, 2000}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfARunningMonth(t, tt.product, tt.bought)
			tt.change(w)
			renewals(w, tt.renewals)
			w.Billed("c1", tt.want...)
			w.NothingWaits(w.StripeID("c1"))
		})
	}
}

// What a discount for one invoice does with a change, and what then waits for the renewal.
func TestADiscountForOneInvoiceAndAChange(t *testing.T) {
	for name, tt := range map[string]struct {
		kind     string
		value    float64
		from, to string
		want     []int64
		back     []any
	}{
		"an amount lowers both sides":             {"fixed", 4, "pro", "premium", []int64{2000, 1500, 4600, 5000}, []any{"put_back"}},
		"an amount above the old price":           {"fixed", 30, "pro", "premium", []int64{2000, 1000, 5000, 5000}, nil},
		"an amount above both prices":             {"fixed", 60, "pro", "premium", []int64{2000, 0, 5000, 5000}, nil},
		"a percentage lowers the difference":      {"percentage", 50, "pro", "premium", []int64{2000, 750, 5000, 5000}, nil},
		"all of it":                               {"percentage", 100, "pro", "premium", []int64{2000, 0, 5000, 5000}, nil},
		"a percentage lowers a credit":            {"percentage", 50, "premium", "pro", []int64{5000, -750, 1000, 2000}, []any{"put_back"}},
		"all of a credit":                         {"percentage", 100, "premium", "pro", []int64{5000, 0, 0, 2000}, []any{"put_back"}},
		"an amount and another interval":          {"fixed", 4, "pro", "pro_year", []int64{2000, 20000 - 400 - 800}, nil},
		"an amount and another interval, at once": {"fixed", 4, "pro", "pro_year", []int64{2000, 20000 - 400 - 1600}, []any{"put_back"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			off(w, "once", tt.kind, tt.value, "one_off", 0)
			w.Attach("c", tt.from)
			w.Post(coupon("c", "once"), JSON{})
			if name != "an amount and another interval, at once" {
				w.Advance("15d")
			}
			shown := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": tt.to, "plan_schedule": "immediate"})
			w.Want("the preview of today", ValueAt(shown, "due_today.total"), float64(tt.want[1])/100)
			if len(tt.want) > 2 {
				w.Want("and of the renewal", ValueAt(shown, "due_next_cycle.total"), float64(tt.want[2])/100)
			}
			w.Attach("c", tt.to, JSON{"plan_schedule": "immediate"})
			w.Want("put back", putBacks(w, "c"), tt.back)
			renewals(w, len(tt.want)-2)
			w.Billed("c", tt.want...)
		})
	}
}

// A running amount is taken off use, which is billed with the change, before what the new
// product costs once: line by line as the preview said.
func TestARunningAmountIsSplitAsThePreviewSays(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	w.Product("old", "main", Price(20), Overage("words", 0, 0.05, 1))
	w.Product("next", "main", Price(50), OneTimePrice(26.62))
	w.Post("/v1/rewards", JSON{"id": "off", "name": "off", "type": "fixed_discount", "promo_codes": []JSON{{"code": "OFF"}},
		"discount_config": JSON{"discount_value": 15.48, "duration_type": "forever", "apply_to_all": true}})
	w.CustomerWithCard("c")
	w.Attach("c", "old", JSON{"promo_code": "OFF"})
	w.Billed("c", 452)
	w.Track("c", "words", 21)
	w.Advance("15d")
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "next"})
	var said []int64
	for _, l := range ValueAt(preview, "due_today.line_items").([]any) {
		off, _ := ValueAt(l, "discount").(float64)
		said = append(said, int64(math.Round(100*(ValueAt(l, "amount").(float64)-off))))
	}
	slices.Sort(said)
	w.Want("the preview", said, []int64{-226, 47, 1172, 1726}) // 1.05 − 0.58, and 26.62 − 14.90
	w.Attach("c", "next")
	w.Billed("c", 452, 2719)
	var charged []int64
	for _, l := range ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[1].ID, ""), "lines.data").([]any) {
		net := ValueAt(l, "amount").(float64)
		for _, off := range ValueAt(l, "discount_amounts").([]any) {
			net -= ValueAt(off, "amount").(float64)
		}
		charged = append(charged, int64(net))
	}
	slices.Sort(charged)
	w.Want("the charge", charged, said)
}
