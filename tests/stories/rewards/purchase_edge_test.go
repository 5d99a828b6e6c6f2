package rewards

import (
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// itemOf is the id of a product's price of a feature; "" for its base price.
func itemOf(w *World, product, feature string) string {
	w.Helper()
	for _, item := range ValueAt(w.Get("/v1/products/"+product), "items").([]any) {
		if of, _ := ValueAt(item, "feature_id").(string); of == feature {
			return ValueAt(item, "price_id").(string)
		}
	}
	w.Fatalf("%s has no price of %q", product, feature)
	return ""
}

func offPrice(w *World, id, price string, percent float64, duration string) {
	w.Helper()
	createReward(w, id, "percentage_discount", JSON{"discount_config": JSON{"discount_value": percent, "duration_type": duration, "price_ids": []string{price}}})
}

func packs(messages int) JSON {
	return JSON{"options": []JSON{{"feature_id": "messages", "quantity": messages}}}
}

// A discount for one invoice waits for one that it lowers, and is not used up before.
func TestADiscountOfUseWaitsForUse(t *testing.T) {
	w := worldOfPurchases(t, "buys", "changes")
	offPrice(w, "words_half", itemOf(w, "pro_words", "words"), 50, "one_off")
	shown := previewed(w, "buys", "pro_words", JSON{"reward": "words_half"})
	w.Want("nothing off yet", ValueAt(shown, "due_today.discounts.0.amount"), 0.0)
	w.Attach("changes", "pro")
	w.Attach("changes", "pro_words", JSON{"reward": "words_half", "plan_schedule": "immediate"})
	for _, c := range []string{"buys", "changes"} {
		w.Track(c, "words", 400) // 200 beyond the allowance: 10.00
	}
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("buys", 2000, 2500, 2000)
	w.Billed("changes", 2000, 0, 2500, 2000)
	w.Refused(400, "promo_code_not_applicable", "/v1/attach", JSON{"customer_id": "paged", "product_id": "pro_words", "reward": "words_half"})
}

// A change that gives back more than it charges has nothing to lower: a discount for
// one invoice is refused, and one that lasts begins with the next.
func TestADiscountWithAChangeThatGivesBack(t *testing.T) {
	w := worldOfPurchases(t, "c", "d", "even")
	off(w, "once", "percentage", 20, "one_off", 0, code("ONCE", JSON{"max_redemptions": 1}))
	off(w, "four", "fixed", 4, "one_off", 0)
	off(w, "lasts", "percentage", 20, "forever", 0)
	w.Attach("c", "premium")
	w.Attach("d", "premium")
	w.Advance("15d")
	for _, ask := range []JSON{{"promo_code": "ONCE"}, {"reward": "once"}, {"reward": "four"}} {
		for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
			w.Refused(400, "promo_code_not_applicable", path, Merge(JSON{"customer_id": "c", "product_id": "pro", "plan_schedule": "immediate"}, ask))
		}
	}
	used(w, "once", "ONCE", 0)
	previewed(w, "d", "pro", JSON{"reward": "lasts", "plan_schedule": "immediate"})
	w.AdvancePastRenewal(T1)
	w.Billed("d", 5000, -1500, 1600)
	w.Attach("even", "pro", JSON{"promo_code": "ONCE"})
	used(w, "once", "ONCE", 1)
}

// A trial uses no discount for one invoice up, and a window of months begins with it.
func TestADiscountWithATrial(t *testing.T) {
	w := worldOfPurchases(t, "once", "months", "by page")
	off(w, "half", "percentage", 50, "one_off", 0)
	off(w, "month", "percentage", 50, "months", 1)
	shown := previewed(w, "once", "pro_trial", JSON{"reward": "half"})
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 10.0)
	previewed(w, "months", "premium_trial", JSON{"reward": "month"})
	w.Attach("by page", "pro_trial", JSON{"reward": "half", "force_checkout": true})
	w.Advance("15d")
	w.AdvancePastRenewal(T0.AddDate(0, 1, 14))
	w.Billed("once", 0, 1000, 2000)
	w.Billed("months", 0, 2500, 5000)
}

func TestAFullDiscountInEveryWay(t *testing.T) {
	w := worldOfPurchases(t, "card", "once", "invoice", "change")
	off(w, "all", "percentage", 100, "one_off", 0)
	all := JSON{"reward": "all"}
	w.Product("pack", "", JSON{"price": 10, "interval": nil}).AddOn()
	previewed(w, "card", "pro", all)
	previewed(w, "once", "pack", all)
	w.Attach("invoice", "pro", all, JSON{"invoice": true})
	w.Attach("change", "pro")
	previewed(w, "change", "premium", all)
	page := w.Attach("page", "pro", all)
	w.Pay(page["checkout_url"].(string))
	w.HasProducts("page", "pro active")
	w.AdvancePastRenewal(T1)
	w.Billed("card", 0, 2000)
	w.Billed("once", 0)
	w.Billed("invoice", 0, 2000)
	w.Billed("change", 2000, 0, 5000)
	w.Billed("page", 0, 2000)
}

// A reward for longer than one invoice lowers a change now, and what comes after it
// by Stripe's own discount.
func TestALastingRewardWithAChange(t *testing.T) {
	w := worldOfPurchases(t, "percent", "amount", "months", "packs")
	off(w, "fifth", "percentage", 20, "forever", 0)
	off(w, "four", "fixed", 4, "forever", 0)
	off(w, "month", "percentage", 50, "months", 1)
	for _, c := range []string{"percent", "amount", "months"} {
		w.Attach(c, "pro")
	}
	w.Attach("packs", "pro_prepaid", packs(100))
	w.Advance("15d")
	shown := previewed(w, "percent", "premium", JSON{"reward": "fifth"}) // -10 + 25 - 5
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 40.0)
	previewed(w, "amount", "premium", JSON{"reward": "four"})
	previewed(w, "months", "premium", JSON{"reward": "month"})
	previewed(w, "packs", "pro_prepaid", JSON{"reward": "fifth"}, packs(300)) // half a month: -5 + 15 - 3
	w.AdvanceTo(T0.Add(20 * 24 * time.Hour))
	previewed(w, "percent", "ultra") // a third of the period: 0.8 x (200 - 50) / 3
	previewed(w, "amount", "ultra")
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("percent", 2000, 1000, 4000, 16000, 16000)
	w.Billed("amount", 2000, 1100, 5133, 19600, 19600) // 21.00 was paid for half a period, and two thirds of it are left: 66.67 - 14.00, less a third of 4.00
	w.Billed("months", 2000, 250, 2500, 5000)
	w.Billed("packs", 3000, 700, 4000, 4000)
	w.NothingWaits(w.StripeID("amount"))
}

// What a discount took off a change is not given back by the next one.
func TestADiscountOfAChangeIsNotCredited(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "half", "percentage", 50, "one_off", 0)
	w.Attach("c", "pro")
	w.Advance("10d")
	previewed(w, "c", "premium", JSON{"reward": "half"}) // 2/3 x (50 - 20) - 2/3 x 25
	w.Advance("10d")
	previewed(w, "c", "ultra") // 1/3 x (200 - 50) + 1/3 x 25
	w.Cancel("c", "ultra", JSON{"cancel_immediately": true, "prorate": true})
	w.Billed("c", 2000, 333, 5834, -6667) // all of the last one was paid, by card or by what was paid before
}

// A reward on top of one that is used up: each lowers what it came with, and an end
// gives back what was paid, and never more than Stripe credits under a discount that
// runs now.
func TestARewardAfterOneThatIsUsedUp(t *testing.T) {
	for reward, want := range map[string][]int64{"f16": {2000, 2400, -4400}, "F20": {2000, 3000, -5000}, "": {2000, 4000, -6000}} {
		t.Run("then "+reward, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			off(w, "o50", "percentage", 50, "one_off", 0)
			off(w, "F20", "percentage", 20, "forever", 0)
			off(w, "f16", "fixed", 16, "one_off", 0)
			w.Attach("c", "pro_prepaid", packs(200), JSON{"reward": "o50"})
			previewed(w, "c", "pro_prepaid", packs(500), JSON{"reward": reward})
			w.Cancel("c", "pro_prepaid", JSON{"cancel_immediately": true, "prorate": true})
			w.Billed("c", want...)
		})
	}
}

// An amount that comes with a change late in a period is taken off once: no end gives
// back more than was paid for the time left.
func TestAnAmountWithALateChangeIsNotGivenBack(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Product("small", "main", Price(1))
	w.Product("large", "main", Price(500))
	off(w, "a16f", "fixed", 16, "forever", 0)
	w.Attach("c", "small")
	w.Advance("29d")
	previewed(w, "c", "large", JSON{"reward": "a16f"}) // a thirtieth: 16.64 - 16.00 is left of it
	before := w.Invoices("c")
	w.Cancel("c", "large", JSON{"cancel_immediately": true, "prorate": true})
	after := w.Invoices("c")
	if paid, back := before[len(before)-1].Total, -after[len(after)-1].Total; len(after) != len(before)+1 || back < 0 || back > paid+4 {
		t.Errorf("%d was paid and %d came back", paid, back)
	}
}

// Invoice mode: the discount is on the invoice that stays open, and on a draft.
func TestARewardByInvoice(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "half", "percentage", 50, "one_off", 0, code("HALF"))
	open := w.Attach("open", "pro", JSON{"promo_code": "HALF", "invoice": true})
	w.Want("open", ValueAt(open, "invoice.total"), 10.0)
	draft := w.Attach("draft", "g1_pro", JSON{"promo_code": "HALF", "invoice": true, "finalize_invoice": false})
	w.Want("draft", ValueAt(draft, "invoice.total"), 15.0)
	used(w, "half", "HALF", 2)
}

// A customer's own discount lowers what is bought new, and the preview knows it.
func TestRWD39ADiscountRuns(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "tenth", "percentage", 10, "one_off", 0, code("TENTH"))
	w.CallStripe("POST", "/v1/coupons", "id=FIFTH&percent_off=20&duration=forever")
	w.Attach("c", "g1_starter")
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=FIFTH")
	for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
		w.Refused(400, "promo_code_not_combinable", path, buys("c", "pro", "TENTH"))
		w.Refused(400, "promo_code_not_combinable", path, buys("c", "g1_pro", "TENTH"))
	}
	shown := previewed(w, "c", "pro")
	w.Want("next", ValueAt(shown, "due_next_cycle.total"), 16.0)
	w.Product("pack", "", JSON{"price": 10, "interval": nil}).AddOn()
	previewed(w, "c", "pack")
	page := w.Attach("c", "g2_pro", JSON{"force_checkout": true})
	session := page["checkout_url"].(string)
	session = session[strings.LastIndex(session, "/")+1:]
	w.Want("no box for codes", w.CallStripe("GET", "/v1/checkout/sessions/"+session, "")["allow_promotion_codes"], nil)
	w.Pay(page["checkout_url"].(string))
	w.AdvancePastRenewal(T1)
	w.Billed("c", 1000, 1600, 800, 3200, 800, 1600, 3200)
	used(w, "tenth", "TENTH", 0)
}
