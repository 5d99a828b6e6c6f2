package rewards

import (
	"fmt"
	"sync"
	"testing"

	. "windfall/tests/world"
)

func TestREF16TheCodesOfADeletedProgramAreDead(t *testing.T) {
	w := worldOfBonuses(t, nil, "c1", "r1", "r2")
	text := referralCode(w, "c1", "P")
	given := redeem(w, text, "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Call("DELETE", "/v1/reward_programs/P", nil)
	redeemRefused(w, 404, "referral_code_not_found", text, "r2")
	w.Refused(404, "reward_program_not_found", "/v1/referrals/code", JSON{"customer_id": "c1", "program_id": "P"})
	w.Want("what was given", statusOf(w, given), alike("applied"))
	w.HasBalance("c1", "messages", true, 200)
	createProgram(w, "P", "customer_creation", "gift") // another one of the same id
	redeemRefused(w, 404, "referral_code_not_found", text, "r2")
	if again := referralCode(w, "c1", "P"); again == text {
		t.Errorf("the code of the program before: %s", again)
	}
}

func TestREF28WhatWaitsEndsWithItsProgram(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "r1", "r2", "r3", "r4")
	createReward(w, "tenOff", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true}})
	createProgram(w, "P", "checkout", "tenOff", JSON{"product_ids": []string{"pro"}})
	createProgram(w, "H", "checkout", "gift", JSON{"product_ids": []string{"pro"}, "hold_days": 3})
	w.CustomerWithCard("R", "pro")
	text := referralCode(w, "R", "P")
	var done []JSON
	for _, id := range []string{"r1", "r2", "r3"} {
		done = append(done, redeem(w, text, id))
	}
	held := redeem(w, referralCode(w, "R", "H"), "r4")
	for _, id := range []string{"r1", "r2", "r4"} {
		w.PutGoodCard(id)
		w.Buy(id, "pro")
	}
	for _, p := range []string{"P", "H"} {
		w.Call("DELETE", "/v1/reward_programs/"+p, nil)
	}
	w.Want("pending", statusOf(w, done[2]), []any{"closed", "closed", nil})
	w.Want("queued", statusOf(w, done[1]), []any{"triggered", "triggered", nil})
	w.Want("held", statusOf(w, held), []any{"held", "held", nil})
	w.PutGoodCard("r3")
	w.Buy("r3", "pro")
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.AdvancePastRenewal(T2.AddDate(0, 1, 0))
	w.Billed("R", 2000, 1800, 1800, 2000)
	w.Want("queued", statusOf(w, done[1]), []any{"applied", "applied", nil})
	w.Want("what was promised", statusOf(w, held), []any{"applied", "applied", nil})
}

func TestWhatWaitsEndsWithEitherSide(t *testing.T) {
	for _, gone := range []string{"c1", "r1"} {
		for hold, before := range map[int]string{0: "pending", 10: "held"} {
			t.Run(fmt.Sprint(gone, " ", before), func(t *testing.T) {
				w := worldOfBonuses(t, JSON{"hold_days": hold}, "c1", "r1")
				done := redeem(w, referralCode(w, "c1", "P"), "r1")
				if hold > 0 {
					w.PutGoodCard("r1")
					w.Buy("r1", "pro")
					w.Cancel("r1", "pro", JSON{"cancel_immediately": true})
				}
				w.Want("before", statusOf(w, done), alike(before))
				w.RequireDeleted(gone, "")
				w.Advance("10m")
				w.Want("after", statusOf(w, done), alike("closed"))
				w.Advance("20d")
				w.Want("for good", statusOf(w, done), alike("closed"))
			})
		}
	}
}

func TestREF18OneDiscountAfterTheOther(t *testing.T) {
	w := worldOfDiscountPrograms(t, "r1", "r2", "r3")
	w.CustomerWithCard("R", "pro")
	w.Advance("3d")
	text := referralCode(w, "R", "P_ten")
	for _, id := range []string{"r1", "r2", "r3"} {
		redeem(w, text, id)
	}
	for n := 1; n <= 4; n++ {
		w.AdvancePastRenewal(T0.AddDate(0, n, 0))
	}
	w.Billed("R", 2000, 1800, 1800, 1800, 2000)
}

func TestREF19TheFirstEarnedIsTheFirstApplied(t *testing.T) {
	w := worldOfDiscountPrograms(t, "r1", "r2")
	createReward(w, "five", "fixed_discount", JSON{"discount_config": JSON{"discount_value": 5, "duration_type": "one_off", "apply_to_all": true}})
	createProgram(w, "P_five", "customer_creation", "five")
	w.CustomerWithCard("R", "pro")
	redeem(w, referralCode(w, "R", "P_five"), "r1")
	redeem(w, referralCode(w, "R", "P_ten"), "r2")
	for n := 1; n <= 3; n++ {
		w.AdvancePastRenewal(T0.AddDate(0, n, 0))
	}
	w.Billed("R", 2000, 1500, 1800, 2000)
}

func TestREF26ThirtyPaymentsAtOnceKeepToTheLimit(t *testing.T) {
	w := worldOfBonuses(t, JSON{"max_redemptions": 4, "received_by": "referrer"}, "c1")
	text := referralCode(w, "c1", "P")
	var done []JSON
	ids := createRedeemers(w, 30)
	for _, id := range ids {
		done = append(done, redeem(w, text, id))
		w.PutGoodCard(id)
	}
	var all sync.WaitGroup
	for _, id := range ids {
		all.Go(func() { w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": id, "product_id": "pro"}) })
	}
	all.Wait()
	w.WaitIdle()
	w.Advance("10m")
	count := map[any]int{}
	for i, r := range done {
		w.HasProducts(ids[i], "pro active")
		count[statusOf(w, r)[0]]++
	}
	w.Want("applied and closed", []any{count["applied"], count["closed"]}, []any{4, 26})
	w.HasBalance("c1", "messages", true, 500)
	stats := w.Get("/v1/reward_programs/P")["stats"]
	w.Want("statistics", stats, JSON{"codes": 1, "redemptions": 30, "held": 0, "triggered": 4, "applied": 4, "refused": 0, "reversed": 0, "value": 0})
}

// A discount waits for its turn with a side that is deleted: the redemption comes to its
// end without it.
func TestWhatWaitsForItsTurnEndsWithItsSide(t *testing.T) {
	for receivers, want := range map[string][][]any{
		"referrer": {{"closed", "closed", nil}, {"triggered", "triggered", nil}},
		"all":      {{"applied", "closed", "applied"}, {"triggered", "triggered", "applied"}},
	} {
		t.Run(receivers, func(t *testing.T) {
			w := worldOfDiscountPrograms(t, "r1", "r2")
			createProgram(w, "P", "customer_creation", "tenOff", JSON{"received_by": receivers})
			w.CustomerWithCard("R", "pro")
			text := referralCode(w, "R", "P")
			redeem(w, text, "r1") // it runs
			second := redeem(w, text, "r2")
			w.Want("before", statusOf(w, second), want[1])
			w.RequireDeleted("R", "?cancel=true")
			w.Advance("10m")
			w.Want("after", statusOf(w, second), want[0])
			if receivers == "all" {
				w.Want("the other side keeps it", w.Get("/v1/reward_programs/P")["stats"].(JSON)["applied"], 2)
			}
		})
	}
}
