package rewards

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Every bad call about rewards and referrals is refused with a 4xx and writes
// nothing but the count of unknown codes.
func TestBadRewardsAndReferralsAreRefused(t *testing.T) {
	w := worldOfReferrals(t, "c1")
	createProgram(w, "P", "customer_creation", "gift")
	text := referralCode(w, "c1", "P")
	before := w.TablesButGuesses()
	long := strings.Repeat("x", 100_000)
	for _, call := range []struct {
		method, path string
		body         any
	}{
		{"POST", "/v1/rewards", JSON{}},
		{"POST", "/v1/rewards", `[]`},
		{"POST", "/v1/rewards", TenPercentOff(JSON{"id": long})},
		{"POST", "/v1/rewards", TenPercentOff(JSON{"id": "x", "name": long})},
		{"POST", "/v1/rewards", TenPercentOff(JSON{"id": "x", "name": "a\x00b"})},
		{"POST", "/v1/rewards", TenPercentOff(JSON{"id": "x"}, PromoCodes(long))},
		{"POST", "/v1/rewards", TenPercentOff(JSON{"id": "x"}, PromoCodes("é"))},
		{"POST", "/v1/rewards", TenPercentOff(JSON{"id": "x", "discount_config": JSON{"discount_value": "10", "duration_type": "one_off"}})},
		{"POST", "/v1/rewards", `{"id":"x","name":"X","type":"fixed_discount","discount_config":{"discount_value":1e300,"duration_type":"one_off"}}`},
		{"POST", "/v1/rewards", `{"id":"x","name":"X","type":"fixed_discount","discount_config":{"discount_value":1,"duration_type":"months","duration_value":99999999999999999999}}`},
		{"POST", "/v1/rewards/nobody", JSON{"name": "N"}},
		{"GET", "/v1/rewards/" + long, nil},
		{"DELETE", "/v1/rewards/gift", nil},
		{"POST", "/v1/reward_programs", JSON{}},
		{"POST", "/v1/reward_programs", JSON{"id": "a#b", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"}},
		{"POST", "/v1/reward_programs", JSON{"id": "x", "when": "checkout", "internal_reward_id": "gift", "received_by": "all", "product_ids": []string{"nothing"}}},
		{"PUT", "/v1/reward_programs/nobody", JSON{"when": "customer_creation", "internal_reward_id": "gift", "received_by": "all"}},
		{"DELETE", "/v1/reward_programs/nobody", nil},
		{"POST", "/v1/referrals/code", JSON{}},
		{"POST", "/v1/referrals/code", JSON{"customer_id": "c1"}},
		{"POST", "/v1/referrals/code", JSON{"customer_id": "c1", "program_id": long}},
		{"POST", "/v1/referrals/code", JSON{"customer_id": "a/b", "program_id": "P"}},
		{"POST", "/v1/referrals/redeem", JSON{}},
		{"POST", "/v1/referrals/redeem", JSON{"code": text}},
		{"POST", "/v1/referrals/redeem", JSON{"code": text, "customer_id": long}},
		{"POST", "/v1/referrals/redeem", JSON{"code": text, "customer_id": "a\x00"}},
		{"POST", "/v1/referrals/redeem", JSON{"code": 7, "customer_id": "c1"}},
		{"POST", "/v1/referrals/redeem", JSON{"code": "\u202e" + text, "customer_id": "c1"}},
		{"GET", "/v1/redemptions/" + long[:3000], nil},
		{"GET", "/v1/redemptions/rr_" + long[:3000], nil},
		{"GET", "/v1/redemptions/rr_%23%00", nil},
	} {
		a := w.Do(w.Stack.Key, call.method, call.path, call.body)
		if message, _ := a.Body["message"].(string); a.Status < 400 || a.Status > 499 || a.Body["code"] == nil || message == "" {
			t.Errorf("%s %.60s: %d %.200s", call.method, call.path, a.Status, a.Text)
		}
	}
	if w.TablesButGuesses() != before {
		t.Error("something was written")
	}
}
