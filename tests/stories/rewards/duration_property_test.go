package rewards

import (
	"fmt"
	"math/rand/v2"
	"testing"

	. "windfall/tests/world"
)

// A discount of n months lowers n invoices of a monthly plan at the most, and one for one
// invoice lowers exactly one, whatever is bought and changed meanwhile.
func TestI15DiscountsLastAsLongAsTheyMay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			r := rand.New(rand.NewPCG(seed, 15))
			pick := func(ids ...string) string { return ids[r.IntN(len(ids))] }
			duration, months := pick("one_off", "months", "months"), 1+r.IntN(3)
			if duration == "one_off" {
				months = 0
			}
			off(w, "less", pick("percentage", "fixed"), float64(1+r.IntN(15)), duration, months)
			way := pick("by id", "on a page", "as a coupon", "with a change")
			ask := JSON{"customer_id": "c", "product_id": pick("pro", "premium", "pro_words"), "reward": "less", "force_checkout": way == "on a page"}
			if way == "as a coupon" || way == "with a change" {
				w.Attach("c", "pro")
				delete(ask, "force_checkout")
				ask["product_id"] = "premium"
			}
			switch way {
			case "as a coupon":
				give(w, "c", "less")
			default:
				if page, _ := w.Post("/v1/attach", ask)["checkout_url"].(string); page != "" {
					w.Pay(page)
				}
			}
			for month := range 5 {
				if r.IntN(3) == 0 {
					w.AdvanceTo(T0.AddDate(0, month, 10+r.IntN(10)))
					w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": pick("pro", "premium", "topup"), "options": []JSON{{"feature_id": "messages", "quantity": 250}}})
				}
				w.AdvancePastRenewal(T0.AddDate(0, month+1, 0))
			}
			lowered, renewals := 0, 0
			for _, in := range w.Invoices("c") {
				at := w.CallStripe("GET", "/v1/invoices/"+in.ID, "")
				less := false
				for _, d := range at["total_discount_amounts"].([]any) {
					less = less || ValueAt(d, "amount").(float64) > 0
				}
				for _, l := range ValueAt(at, "lines.data").([]any) {
					if ValueAt(l, "metadata.reward_id") != nil {
						less = true
					}
				}
				if less {
					lowered++
					if at["billing_reason"] != "subscription_update" && at["billing_reason"] != "manual" {
						renewals++
					}
				}
			}
			if duration == "one_off" && (lowered > 1 || lowered == 0 && way != "as a coupon") || duration == "months" && renewals > months {
				t.Errorf("%s for %d, %s: %d invoices are lowered, %d of them for a period", duration, months, way, lowered, renewals)
			}
		})
	}
}
