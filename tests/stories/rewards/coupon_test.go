package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

func coupon(customer, reward string) string {
	return "/v1/customers/" + customer + "/coupons/" + reward
}

// A discount that the application gives runs at once, and lowers the next invoices.
func TestACouponIsADiscountOnTheCustomer(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "forever", 0)
	w.Attach("c", "pro")
	given := w.Post(coupon("c", "fifth"), JSON{})
	w.Want("the answer", []any{given["reward_id"], given["customer_id"], given["code"], given["applied"], given["queued"], given["product"]},
		[]any{"fifth", "c", nil, true, false, nil})
	w.Want("its terms", ValueAt(given, "discount.discount_value"), 20.0)
	w.Want("running", ValueAt(w.Get("/v1/customers/c?expand=rewards"), "rewards.discounts.0.id"), "fifth")
	w.Want("used", w.Get("/v1/rewards/fifth")["times_redeemed"], 1.0)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1600)
}

// Discounts are never added up: the second waits for the end of the first, and a
// customer without a side at Stripe gets one.
func TestASecondCouponWaits(t *testing.T) {
	w := worldOfPurchases(t)
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@example.com"})
	off(w, "five", "fixed", 5, "one_off", 0)
	off(w, "tenth", "percentage", 10, "one_off", 0)
	w.Want("first", w.Post(coupon("c", "five"), nil)["applied"], true)
	second := w.Post(coupon("c", "tenth"), nil)
	w.Want("second", []any{second["applied"], second["queued"]}, []any{false, true})
	shown := ValueAt(w.Customer("c", "rewards"), "rewards.discounts")
	w.Want("both are shown", []any{ValueAt(shown, "0.id"), ValueAt(shown, "0.queued"), ValueAt(shown, "1.id"), ValueAt(shown, "1.queued"), ValueAt(shown, "1.start")},
		[]any{"five", false, "tenth", true, nil})
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 1500, 1800, 2000)
	w.Want("applied", w.Get("/v1/redemptions/" + second["id"].(string))["redeemer_applied"], true)
}

func TestACouponIsAFreeProduct(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST", "max_redemptions": 2})
	reward := w.Get("/v1/rewards/boost")
	for n, by := range []JSON{{}, {"promo_code": "boost"}} {
		given := w.Post(coupon("c", reward["internal_id"].(string)), by)
		w.Want("the answer", []any{given["reward_id"], given["applied"], given["queued"], given["discount"]}, []any{"boost", true, false, nil})
		w.Want("the product", ValueAt(given, "product.product_id"), reward["free_product_id"])
		w.Want("the allowance adds up", ValueAt(given, "product.entitlements_granted.0.balance"), float64(150+100*n))
	}
	w.Want("uses of the reward", w.Get("/v1/rewards/boost")["times_redeemed"], 2.0)
	w.Want("uses of the code", w.Get("/v1/rewards/boost/promo_codes/BOOST")["times_redeemed"], 1.0)
}

func TestACouponIsRefusedByTheRules(t *testing.T) {
	w := worldOfPurchases(t, "c", "old")
	w.Attach("old", "pro")
	off(w, "fifth", "percentage", 20, "one_off", 0, JSON{"max_redemptions_per_customer": 1}, JSON{"promo_codes": []JSON{
		{"code": "BIG", "minimum_amount": 30}, {"code": "NEW", "first_time_transaction": true}, {"code": "HERS", "customer_id": "old"}, {"code": "OFF", "active": false}}})
	off(w, "half", "percentage", 50, "one_off", 0, code("HALF", JSON{"max_redemptions": 1}))
	for _, no := range []struct {
		customer, reward, code string
		status                 int
		want                   string
	}{
		{"c", "nothing", "", 404, "reward_not_found"},
		{"nobody", "fifth", "", 404, "customer_not_found"},
		{"c", "fifth", "NOSUCH", 404, "reward_not_found"},
		{"c", "fifth", "HALF", 400, "promo_code_not_applicable"},
		{"c", "fifth", "BIG", 400, "promo_code_new_purchases_only"},
		{"old", "fifth", "NEW", 400, "promo_code_first_time_only"},
		{"c", "fifth", "HERS", 400, "promo_code_not_for_customer"},
		{"c", "fifth", "OFF", 400, "promo_code_inactive"},
	} {
		t.Run(fmt.Sprint(no.customer, " ", no.reward, " ", no.code), func(t *testing.T) {
			w.Refused(no.status, no.want, coupon(no.customer, no.reward), JSON{"promo_code": no.code})
		})
	}
	w.Post(coupon("c", "half"), JSON{"promo_code": "half"})
	w.Refused(400, "referral_code_max_redemptions_reached", coupon("old", "half"), JSON{"promo_code": "half"})
	w.Post(coupon("c", "fifth"), nil)
	w.Refused(400, "customer_already_redeemed_referral_code", coupon("c", "fifth"), nil)
	w.Refused(400, "invalid_inputs", coupon("c", "fifth"), JSON{"code": "HALF"})
}

// The same request again, and many at once, give no more than the limit.
func TestACouponIsGivenOnce(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "fifth", "percentage", 20, "one_off", 0, JSON{"max_redemptions": 3})
	w.Post("/v1/customers", JSON{"id": "first"})
	ask := func() JSON {
		a := w.Do(w.Stack.Key, "POST", coupon("first", "fifth"), JSON{}, IdempotencyKey("once"))
		w.Want("status", a.Status, 200)
		return a.Body
	}
	w.Want("the same", ask()["id"], ask()["id"])
	var answers []Answer
	for n := range 4 {
		id := fmt.Sprint("c", n)
		w.Post("/v1/customers", JSON{"id": id})
		answers = append(answers, w.Do(w.Stack.Key, "POST", coupon(id, "fifth"), JSON{}))
	}
	var codes []int
	for _, a := range answers {
		codes = append(codes, a.Status)
	}
	w.Want("answers", codes, []int{200, 200, 400, 400})
	w.Want("used", w.Get("/v1/rewards/fifth")["times_redeemed"], 3.0)
}

// The application takes a discount off: the one that runs, one that waits, and each no more
// than once. The next has its turn.
func TestGFT07ACouponIsTakenOff(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "forever", 0)
	off(w, "tenth", "percentage", 10, "forever", 0)
	off(w, "five", "fixed", 5, "forever", 0)
	w.Attach("c", "pro")
	for _, reward := range []string{"fifth", "tenth", "five"} {
		w.Post(coupon("c", reward), JSON{})
	}
	w.Want("without one", w.Call("DELETE", coupon("c", "tenth"), nil), JSON{"success": true}) // it waits
	w.Want("again", w.Do(w.Stack.Key, "DELETE", coupon("c", "tenth"), nil).Body["code"], "reward_not_found")
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1600)
	w.Call("DELETE", "/v1/customers/c/coupons", nil)
	w.Want("the next one runs", []any{ValueAt(w.Customer("c", "rewards"), "rewards.discounts.0.id"), ValueAt(w.Customer("c", "rewards"), "rewards.discounts.0.queued")}, []any{"five", false})
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 1600, 1500)
	w.Call("DELETE", coupon("c", "five"), nil)
	w.Want("none is left", w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/coupons", nil).Body["code"], "reward_not_found")
	w.AdvancePastRenewal(T3)
	w.Billed("c", 2000, 1600, 1500, 2000)
	w.Want("the history says who", ValueAt(w.Get("/v1/customers/c/audit"), "list.0.action") != nil, true)
}
