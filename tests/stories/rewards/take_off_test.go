package rewards

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// shownDiscounts lists the discounts of a customer: those that run, and "then …" for those that wait.
func shownDiscounts(w *World, customer string) (out []string) {
	w.Helper()
	list, _ := ValueAt(w.Customer(customer, "rewards"), "rewards.discounts").([]any)
	for _, d := range list {
		id := ValueAt(d, "id").(string)
		if ValueAt(d, "queued") == true {
			id = "then " + id
		}
		out = append(out, id)
	}
	return out
}

// nextTotal is what the next period of a product comes to, as a preview says.
func nextTotal(w *World, customer, product string) any {
	w.Helper()
	return ValueAt(w.Post("/v1/billing.preview_update", JSON{"customer_id": customer, "plan_id": product}), "next_cycle.total")
}

// A discount that came with a code runs on a subscription. It is taken off by its reward,
// once, and the one that waits has its turn.
func TestRWD44ADiscountByACodeIsTakenOff(t *testing.T) {
	t.Parallel()
	for way, bought := range map[string]JSON{
		"a code": {"promo_code": "FIVE"}, "the reward": {"reward": "five"}, "its internal id": {"reward": "internal"}, "a page": {"promo_code": "FIVE", "force_checkout": true},
	} {
		t.Run(way, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			off(w, "five", "fixed", 5, "months", 6, code("FIVE"))
			off(w, "fifth", "percentage", 20, "months", 3)
			named := "five"
			if bought["reward"] == "internal" {
				named = w.Get("/v1/rewards/five")["internal_id"].(string)
				bought = JSON{"reward": named}
			}
			if done := w.Attach("c", "pro", bought); done["checkout_url"] != nil {
				w.Pay(done["checkout_url"].(string))
			}
			w.Post(coupon("c", "fifth"), JSON{})
			w.Want("before", shownDiscounts(w, "c"), []string{"five", "then fifth"})
			w.Want("the next period", nextTotal(w, "c", "pro"), 15)
			w.Want("none runs on all invoices", w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/coupons", nil).Body["code"], "reward_not_found")
			again := func() Answer { return w.Do(w.Stack.Key, "DELETE", coupon("c", named), nil, IdempotencyKey("off")) }
			w.Want("taken off", again().Body, JSON{"success": true})
			w.Want("the same request", again().Body, JSON{"success": true})
			w.Want("another one", w.Do(w.Stack.Key, "DELETE", coupon("c", named), nil).Body["code"], "reward_not_found")
			w.Want("after", shownDiscounts(w, "c"), []string{"fifth"})
			w.Want("the next period", nextTotal(w, "c", "pro"), 16)
			w.AdvancePastRenewal(T1)
			w.AdvancePastRenewal(T2)
			w.Billed("c", 1500, 1600, 1600)
			w.Want("the use stays counted", w.Get("/v1/rewards/five")["times_redeemed"], 1.0)
		})
	}
}

// Only the discount of that reward goes: that of another subscription stays, and so does the
// customer's.
func TestRWD44OtherDiscountsStay(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "five", "fixed", 5, "forever", 0)
	off(w, "fifth", "percentage", 20, "forever", 0)
	off(w, "tenth", "percentage", 10, "forever", 0)
	w.Product("side", "side", Price(10))
	w.Attach("c", "pro", JSON{"reward": "five"})
	w.Attach("c", "side", JSON{"reward": "fifth"})
	w.Want("both run", shownDiscounts(w, "c"), []string{"fifth", "five"})
	w.Call("DELETE", coupon("c", "five"), nil)
	w.Want("one runs", shownDiscounts(w, "c"), []string{"fifth"})
	w.AdvancePastRenewal(T1)
	w.Want("renewed", sums(w, "c", 2), map[int64]int{2000: 1, 800: 1})
}

// sums counts the newest invoices of a customer by their totals.
func sums(w *World, customer string, n int) map[int64]int {
	all, out := w.Invoices(customer), map[int64]int{}
	for _, in := range all[len(all)-n:] {
		out[in.Total]++
	}
	return out
}

// One reward may run on the customer and on subscriptions: all of that goes at once. What
// waits of it has its turn.
func TestRWD44OneRewardInSeveralPlaces(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "five", "fixed", 5, "forever", 0)
	w.Product("side", "side", Price(10))
	w.Attach("c", "pro", JSON{"reward": "five"})
	w.Attach("c", "side", JSON{"reward": "five"})
	same := ValueAt(w.CallStripe("GET", "/v1/subscriptions?customer="+w.StripeID("c"), ""), "data.0.discount.coupon.id").(string)
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon="+same)
	w.Want("all run", shownDiscounts(w, "c"), []string{"five", "five", "five"})
	w.Call("DELETE", coupon("c", "five"), nil)
	w.Want("none runs", shownDiscounts(w, "c"), []string(nil))
	w.AdvancePastRenewal(T1)
	w.Want("renewed", sums(w, "c", 2), map[int64]int{2000: 1, 1000: 1})
}

// A change for later repeats the discount of its subscription. Once that is taken off, the
// change does not bring it back.
func TestRWD44AChangeForLaterLeavesItOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		products []string
		later    func(w *World)
		want     []int64
	}{
		"a downgrade":    {[]string{"premium"}, func(w *World) { w.Attach("c", "pro") }, []int64{4000, 2000, 2000}},
		"an add-on ends": {[]string{"premium", "addon_words"}, func(w *World) { w.Cancel("c", "addon_words") }, []int64{5600, 5000, 5000}},
		"the end of all": {[]string{"premium"}, func(w *World) { w.Cancel("c", "premium") }, []int64{4000}},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			off(w, "fifth", "percentage", 20, "forever", 0)
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": c.products, "reward": "fifth"})
			c.later(w)
			products := w.Customer("c")["products"]
			w.Advance("24h")
			w.Call("DELETE", coupon("c", "fifth"), nil)
			w.Want("none runs", shownDiscounts(w, "c"), []string(nil))
			w.Want("the products", w.Customer("c")["products"], products)
			w.AdvancePastRenewal(T1)
			w.Want("none came back", shownDiscounts(w, "c"), []string(nil))
			w.AdvancePastRenewal(T2)
			w.Billed("c", c.want...)
		})
	}
}

// What was lowered stays lowered: the draft of a renewal, too, and a discount for one invoice
// that was taken off meanwhile is not put back.
func TestRWD44WithinTheHourOfARenewal(t *testing.T) {
	t.Parallel()
	for name, place := range map[string]string{"on the subscription": "reward", "on the customer": ""} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			w.Product("metered", "meter", Overage("messages", 0, 1, 10))
			off(w, "once", "percentage", 50, "one_off", 0)
			if place != "" {
				w.Attach("c", "metered", JSON{place: "once"})
			} else {
				w.Attach("c", "metered")
				w.Post(coupon("c", "once"), JSON{})
			}
			w.AdvanceTo(T1.Add(30 * time.Minute))
			w.Call("DELETE", coupon("c", "once"), nil)
			w.Advance("2h")
			w.Want("the draft is issued", w.Invoices("c")[1].Status, "paid")
			w.Want("it stays off", shownDiscounts(w, "c"), []string(nil))
		})
	}
}

// Free periods of a product are a gift and no discount: they stay.
func TestRWD44FreePeriodsStay(t *testing.T) {
	for _, known := range []bool{true, false} {
		t.Run(fmt.Sprintf("the reward is there %t", known), func(t *testing.T) {
			w := worldOfFreeMonths(t, "c1", "r1")
			w.PutGoodCard("c1")
			redeem(w, freeMonths(w, "pro", 2), "r1")
			want := shownDiscounts(w, "c1")
			if !known {
				w.Call("DELETE", "/v1/reward_programs/P_months", nil)
				w.Call("DELETE", "/v1/rewards/months", nil)
			}
			w.Want("refused", w.Do(w.Stack.Key, "DELETE", coupon("c1", "months"), nil).Body["code"], "invalid_reward")
			w.Want("it runs", shownDiscounts(w, "c1"), want)
			w.AdvancePastRenewal(T1)
			w.AdvancePastRenewal(T2)
			w.Billed("c1", 0, 0, 2000)
		})
	}
}

// A coupon that staff put on a subscription is named by its own id.
func TestRWD44ACouponOfStaffIsTakenOff(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Attach("c", "pro")
	w.CallStripe("POST", "/v1/coupons", "id=OTHER&percent_off=10&duration=forever")
	w.CallStripe("POST", "/v1/subscriptions/"+ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string), "coupon=OTHER")
	w.Want("it runs", shownDiscounts(w, "c"), []string{"OTHER"})
	w.Call("DELETE", coupon("c", "OTHER"), nil)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)
}
