package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// worldOfGrants has the reward beta: 500 messages for a month, 20 credits for good and the
// dashboard for a week.
func worldOfGrants(t *testing.T, codes ...JSON) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "words", "credit_cost": 2}}})
	w.Post("/v1/rewards", JSON{"id": "beta", "name": "Beta", "type": "feature_grant", "promo_codes": codes, "grants": []JSON{
		{"feature_id": "messages", "included": 500, "expiry": JSON{"type": "month", "length": 1}},
		{"feature_id": "credits", "included": 20, "expiry": nil},
		{"feature_id": "dashboard", "included": nil, "expiry": JSON{"type": "week", "length": 1}},
	}})
	w.Post("/v1/customers", JSON{"id": "c"})
	return w
}

func TestGFT01AGrantOfFeaturesByItsCode(t *testing.T) {
	t.Parallel()
	w := worldOfGrants(t, JSON{"code": "BETA500"})
	done := w.Post("/v1/rewards/redeem", redemption("c", "beta500"))
	w.Want("answer", done, JSON{"id": done["id"], "reward_id": "beta", "customer_id": "c", "applied": true, "triggered": true, "product_id": nil,
		"entitlements_granted": []any{JSON{"feature_id": "messages", "balance": 600.0}, JSON{"feature_id": "credits", "balance": 20.0}, JSON{"feature_id": "dashboard", "balance": 1.0}}})
	w.HasBalance("c", "messages", true, 600)
	w.HasBalance("c", "credits", true, 20)
	w.Want("dashboard", w.Check("c", "dashboard")["allowed"], true)
	w.Track("c", "words", 7)
	w.HasBalance("c", "credits", true, 6)
	w.HasProducts("c", "free active")
	w.Billed("c")
	w.Refused(400, "customer_already_redeemed_referral_code", "/v1/rewards/redeem", redemption("c", "BETA500"))
	w.HasBalance("c", "messages", true, 600)
}

// What ends ends at its moment, and what was used of it is nobody's debt.
func TestGFT02AGrantOfFeaturesEnds(t *testing.T) {
	t.Parallel()
	w := worldOfGrants(t, JSON{"code": "BETA"})
	w.Post("/v1/rewards/redeem", redemption("c", "BETA"))
	w.Track("c", "messages", 120)
	w.AdvanceTo(T0.AddDate(0, 0, 7).Add(-1e6))
	w.Want("before the week is over", w.Check("c", "dashboard")["allowed"], true)
	w.AdvanceTo(T0.AddDate(0, 0, 7))
	w.Want("after the week", w.Check("c", "dashboard")["allowed"], false)
	w.AdvanceTo(T1.Add(-1e6))
	w.HasBalance("c", "messages", true, 480)
	w.AdvanceTo(T1)
	w.HasBalance("c", "messages", true, 100)
	w.HasBalance("c", "credits", true, 20)
	w.Billed("c")
}

// What a plan gives that comes back is used first, and a change of plans leaves the gift.
func TestGFT03APlanChangeKeepsAGrantOfFeatures(t *testing.T) {
	t.Parallel()
	w := worldOfGrants(t, JSON{"code": "BETA"})
	w.CustomerWithCard("d", "pro")
	w.Post("/v1/rewards/redeem", redemption("d", "BETA"))
	w.HasBalance("d", "messages", true, 1000)
	w.Track("d", "messages", 600)
	w.HasBalance("d", "messages", true, 400)
	w.Attach("d", "premium")
	w.HasBalance("d", "messages", true, 1400)
	w.Cancel("d", "premium", JSON{"cancel_immediately": true})
	w.HasBalance("d", "messages", true, 500)
}

// A code gives as often as it may, and any customer once.
func TestGFT04AGrantOfFeaturesHasALimit(t *testing.T) {
	t.Parallel()
	w := worldOfGrants(t, JSON{"code": "TWO", "max_redemptions": 2}, JSON{"code": "OTHER"})
	for i := range 3 {
		w.Post("/v1/customers", JSON{"id": fmt.Sprint("u", i)})
	}
	w.Post("/v1/rewards/redeem", redemption("u0", "TWO"))
	w.Refused(400, "customer_already_redeemed_referral_code", "/v1/rewards/redeem", redemption("u0", "OTHER"))
	w.Post("/v1/rewards/redeem", redemption("u1", "TWO"))
	w.Refused(400, "referral_code_max_redemptions_reached", "/v1/rewards/redeem", redemption("u2", "TWO"))
	w.HasBalance("u2", "messages", true, 100)
	w.Refused(400, "invalid_reward", "/v1/attach", JSON{"customer_id": "u2", "product_id": "pro", "reward": "OTHER"})
	w.Refused(400, "invalid_feature", "/v1/features/messages", JSON{"type": "boolean"})
}

// A referral program gives features to both sides, for good in one part of the balance
// however many there are, and a refund takes back what is unspent.
func TestGFT05AReferralProgramGivesFeatures(t *testing.T) {
	t.Parallel()
	w := worldOfGrants(t)
	w.Post("/v1/rewards", JSON{"id": "ten", "name": "Ten", "type": "feature_grant", "grants": []JSON{{"feature_id": "messages", "included": 10}, {"feature_id": "dashboard"}}})
	createProgram(w, "P", "checkout", "ten", JSON{"received_by": "all", "product_ids": []string{"pro"}})
	code := referralCode(w, "c", "P")
	for i := range 3 {
		id := fmt.Sprint("r", i)
		w.Post("/v1/customers", JSON{"id": id})
		redeem(w, code, id)
		w.PutGoodCard(id)
		w.Attach(id, "pro")
	}
	w.HasBalance("c", "messages", true, 130)
	w.Track("c", "messages", 125)
	refundFirst(w, "r0")
	w.HasBalance("c", "messages", false, 0)
	w.Want("two gifts are left", w.Check("c", "dashboard")["allowed"], true)
	refundFirst(w, "r1")
	refundFirst(w, "r2")
	w.HasBalance("c", "messages", false, 0)
	w.Want("no gift is left", w.Check("c", "dashboard")["allowed"], false)
}

func TestGFT06WhatAGrantOfFeaturesCanNotBe(t *testing.T) {
	t.Parallel()
	w := worldOfGrants(t)
	reward := func(grants ...JSON) JSON {
		return JSON{"id": "x", "name": "X", "type": "feature_grant", "grants": grants}
	}
	for _, bad := range []JSON{
		reward(),
		reward(JSON{"feature_id": "messages"}),
		reward(JSON{"feature_id": "messages", "included": 0}),
		reward(JSON{"feature_id": "messages", "included": -1}),
		reward(JSON{"feature_id": "dashboard", "included": 1}),
		reward(JSON{"feature_id": "messages", "included": 1}, JSON{"feature_id": "messages", "included": 1}),
		reward(JSON{"feature_id": "seats", "included": 1, "expiry": JSON{"type": "day", "length": 1}}),
		reward(JSON{"feature_id": "messages", "included": 1, "expiry": JSON{"type": "hour", "length": 1}}),
		reward(JSON{"feature_id": "messages", "included": 1, "expiry": JSON{"type": "day", "length": 0}}),
		Merge(reward(JSON{"feature_id": "messages", "included": 1}), JSON{"free_product_id": "pro"}),
		Merge(reward(JSON{"feature_id": "messages", "included": 1}), JSON{"discount_config": JSON{"discount_value": 1, "duration_type": "one_off"}}),
		TenPercentOff(JSON{"id": "x", "grants": []JSON{{"feature_id": "messages", "included": 1}}}),
	} {
		w.Refused(400, "invalid_reward", "/v1/rewards", bad)
	}
	w.Refused(404, "feature_not_found", "/v1/rewards", reward(JSON{"feature_id": "nothing", "included": 1}))
	w.Post("/v1/rewards/beta", JSON{"name": "Better", "grants": []JSON{{"feature_id": "seats", "included": 2}}})
	w.Want("edited", w.Get("/v1/rewards/beta")["grants"], []any{JSON{"feature_id": "seats", "included": 2.0, "expiry": nil}})
	w.Want("a feature that it grants stays", w.Do(w.Stack.Key, "DELETE", "/v1/features/seats", nil).Status, 400)
}
