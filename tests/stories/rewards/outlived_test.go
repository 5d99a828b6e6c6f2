package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// worldOfTrials sells products of 20.00 with trials of some days, and has codes of 20 % for
// one month, for two, for one invoice and for good.
func worldOfTrials(t *testing.T, customers ...string) *World {
	w := worldOfPurchases(t, customers...)
	for _, days := range []int{29, 30, 45} {
		w.Product(fmt.Sprintf("t%d", days), "main", Price(20)).Trial(days)
	}
	w.Product("fee30", "main", Price(20), JSON{"price": 10, "interval": nil}).Trial(30)
	off(w, "month", "percentage", 20, "months", 1, code("MONTH"))
	off(w, "amount", "fixed", 4, "months", 1, code("AMOUNT"))
	off(w, "months", "percentage", 20, "months", 2, code("MONTHS"))
	off(w, "once", "percentage", 20, "one_off", 0, code("ONCE"))
	off(w, "ever", "percentage", 20, "forever", 0, code("EVER"))
	return w
}

// Months of a discount begin with the trial. Where they end with it or before, nothing would
// be lowered: the code is refused, in every way, and not counted.
func TestRWD45MonthsWithinTheTrialAreRefused(t *testing.T) {
	w := worldOfTrials(t, "c")
	w.Post("/v1/customers", JSON{"id": "d"})
	for _, product := range []string{"t30", "t45"} {
		for _, text := range []string{"MONTH", "AMOUNT"} {
			for _, customer := range []string{"c", "d"} {
				for _, more := range []JSON{{}, {"force_checkout": true}, {"invoice": true}} {
					for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
						if more["invoice"] == nil || path != "/v1/checkout" {
							w.Refused(400, "promo_code_not_applicable", path, Merge(JSON{"customer_id": customer, "product_id": product, "promo_code": text}, more))
						}
					}
				}
				for _, path := range []string{"/v1/billing.attach", "/v1/billing.preview_attach"} {
					w.Refused(400, "promo_code_not_applicable", path, JSON{"customer_id": customer, "plan_id": product, "discounts": []JSON{{"promotion_code": text}}})
				}
				said := w.Post("/v1/rewards/explain", JSON{"customer_id": customer, "product_id": product, "code": text})
				w.Want("explained", []any{said["allowed"], ValueAt(said, "refusal.code")}, []any{false, "promo_code_not_applicable"})
			}
		}
	}
	w.Want("the sentence", w.Refused(400, "promo_code_not_applicable", "/v1/attach", JSON{"customer_id": "c", "product_id": "t45", "promo_code": "MONTH"}),
		"The discount begins now and ends on 2027-05-01, and nothing that it lowers is charged before 2027-05-16.")
	createReward(w, "other", "percentage_discount", code("OTHER"), JSON{"discount_config": JSON{"discount_value": 20, "duration_type": "months", "duration_value": 1, "product_ids": []string{"pro"}}})
	w.Want("of another product", w.Refused(400, "promo_code_not_applicable", "/v1/attach", JSON{"customer_id": "c", "product_id": "t45", "promo_code": "OTHER"}),
		"The reward lowers none of the prices of this purchase.")
	for _, reward := range []string{"month", "amount"} {
		w.Want("uses of "+reward, w.Get("/v1/rewards/" + reward)["times_redeemed"], 0.0)
	}
	w.Billed("c")
}

// What lowers something is taken: months beyond the trial, one invoice, all of them, what is
// paid once during the trial, and a customer who has no trial any more.
func TestRWD45WhatLowersSomethingIsTaken(t *testing.T) {
	w := worldOfTrials(t)
	for n, c := range []struct {
		product, code string
		want          []int64
	}{
		{"t29", "MONTH", []int64{0, 1600, 2000}},
		{"t45", "MONTHS", []int64{0, 1600}},
		{"t45", "ONCE", []int64{0, 1600}},
		{"t30", "EVER", []int64{0, 1600, 1600}},
		{"fee30", "MONTH", []int64{800, 2000, 2000}},
	} {
		who := fmt.Sprint("c", n)
		w.CustomerWithCard(who)
		previewed(w, who, c.product, JSON{"promo_code": c.code})
		defer func() { w.Billed(who, c.want...) }()
	}
	w.CustomerWithCard("again", "t45")
	w.Cancel("again", "t45", Immediately())
	previewed(w, "again", "t45", JSON{"promo_code": "MONTH"})
	for i := range 2 {
		w.AdvancePastRenewal(T0.AddDate(0, i+1, 0))
	}
	w.Billed("again", 0, 1600, 2000, 2000)
}

// A change may leave nothing to charge until the months are over, too: a downgrade of a year
// at once gives back more than it charges, and the next invoice is a year away.
func TestRWD45AChangeThatGivesBack(t *testing.T) {
	w := worldOfTrials(t)
	w.Product("year_200", "main", JSON{"price": 200, "interval": "year"})
	w.Product("year_100", "main", JSON{"price": 100, "interval": "year"})
	w.Product("year_use", "main", JSON{"price": 100, "interval": "year"}, Overage("words", 10, 0.5, 1))
	w.CustomerWithCard("c", "year_200")
	w.Advance("24h")
	down := func(product, text string) JSON {
		return JSON{"customer_id": "c", "product_id": product, "plan_schedule": "immediate", "promo_code": text}
	}
	for _, path := range []string{"/v1/attach", "/v1/attach/preview"} {
		w.Refused(400, "promo_code_not_applicable", path, down("year_100", "MONTH"))
	}
	w.Post("/v1/attach/preview", down("year_100", "EVER"))
	w.Post("/v1/attach/preview", down("year_use", "MONTH")) // what is used may be billed within the month
}
