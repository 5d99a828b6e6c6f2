package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// Free months that are discounts go back as far as they are unspent, whichever of them
// runs, and whatever was billed before.
func TestFreeMonthsGoBackWhicheverRuns(t *testing.T) {
	for name, tt := range map[string]struct {
		product string
		bought  JSON
		before  func(w *World) // the friend's payment goes back
		back    func(w *World, customer string)
		side    string // of the referrer in the end
		want    []int64
	}{
		"the first runs":  {"pro", nil, func(w *World) {}, refundFirst, "reversed", []int64{2000, 2000, 2000, 2000}},
		"the second runs": {"pro", nil, func(w *World) { renewals(w, 1) }, refundFirst, "reversed", []int64{2000, 0, 2000, 2000}},
		"the last runs":   {"pro", nil, func(w *World) { renewals(w, 2) }, refundFirst, "reversed", []int64{2000, 0, 0, 2000}},
		"a dispute":       {"pro", nil, func(w *World) { renewals(w, 1) }, disputeFirst, "reversed", []int64{2000, 0, 2000, 2000}},
		"all are used":    {"pro", nil, func(w *World) { renewals(w, 3) }, refundFirst, "applied", []int64{2000, 0, 0, 0}},
		"an upgrade left it": {"pro", nil, func(w *World) { w.Attach("R", "premium") }, refundFirst, "reversed",
			[]int64{2000, 3000, 5000, 5000, 5000}},
		"an upgrade left the second": {"pro", nil, func(w *World) { renewals(w, 1); w.Attach("R", "premium") }, refundFirst, "reversed",
			[]int64{2000, 0, 2992, 5000, 5000}},
		"packs left it": {"pro_prepaid", packs(100), func(w *World) { w.Advance("15d"); w.Attach("R", "pro_prepaid", packs(300)) }, refundFirst, "reversed",
			[]int64{3000, 1000, 5000, 5000, 5000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfReferrals(t, "r1")
			createReward(w, "months", "free_product", JSON{"free_product_id": tt.product, "free_product_config": JSON{"duration_type": "months", "duration_value": 3}})
			createProgram(w, "P", "checkout", "months", JSON{"product_ids": []string{"pro"}})
			w.CustomerWithCard("R")
			w.Attach("R", tt.product, tt.bought)
			done := redeem(w, referralCode(w, "R", "P"), "r1")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro")
			w.Want("given", statusOf(w, done), []any{"applied", "applied", nil})
			tt.before(w)
			tt.back(w, "r1")
			w.Want("back", statusOf(w, done), []any{"reversed", tt.side, nil})
			w.Want("nothing runs or waits", ValueAt(w.Customer("R", "rewards"), "rewards.discounts"), []any{})
			renewals(w, 3)
			w.Billed("R", tt.want...)
		})
	}
}

// Of two friends' months, those of the one whose payment went back are taken.
func TestFreeMonthsOfAnotherFriendStay(t *testing.T) {
	for _, back := range []string{"r1", "r2"} {
		t.Run(back, func(t *testing.T) {
			t.Parallel()
			w := worldOfReferrals(t, "r1", "r2")
			createReward(w, "months", "free_product", JSON{"free_product_id": "pro", "free_product_config": JSON{"duration_type": "months", "duration_value": 2}})
			createProgram(w, "P", "checkout", "months", JSON{"product_ids": []string{"pro"}})
			w.CustomerWithCard("R", "pro")
			text := referralCode(w, "R", "P")
			for _, r := range []string{"r1", "r2"} {
				redeem(w, text, r)
				w.PutGoodCard(r)
				w.Buy(r, "pro")
			}
			renewals(w, 1)
			refundFirst(w, back)
			renewals(w, 5)
			w.Billed("R", map[string][]int64{"r1": {2000, 0, 0, 0, 2000, 2000}, "r2": {2000, 0, 0, 2000, 2000, 2000}}[back]...)
		})
	}
}

// One refund reverses several redemptions, whose discounts wait for each other: none of
// them begins for a moment.
func TestWhatWaitsBehindAReversedDiscountNeverBegins(t *testing.T) {
	for name, back := range map[string]func(*World, string){"refund": refundFirst, "dispute": disputeFirst} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "R", "r")
			off(w, "half", "percentage", 50, "months", 6)
			w.Attach("R", "pro")
			for _, p := range []string{"A", "B", "C"} {
				createProgram(w, p, "checkout", "half", JSON{"product_ids": []string{"pro"}, "received_by": "all"})
				redeem(w, referralCode(w, "R", p), "r")
			}
			w.Attach("r", "pro")
			back(w, "r")
			for p, applied := range map[string]float64{"A": 1, "B": 0, "C": 0} {
				stats := w.Get("/v1/reward_programs/" + p)["stats"].(JSON)
				w.Want(p, []any{stats["applied"], stats["reversed"]}, []any{applied, 1.0})
			}
			renewals(w, 1)
			w.Billed("R", 2000, 2000)
		})
	}
}
