package rewards

import (
	"slices"
	"testing"

	. "windfall/tests/world"
)

// noes lists the rules that an explanation says no to.
func noes(e JSON) []string {
	no := []string{}
	for _, r := range e["rules"].([]any) {
		if ValueAt(r, "ok") == false {
			no = append(no, ValueAt(r, "rule").(string))
		}
	}
	return no
}

func TestRWD38AnExplanationAnswersEveryRule(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "promo_codes": []JSON{{"code": "BIG", "minimum_amount": 30, "first_time_transaction": true}}}))
	w.Post("/v1/customers", JSON{"id": "c"})
	ask := func(more JSON) JSON {
		return w.Post("/v1/rewards/explain", Merge(JSON{"customer_id": "c", "code": "big"}, more))
	}
	got := ask(JSON{"product_id": "pro"})
	w.Want("allowed", got["allowed"], false)
	w.Want("rules", len(got["rules"].([]any)), 11)
	w.Want("no", noes(got), []string{"minimum"})
	w.Want("refusal", ValueAt(got, "refusal.code"), "promo_code_minimum_not_met")
	w.Want("why", ValueAt(got, "refusal.message"), "The purchase comes to 20 usd before discounts, and this code needs 30.")
	got = ask(JSON{"product_id": "premium"})
	w.Want("allowed", got["allowed"], true)
	w.Want("refusal", got["refusal"], nil)
	w.Want("on the customer", noes(ask(JSON{})), []string{"minimum"})

	w.CustomerWithCard("d", "pro")
	got = w.Post("/v1/rewards/explain", JSON{"customer_id": "d", "code": "BIG", "product_id": "premium"})
	w.Want("a change by who bought before", noes(got), []string{"first_time", "minimum"})
	w.Want("its way", got["way"], "change")
	w.Want("a change for later", noes(w.Post("/v1/rewards/explain", JSON{"customer_id": "d", "code": "BIG", "product_id": "free"})), []string{"first_time", "minimum", "applies"})
	got = w.Post("/v1/rewards/explain", JSON{"customer_id": "d", "reward_id": "ten", "product_id": "premium"})
	w.Want("the reward itself", got["allowed"], true)
	w.Want("by us", got["code"], nil)

	unknown := ask(JSON{"code": "NOSUCH"})
	w.Want("unknown", noes(unknown), []string{"exists"})
	w.Want("refusal", ValueAt(unknown, "refusal.code"), "reward_not_found")
	w.Refused(404, "customer_not_found", "/v1/rewards/explain", JSON{"customer_id": "nobody", "code": "BIG"})
	w.Refused(400, "invalid_inputs", "/v1/rewards/explain", JSON{"customer_id": "c"})
	w.Refused(400, "invalid_inputs", "/v1/rewards/explain", JSON{"customer_id": "c", "code": "BIG", "reward_id": "ten"})
}

// A discount that runs is named, and nobody guesses codes with this route.
func TestAnExplanationKnowsRunningDiscountsAndCountsGuesses(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}, PromoCodes("TEN")))
	w.CustomerWithCard("c", "pro")
	w.CallStripe("POST", "/v1/coupons", "id=OFF&percent_off=20&duration=forever")
	w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "coupon=OFF")
	w.Want("a change", noes(w.Post("/v1/rewards/explain", JSON{"customer_id": "c", "code": "TEN", "product_id": "premium"})), []string{"alone"})
	w.Want("on the customer it waits", noes(w.Post("/v1/rewards/explain", JSON{"customer_id": "c", "code": "TEN"})), []string{})
	statuses := []int{}
	for range 21 {
		statuses = append(statuses, w.Do(w.Stack.Key, "POST", "/v1/rewards/explain", JSON{"customer_id": "c", "code": "GUESS"}).Status)
	}
	w.Want("guesses", statuses, append(slices.Repeat([]int{200}, 20), 429))
	w.Post("/v1/rewards/explain", JSON{"customer_id": "c", "reward_id": "ten"})
}

// Staff use the last use of a limited reward at Stripe: attach refuses it by name and by
// code, and from then on explain says so.
func TestExplainKnowsAUseByStaff(t *testing.T) {
	w := worldOfPurchases(t, "c", "staff")
	off(w, "r", "percentage", 20, "one_off", 0, code("LAST"), JSON{"max_redemptions": 1})
	w.Attach("c", "g1_pro") // the code is copied by now
	w.Attach("staff", "g1_pro")
	w.Advance("20m")
	copies := w.CallStripe("GET", "/v1/promotion_codes", "code=LAST&active=true")["data"]
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("staff"), "promotion_code="+ValueAt(copies, "0.id").(string))
	for _, ask := range []JSON{{"reward": "r"}, {"promo_code": "LAST"}} {
		w.Refused(400, "referral_code_max_redemptions_reached", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, ask))
	}
	for _, ask := range []JSON{{"reward_id": "r"}, {"code": "LAST"}} {
		said := w.Post("/v1/rewards/explain", Merge(JSON{"customer_id": "c", "product_id": "pro"}, ask))
		w.Want("allowed", []any{said["allowed"], ValueAt(said, "refusal.code")}, []any{false, "referral_code_max_redemptions_reached"})
	}
}
