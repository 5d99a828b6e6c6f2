package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// A discount for a product covers the versions that there are when it is given: one that runs
// lowers no price that an edit makes, and one that is given afterwards does.
func TestADiscountCoversTheVersionsOfItsTime(t *testing.T) {
	w := worldOfPurchases(t, "before", "after", "uses")
	createReward(w, "half", "percentage_discount", code("HALF"), JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "forever", "product_ids": []string{"pro"}}})
	w.Post(coupon("before", "half"), JSON{})
	w.Attach("uses", "pro") // so that an edit makes a version
	w.Want("a version", w.Post("/v1/products/pro", JSON{"items": []JSON{Price(60), Messages(500)}})["version"], 2.0)
	w.Want("shown", ValueAt(w.Post("/v1/attach/preview", JSON{"customer_id": "before", "product_id": "pro"}), "due_today.total"), 60.0)
	w.Attach("before", "pro")
	previewed(w, "after", "pro", JSON{"promo_code": "HALF"})
	w.AdvancePastRenewal(T1)
	w.Billed("before", 6000, 6000)
	w.Billed("after", 3000, 3000)
	w.Refused(400, "promo_code_not_applicable", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "promo_code": "HALF", "is_custom": true, "items": []JSON{Price(30), Messages(500)}})
}

// A discount by a code lowers the invoices of its subscription alone; a coupon lowers those
// beside it, too: seats that are charged at once, and the last use after an end.
func TestACodeLowersNoInvoiceBesideItsSubscription(t *testing.T) {
	t.Parallel()
	for way, want := range map[string][]int64{"code": {1000, 1200, 1000}, "coupon": {1000, 600, 500}} {
		t.Run(way, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			w.Product("team", "main", Price(20), Seats("seats", 1, 12, "prorate_immediately", "none"), Overage("words", 0, 1, 1))
			off(w, "half", "percentage", 50, "forever", 0, code("HALF"))
			if way == "code" {
				w.Attach("c", "team", JSON{"promo_code": "HALF"})
			} else {
				w.Post(coupon("c", "half"), JSON{})
				w.Attach("c", "team")
			}
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			w.Track("c", "seats", 3)
			w.WaitIdle()
			w.Track("c", "words", 10)
			w.WaitIdle()
			w.Cancel("c", "team", Immediately())
			w.Advance("3h")
			w.Billed("c", want...)
		})
	}
}
