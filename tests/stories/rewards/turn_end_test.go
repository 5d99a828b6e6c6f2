package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// A discount by a code ends with its subscription, in whichever way that ends. What waits
// behind it has its turn then, and lowers the next purchase.
func TestRWD46WhatWaitsHasItsTurnAtTheEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		product string
		end     func(w *World)
		want    []int64
	}{
		"cancelled at once": {"pro", func(w *World) { w.Cancel("c", "pro", Immediately()) }, []int64{1800, 2500, 5000}},
		"with its period":   {"pro", func(w *World) { w.Cancel("c", "pro"); w.AdvanceTo(T1) }, []int64{1800, 2500, 5000}},
		"cancelled by staff": {"pro", func(w *World) {
			w.CallStripe("DELETE", "/v1/subscriptions/"+ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string), "")
		}, []int64{1800, 2500, 5000}},
		"a plan that is free": {"pro", func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) }, []int64{1800, -1200, 2500, 5000}},
		"unpaid at last": {"pro", func(w *World) {
			w.PutFailingCard("c")
			w.AdvancePastRenewal(T1)
			w.AdvanceTo(T1.AddDate(0, 0, 25))
			w.PutGoodCard("c")
		}, []int64{1800, 1800, 2500, 5000}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			off(w, "ever", "percentage", 10, "forever", 0, code("EVER"))
			off(w, "half", "percentage", 50, "one_off", 0)
			w.Attach("c", c.product, JSON{"promo_code": "ever"})
			w.Post(coupon("c", "half"), JSON{})
			w.Advance("240h")
			w.Want("it waits", shownDiscounts(w, "c"), []string{"ever", "then half"})
			c.end(w)
			w.Advance("2m")
			w.Want("it runs", shownDiscounts(w, "c"), []string{"half"})
			w.Want("is shown", ValueAt(w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"}), "due_today.total"), 25.0)
			w.Attach("c", "premium")
			w.Advance("768h")
			w.Billed("c", c.want...)
		})
	}
}

// While another discount runs it waits on.
func TestRWD46AnotherDiscountRunsOn(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Product("side", "side", Price(10))
	off(w, "ever", "percentage", 10, "forever", 0, code("EVER"))
	off(w, "half", "percentage", 50, "one_off", 0)
	w.Attach("c", "pro", JSON{"promo_code": "ever"})
	w.Attach("c", "side", JSON{"promo_code": "ever"})
	w.Post(coupon("c", "half"), JSON{})
	w.Cancel("c", "pro", Immediately())
	w.Advance("2m")
	w.Want("it waits", shownDiscounts(w, "c"), []string{"ever", "then half"})
	w.Cancel("c", "side", Immediately())
	w.Want("it runs", shownDiscounts(w, "c"), []string{"half"})
}
