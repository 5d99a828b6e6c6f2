package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// worldOfDiscountPrograms is a world with the programs P_signup and P_ten of the scenarios,
// and customers without a product.
func worldOfDiscountPrograms(t *testing.T, customers ...string) *World {
	t.Helper()
	t.Parallel()
	w := worldOfReferrals(t, customers...)
	createReward(w, "tenOff", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true}})
	createProgram(w, "P_signup", "customer_creation", "monthOff", JSON{"max_redemptions": 2})
	createProgram(w, "P_ten", "customer_creation", "tenOff", JSON{"max_redemptions": 10})
	return w
}

// redemptionState is the state of a redemption in the API: triggered, applied,
// redeemer_applied.
func redemptionState(w *World, redemption JSON) []any {
	w.Helper()
	r := w.Get("/v1/redemptions/" + fmt.Sprint(redemption["id"]))
	return []any{r["triggered"], r["applied"], r["redeemer_applied"]}
}

func TestREF05TheRewardOfASignUpIsAppliedAtOnce(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c2", "r1")
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	done := redeem(w, referralCode(w, "c2", "P_signup"), "r1")
	w.Want("answer", []any{done["triggered"], done["applied"], done["reward_id"]}, []any{true, true, "monthOff"})
	w.Want("redemption", redemptionState(w, done), []any{true, true, false})
	w.Buy("c2", "pro_trial")
	w.Billed("c2", 0)
	w.Advance("7d")
	w.Advance("2h")
	w.Billed("c2", 0, 0)
	w.HasProducts("c2", "pro_trial active")
	w.AdvancePastRenewal(T0.AddDate(0, 1, 7))
	w.Billed("c2", 0, 0, 2000)
}

func TestREF06TheSecondDiscountWaitsAndTheThirdRedemptionIsRefused(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c2", "r1", "r2", "r3")
	text := referralCode(w, "c2", "P_signup")
	first, second := redeem(w, text, "r1"), redeem(w, text, "r2")
	w.Want("the first", []any{first["triggered"], first["applied"]}, []any{true, true})
	w.Want("the second", []any{second["triggered"], second["applied"]}, []any{true, false})
	redeemRefused(w, 400, "referral_code_max_redemptions_reached", text, "r3")
	w.Advance("2d") // the schedule looks, and the first one still runs
	w.Want("the second, later", redemptionState(w, second), []any{true, false, false})
	// The referrer has no subscription, so no event tells of the end: the
	// schedule finds it.
	w.AdvanceTo(T1)
	w.Advance("10m")
	w.Want("the second, when the first is over", redemptionState(w, second), []any{true, true, false})
}

func TestREF09TheReferrersNextInvoiceIsReduced(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1")
	w.CustomerWithCard("c1", "pro")
	w.Advance("10d")
	done := redeem(w, referralCode(w, "c1", "P_ten"), "r1")
	w.Want("applied", done["applied"], true)
	w.AdvancePastRenewal(T1)
	w.Billed("c1", 2000, 1800)
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 2000, 1800, 2000)
}

func TestREF10TheReferrersNextInvoiceOnAHigherTier(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1")
	w.CustomerWithCard("c1", "premium")
	redeem(w, referralCode(w, "c1", "P_ten"), "r1")
	w.AdvancePastRenewal(T1)
	w.Billed("c1", 5000, 4500)
}

// Three friends, three discounts of one invoice each: one after the other.
func TestWHK11TheNextDiscountIsAppliedWhenOneEnds(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1", "r2", "r3")
	w.CustomerWithCard("c1", "pro")
	text := referralCode(w, "c1", "P_ten")
	var done []JSON
	for _, id := range []string{"r1", "r2", "r3"} {
		done = append(done, redeem(w, text, id))
	}
	applied := func(want ...bool) {
		t.Helper()
		for i, d := range done {
			w.Want(fmt.Sprint("redemption ", i+1), redemptionState(w, d), []any{true, want[i], false})
		}
	}
	applied(true, false, false)
	w.AdvancePastRenewal(T1) // the invoice uses the first one up, and Stripe says so
	applied(true, true, false)
	w.Redeliver("customer.discount.deleted")
	applied(true, true, false) // delivered again: the second one is still running
	w.AdvancePastRenewal(T2)
	applied(true, true, true)
	w.AdvancePastRenewal(T3)
	w.AdvancePastRenewal(T4)
	w.Billed("c1", 2000, 1800, 1800, 1800, 2000)
}

// The event of an end may be out of date by the time it is read.
func TestWHK11TheEndIsReadAtStripe(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1", "r2")
	w.CustomerWithCard("c1", "pro")
	text := referralCode(w, "c1", "P_ten")
	redeem(w, text, "r1")
	second := redeem(w, text, "r2")
	stripeID := fmt.Sprint(w.Customer("c1")["stripe_id"])
	// Support staff puts another discount in place of the first one.
	w.CallStripe("POST", "/v1/coupons", "id=staff&percent_off=50&duration=forever")
	w.CallStripe("POST", "/v1/customers/"+stripeID, "coupon=staff")
	w.Want("while another one runs", redemptionState(w, second), []any{true, false, false})
	w.CallStripe("DELETE", "/v1/customers/"+stripeID+"/discount", "")
	w.Want("when none runs", redemptionState(w, second), []any{true, true, false})
}

// A fixed amount for both sides, off one price alone; the referrer has no
// Stripe customer yet, and both have another id by the time they pay.
func TestADiscountForBothSides(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1")
	w.Product("pro_more", "main", Price(20), Prepaid("messages", 10, 100, "month"))
	price := fmt.Sprint(ValueAt(w.Get("/v1/products/pro_more"), "items.0.price_id"))
	createReward(w, "fiveOff", "fixed_discount", JSON{"discount_config": JSON{"discount_value": 25, "duration_type": "months", "duration_value": 2, "apply_to_all": false, "price_ids": []string{price}}})
	createProgram(w, "P_both", "customer_creation", "fiveOff", JSON{"received_by": "all"})
	done := redeem(w, referralCode(w, "c1", "P_both"), "r1")
	w.Want("redemption", redemptionState(w, done), []any{true, true, true})
	for _, id := range []string{"c1", "r1"} {
		w.PutGoodCard(id)
		w.Attach(id, "pro_more", Quantity("messages", 100))
		w.Billed(id, 1000) // 25 off the 20 is 20: the rest is lost
	}
}

// Many friends at one moment: one discount is applied, and all in turn.
func TestManyFriendsAtOnceBringOneDiscountAtATime(t *testing.T) {
	w := worldOfDiscountPrograms(t)
	w.CustomerWithCard("c1", "pro")
	text := referralCode(w, "c1", "P_ten")
	var bodies []JSON
	for _, id := range createRedeemers(w, 6) {
		bodies = append(bodies, JSON{"code": text, "customer_id": id})
	}
	got, answers := postAtOnce(w, "/v1/referrals/redeem", bodies)
	w.Want("answers", got, map[string]int{"": 6})
	w.WaitIdle()
	applied := func() (n int) {
		for _, a := range answers {
			if redemptionState(w, a.Body)[1] == true {
				n++
			}
		}
		return n
	}
	for month, want := range []int{1, 2, 3} {
		if got := applied(); got != want {
			t.Errorf("after %d months %d are applied, want %d", month, got, want)
		}
		w.AdvancePastRenewal(T0.AddDate(0, month+1, 0))
	}
	w.Billed("c1", 2000, 1800, 1800, 1800)
	if n := couponRedemptions(w); n != 4 {
		t.Errorf("coupons were put on %d times, want 4", n)
	}
}

// couponRedemptions counts the redemptions of all coupons.
func couponRedemptions(w *World) (n int) {
	w.Helper()
	_, text, err := w.Stack.Stripe("GET", "/v1/coupons", nil)
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range ParseJSON(w.T, text)["data"].([]any) {
		n += int(ValueAt(c, "times_redeemed").(float64))
	}
	return n
}

// Waiting rewards move with the customer, and are deleted with them.
func TestAQueuedDiscountFollowsItsCustomer(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1", "r2")
	w.CustomerWithCard("c1", "pro")
	text := referralCode(w, "c1", "P_ten")
	redeem(w, text, "r1")
	second := redeem(w, text, "r2")
	w.Post("/v1/customers/c1", JSON{"id": "c9"})
	w.AdvancePastRenewal(T1)
	w.Want("the second", redemptionState(w, second), []any{true, true, false})
	w.AdvancePastRenewal(T2)
	w.Billed("c9", 2000, 1800, 1800)
}

// An edit of the reward applies to later rewards only.
func TestAnEditedRewardIsAnotherCoupon(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1", "r2", "r3")
	w.CustomerWithCard("c1", "pro")
	text := referralCode(w, "c1", "P_ten")
	redeem(w, text, "r1")
	redeem(w, text, "r2")
	w.Post("/v1/rewards/tenOff", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true}})
	redeem(w, text, "r3")
	for _, day := range []int{1, 2, 3} {
		w.AdvancePastRenewal(T0.AddDate(0, day, 0))
	}
	w.Billed("c1", 2000, 1800, 1800, 1000)
}

func TestACustomerShowsTheDiscountsThatRunAndWait(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1", "r2")
	shown := func() any { return ValueAt(w.Customer("c1", "rewards"), "rewards.discounts") }
	w.Want("before Stripe knows the customer", shown(), []JSON{})
	redeem(w, referralCode(w, "c1", "P_signup"), "r1")
	redeem(w, referralCode(w, "c1", "P_ten"), "r2") // waits
	w.Want("one runs, and one waits", shown(), []JSON{{"id": "monthOff", "name": "monthOff", "type": "percentage_discount", "discount_value": 100,
		"duration_type": "months", "duration_value": 1, "currency": nil, "start": T0.UnixMilli(), "end": T1.UnixMilli(), "subscription_id": nil, "queued": false},
		{"id": "tenOff", "name": "tenOff", "type": "percentage_discount", "discount_value": 10,
			"duration_type": "one_off", "duration_value": nil, "currency": nil, "start": nil, "end": nil, "subscription_id": nil, "queued": true}})
	w.CallStripe("DELETE", "/v1/customers/"+fmt.Sprint(w.Customer("c1")["stripe_id"])+"/discount", "")
	w.Want("the next one runs", ValueAt(shown(), "0.id"), "tenOff")
	w.CallStripe("POST", "/v1/coupons", "id=staff&amount_off=550&currency=usd&duration=forever&name=Staff")
	w.CallStripe("POST", "/v1/customers/"+fmt.Sprint(w.Customer("c1")["stripe_id"]), "coupon=staff")
	w.Want("one that is no reward", shown(), []JSON{{"id": "staff", "name": "Staff", "type": "fixed_discount", "discount_value": 5.5,
		"duration_type": "forever", "duration_value": nil, "currency": "usd", "start": T0.UnixMilli(), "end": nil, "subscription_id": nil, "queued": false}})
}

// A request with a key is the same request for good, even after its stored
// answer is gone.
func TestARedemptionAskedAgainIsTheSame(t *testing.T) {
	w := worldOfDiscountPrograms(t, "c1", "r1")
	text := referralCode(w, "c1", "P_ten")
	body := JSON{"code": text, "customer_id": "r1"}
	first := w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", body, IdempotencyKey("once"))
	w.Want("status", first.Status, 200)
	w.Advance("25h") // the stored answer is forgotten; the redemption is not
	second := w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", body, IdempotencyKey("once"))
	w.Want("asked again", second.Body, first.Body)
	other := w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", body, IdempotencyKey("twice"))
	w.Want("another request", []any{other.Status, other.Body["code"]}, []any{400, "customer_already_redeemed_referral_code"})
}
