package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// Both sides get other ids while the redemption waits, and while it is held.
func TestARedemptionFollowsItsSides(t *testing.T) {
	w := worldOfBonuses(t, JSON{"hold_days": 3}, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.Post("/v1/customers/r1", JSON{"id": "r1b"})
	w.Post("/v1/customers/c1", JSON{"id": "c1b"})
	w.PutGoodCard("r1b")
	w.Buy("r1b", "pro")
	w.Want("held", statusOf(w, done), alike("held"))
	w.Post("/v1/customers/r1b", JSON{"id": "r1c"})
	w.Post("/v1/customers/c1b", JSON{"id": "c1c"})
	w.Advance("3d")
	w.Advance("10m")
	w.Want("given", statusOf(w, done), alike("applied"))
	w.HasBalance("c1c", "messages", true, 200)
	w.HasBalance("r1c", "messages", true, 600)
	refundFirst(w, "r1c")
	w.Want("reversed", statusOf(w, done), alike("reversed"))
	w.HasBalance("c1c", "messages", true, 100)
}

// Twenty people approve at once, and twenty reject: one verdict counts, once.
func TestManyVerdictsAtOnce(t *testing.T) {
	w := worldOfBonuses(t, JSON{"hold_days": 3}, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	answers, bodies := map[string]int{}, make([]JSON, 20)
	for i := range bodies {
		bodies[i] = JSON{}
	}
	for _, verdict := range []string{"approve", "reject"} {
		got, _ := postAtOnce(w, "/v1/redemptions/"+fmt.Sprint(done["id"])+"/"+verdict, bodies)
		answers[verdict] = got[""]
	}
	w.Want("approved, then rejected", []any{answers["approve"], answers["reject"]}, []any{20, 0})
	w.HasBalance("c1", "messages", true, 200)
	w.HasBalance("r1", "messages", true, 600)
}

// A refund in parts takes the reward back with its last part.
func TestARefundInParts(t *testing.T) {
	w := worldOfBonuses(t, nil, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	charge := chargeOfFirst(w, "r1")
	w.CallStripe("POST", "/v1/refunds", "charge="+charge+"&amount=1999")
	w.Want("all but a cent", statusOf(w, done), alike("applied"))
	w.CallStripe("POST", "/v1/refunds", "charge="+charge+"&amount=1")
	w.Want("all", statusOf(w, done), alike("reversed"))
}

// The terms of a program are edited: what waits keeps its reward, and what is held all of
// its terms.
func TestAnEditTakesNothingAway(t *testing.T) {
	w := worldOfBonuses(t, JSON{"hold_days": 3}, "c1", "r1", "r2")
	createReward(w, "other", "invoice_credits", JSON{"discount_config": JSON{"discount_value": 5, "duration_type": "one_off", "apply_to_all": true}})
	text := referralCode(w, "c1", "P")
	waits, held := redeem(w, text, "r1"), redeem(w, text, "r2")
	w.PutGoodCard("r2")
	w.Buy("r2", "pro")
	w.Call("PUT", "/v1/reward_programs/P", JSON{"when": "checkout", "reward_id": "other", "received_by": "referrer", "product_ids": []string{"pro"}})
	w.Advance("3d")
	w.Advance("10m")
	w.Want("what was held", statusOf(w, held), alike("applied"))
	w.HasBalance("r2", "messages", true, 600)
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("what waited is for the referrer by now", statusOf(w, waits), []any{"applied", "applied", nil})
	w.HasBalance("c1", "messages", true, 300)
	w.HasBalance("r1", "messages", true, 500)
}

// Terms that can't be honoured, or are no terms, are refused and save nothing.
func TestTermsOfTheGuard(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t)
	good := JSON{"id": "p", "when": "customer_creation", "reward_id": "gift", "received_by": "all"}
	for _, bad := range []JSON{
		{"hold_days": -1}, {"hold_days": 367}, {"hold_days": 1.5}, {"hold_days": "3"}, {"guard": "off"}, {"guard": JSON{"same_mail": "off"}},
		{"guard": JSON{"ring": "hold"}}, {"guard": JSON{"velocity": "off"}}, {"guard": JSON{"velocity": JSON{"count": 0, "days": 1}}},
		{"guard": JSON{"velocity": JSON{"count": 1}}}, {"guard": JSON{"velocity": JSON{"count": 101, "days": 1}}}, {"guard": JSON{"velocity": JSON{"count": 1, "days": 1, "mode": "x"}}},
		{"redeem_on": "checkout"}, {"plan_ids": []string{"pro"}, "product_ids": []string{}}, {"max_redemptions": 2, "unlimited_redemptions": true},
	} {
		a := w.Do(w.Stack.Key, "POST", "/v1/reward_programs", Merge(JSON{}, good, bad))
		if a.Status != 400 || a.Body["message"] == "" {
			t.Errorf("%v: %d %s", bad, a.Status, a.Text)
		}
	}
	if n := len(IDsOf(w.Get("/v1/reward_programs"))); n != 0 {
		t.Errorf("%d programs", n)
	}
	made := w.Post("/v1/reward_programs", Merge(JSON{}, good, JSON{"guard": nil}))
	w.Want("the defaults", made["guard"], JSON{"same_fingerprint": "refuse", "same_email": "refuse", "same_card": "off", "ring": "flag", "velocity": nil})
}

// The last page says that it is the last, also when it is full.
func TestTheLastPageOfRedemptionsIsTheLast(t *testing.T) {
	w := worldOfReferrals(t, "c1")
	createProgram(w, "P", "customer_creation", "gift")
	text := referralCode(w, "c1", "P")
	for _, id := range createRedeemers(w, 6) {
		redeem(w, text, id)
	}
	for _, filter := range []string{"", "&status=applied", "&program_id=P", "&customer_id=c1"} {
		for limit, pages := range map[int]int{1: 6, 2: 3, 3: 2, 4: 2, 6: 1, 7: 1} {
			n, cursor := 0, ""
			for range 10 {
				n++
				page := w.Get(fmt.Sprintf("/v1/redemptions?limit=%d%s%s", limit, filter, cursor))
				if page["next_cursor"] == nil {
					break
				}
				cursor = "&cursor=" + page["next_cursor"].(string)
			}
			w.Want(fmt.Sprintf("pages of %d %s", limit, filter), n, pages)
		}
	}
}
