package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// putBacks are what the history of a customer says of rewards that were put back.
func putBacks(w *World, customer string) (rules []any) {
	w.Helper()
	for _, entry := range w.Get("/v1/customers/" + customer + "/audit?limit=100")["list"].([]any) {
		if ValueAt(entry, "action") == "put_back_reward" {
			rules = append(rules, ValueAt(entry, "rule"))
		}
	}
	return rules
}

// A discount for one invoice waits for an invoice that it lowers, however many come
// before without one.
func TestADiscountUsedUpForNothingIsPutBack(t *testing.T) {
	w := worldOfPurchases(t, "card", "coupon")
	w.Product("metered", "meter", Overage("words", 0, 0.05, 1))
	offPrice(w, "words_half", itemOf(w, "pro_words", "words"), 50, "one_off")
	off(w, "all_half", "percentage", 50, "one_off", 0)
	w.Attach("card", "pro_words", JSON{"reward": "words_half"})
	w.Attach("coupon", "metered")
	w.Post(coupon("coupon", "all_half"), JSON{})
	for _, at := range []int{1, 2} {
		w.AdvancePastRenewal(T0.AddDate(0, at, 0))
	}
	w.Want("put back, by card", putBacks(w, "card"), []any{"put_back", "put_back"})
	w.Want("put back, on the customer", putBacks(w, "coupon"), []any{"put_back", "put_back"})
	w.Track("card", "words", 400) // 200 beyond the allowance
	w.Track("coupon", "words", 200)
	w.AdvancePastRenewal(T0.AddDate(0, 3, 0))
	w.AdvancePastRenewal(T0.AddDate(0, 4, 0))
	w.Billed("card", 2000, 2000, 2000, 2500, 2000)
	w.Billed("coupon", 0, 0, 0, 500, 0)
}

// Another discount takes the place of one that was used up for nothing: it comes
// again after that one.
func TestADiscountIsPutBackBehindTheNext(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Product("metered", "meter", Overage("words", 0, 0.05, 1))
	off(w, "half", "percentage", 50, "one_off", 0)
	off(w, "tenth", "percentage", 10, "one_off", 0)
	w.Attach("c", "metered")
	w.Post(coupon("c", "half"), JSON{})
	w.Post(coupon("c", "tenth"), JSON{})
	w.AdvancePastRenewal(T1)
	w.Want("in turn", putBacks(w, "c"), []any{"put_back_in_turn"})
	shown := ValueAt(w.Customer("c", "rewards"), "rewards.discounts")
	w.Want("runs and waits", []any{ValueAt(shown, "0.id"), ValueAt(shown, "1.id"), ValueAt(shown, "1.queued")}, []any{"tenth", "half", true})
	for _, at := range []int{2, 3, 4} {
		w.Track("c", "words", 200)
		w.AdvancePastRenewal(T0.AddDate(0, at, 0))
	}
	w.Billed("c", 0, 0, 900, 500, 1000)
}

// Stripe lowers prorations by their prices, so the invoice of a change shows no
// discount; it is used all the same.
func TestADiscountOfAChangeIsUsed(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "half", "percentage", 50, "one_off", 0)
	w.Attach("c", "pro")
	w.Post(coupon("c", "half"), JSON{})
	w.Advance("15d")
	previewed(w, "c", "premium")
	w.Want("put back", putBacks(w, "c"), nil)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 750, 5000)
}

// The first invoice of a trial leaves the discount, a subscription that has ended
// has no place for it, and an event that comes twice puts it back once.
func TestWhatIsNotPutBack(t *testing.T) {
	w := worldOfPurchases(t, "trial", "ends", "twice")
	w.Product("metered", "meter", Overage("words", 0, 0.05, 1))
	offPrice(w, "words_half", itemOf(w, "pro_words", "words"), 50, "one_off")
	off(w, "half", "percentage", 50, "one_off", 0)
	w.Attach("trial", "pro_trial", JSON{"reward": "half"})
	w.Want("a trial", putBacks(w, "trial"), nil)
	w.Attach("ends", "pro_words", JSON{"reward": "words_half"})
	w.Attach("twice", "pro_words", JSON{"reward": "words_half"})
	w.Post("/_local/delivery", JSON{"mode": "duplicate"})
	w.AdvancePastRenewal(T1)
	w.Want("twice", putBacks(w, "twice"), []any{"put_back"})
	w.Cancel("ends", "pro_words", Immediately())
	w.AdvancePastRenewal(T2)
	w.Billed("trial", 0, 1000, 2000)
	w.Billed("twice", 2000, 2000, 2000)
}

// A discount that is used up for nothing comes again with the terms that it had, once,
// whatever became of its reward, and of whatever waits behind it.
func TestADiscountComesAgainAsItWas(t *testing.T) {
	terms := func(percent float64, duration string) JSON {
		return JSON{"discount_config": JSON{"discount_value": percent, "duration_type": duration, "apply_to_all": true}}
	}
	for name, tt := range map[string]struct {
		next string // the reward that waits behind it
		edit func(w *World)
		want []int64
	}{
		"the same reward twice":        {"half", func(*World) {}, []int64{0, 0, 500, 500, 1000}},
		"another one":                  {"tenth", func(*World) {}, []int64{0, 0, 900, 500, 1000}},
		"its reward is edited":         {"tenth", func(w *World) { w.Post("/v1/rewards/half", terms(10, "forever")) }, []int64{0, 0, 900, 500, 1000}},
		"its reward is deleted":        {"tenth", func(w *World) { w.Call("DELETE", "/v1/rewards/half", nil) }, []int64{0, 0, 900, 500, 1000}},
		"another has its reward's id":  {"tenth", func(w *World) { w.Call("DELETE", "/v1/rewards/half", nil); off(w, "half", "fixed", 1, "forever", 0) }, []int64{0, 0, 900, 500, 1000}},
		"its coupon is gone at Stripe": {"tenth", func(w *World) { w.CallStripe("DELETE", "/v1/coupons/"+couponOf(w, "c"), "") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			w.Product("metered", "meter", Overage("words", 0, 0.05, 1))
			off(w, "half", "percentage", 50, "one_off", 0)
			off(w, "tenth", "percentage", 10, "one_off", 0)
			w.Attach("c", "metered")
			w.Post(coupon("c", "half"), JSON{})
			w.Post(coupon("c", tt.next), JSON{})
			tt.edit(w)
			w.AdvancePastRenewal(T1)
			for _, at := range []int{2, 3, 4} {
				w.Track("c", "words", 200)
				w.AdvancePastRenewal(T0.AddDate(0, at, 0))
			}
			if tt.want == nil {
				w.Want("the history says so", putBacks(w, "c"), []any{"not_put_back"})
				return
			}
			w.Billed("c", tt.want...)
		})
	}
}

// couponOf is the coupon of the discount that runs on a customer at Stripe.
func couponOf(w *World, customer string) string {
	w.Helper()
	return ValueAt(w.CallStripe("GET", "/v1/customers/"+w.StripeID(customer), ""), "discount.coupon.id").(string)
}

// One discount of a customer, and two subscriptions that renew at once: it lowers one
// invoice, and none after.
func TestADiscountOfTwoSubscriptionsIsUsedOnce(t *testing.T) {
	for _, first := range []string{"metered", "pro"} {
		t.Run(first+" first", func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			w.Product("metered", "meter", Overage("words", 0, 0.05, 1))
			off(w, "half", "percentage", 50, "one_off", 0)
			w.Attach("c", first)
			w.Attach("c", map[string]string{"metered": "pro", "pro": "metered"}[first])
			w.Post(coupon("c", "half"), JSON{})
			w.AdvancePastRenewal(T1)
			w.AdvancePastRenewal(T2)
			var sum int64
			for _, in := range w.Invoices("c") {
				sum += in.Total
			}
			w.Want("20.00 and 20.00 and 20.00, less 10.00", sum, int64(6000-1000))
		})
	}
}

// A change whose prices a discount does not cover leaves it for its own.
func TestAChangeLeavesADiscountOfUse(t *testing.T) {
	w := worldOfPurchases(t, "c")
	offPrice(w, "words_half", itemOf(w, "premium_words", "words"), 50, "one_off")
	w.Attach("c", "pro")
	w.Post(coupon("c", "words_half"), JSON{})
	w.Advance("15d")
	w.Attach("c", "premium_words") // -10.00 + 25.00
	w.Want("put back", putBacks(w, "c"), []any{"put_back"})
	w.Track("c", "words", 1200) // 10.00 beyond the allowance
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1500, 5000+500)
}
