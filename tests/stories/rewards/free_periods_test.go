package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// freeMonths makes a program whose reward is some months of a product, and returns the
// referrer's code.
func freeMonths(w *World, product string, months int, more ...JSON) string {
	w.Helper()
	createReward(w, "months", "free_product", JSON{"free_product_id": product, "free_product_config": JSON{"duration_type": "months", "duration_value": months}})
	createProgram(w, "P_months", "customer_creation", "months", more...)
	return referralCode(w, "c1", "P_months")
}

func worldOfFreeMonths(t *testing.T, customers ...string) *World {
	t.Helper()
	t.Parallel()
	return worldOfReferrals(t, customers...)
}

func TestREF15APaidPlanForTheReferrerAlone(t *testing.T) {
	for _, card := range []bool{true, false} {
		t.Run(fmt.Sprintf("with a card %t", card), func(t *testing.T) {
			w := worldOfFreeMonths(t, "c1", "r1")
			text := freeMonths(w, "pro", 1)
			if card {
				w.PutGoodCard("c1")
			}
			done := redeem(w, text, "r1")
			w.Want("redemption", redemptionState(w, done), []any{true, true, false})
			w.HasBalance("c1", "messages", true, 500)
			w.Billed("c1", 0)
			w.HasProducts("r1", "free active")
			if !card {
				w.Want("ends", w.CustomerProduct("c1", "pro")["current_period_end"], float64(T1.UnixMilli()))
			}
			w.AdvancePastRenewal(T1)
			if card {
				w.HasProducts("c1", "pro active")
				w.Billed("c1", 0, 2000)
			} else {
				w.HasProducts("c1", "free active")
				w.HasBalance("c1", "messages", true, 100)
				w.Billed("c1", 0)
				w.Want("the subscription", ValueAt(w.AtStripe("c1"), "subscriptions.0.status"), "canceled")
			}
			w.AdvancePastRenewal(T2)
			w.HasProducts("r1", "free active")
			w.Billed("r1")
		})
	}
}

// The redeemer's purchase sets it off; where it is for both, the redeemer's month is the next.
func TestREF15FreeMonthsOnThePurchase(t *testing.T) {
	for _, to := range []string{"referrer", "all"} {
		t.Run(to, func(t *testing.T) { freeMonthsOnThePurchase(t, to) })
	}
}

func freeMonthsOnThePurchase(t *testing.T, to string) {
	w := worldOfFreeMonths(t, "c1", "r1")
	createReward(w, "months", "free_product", JSON{"free_product_config": JSON{"product_id": "pro", "duration_type": "months", "duration_value": 1}})
	createProgram(w, "P_buy", "checkout", "months", JSON{"product_ids": []string{"pro"}, "received_by": to})
	done := redeem(w, referralCode(w, "c1", "P_buy"), "r1")
	w.Want("before", redemptionState(w, done), []any{false, false, false})
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("after", redemptionState(w, done), []any{true, true, to == "all"})
	w.HasProducts("c1", "pro active", "free scheduled")
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("r1", map[string][]int64{"referrer": {2000, 2000, 2000}, "all": {2000, 0, 2000}}[to]...)
	w.Billed("c1", 0)
	w.HasProducts("c1", "free active")
}

func TestREF15FreeMonthsForBothAtSignUp(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1")
	text := freeMonths(w, "pro", 2, JSON{"received_by": "all"})
	w.PutGoodCard("r1")
	done := redeem(w, text, "r1")
	w.Want("redemption", redemptionState(w, done), []any{true, true, true})
	w.AdvancePastRenewal(T1)
	w.HasProducts("c1", "pro active", "free scheduled")
	w.HasBalance("c1", "messages", true, 500)
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 0, 0)
	w.Billed("r1", 0, 0, 2000)
	w.HasProducts("c1", "free active")
	w.HasProducts("r1", "pro active")
}

func TestREF15TheSameOrAHigherPlanIsLoweredByThePrice(t *testing.T) {
	for product, want := range map[string][]int64{"pro": {2000, 0, 0, 2000}, "premium": {5000, 3000, 3000, 5000}} {
		t.Run(product, func(t *testing.T) {
			w := worldOfFreeMonths(t, "r1")
			w.CustomerWithCard("c1", product)
			done := redeem(w, freeMonths(w, "pro", 2), "r1")
			w.Want("redemption", redemptionState(w, done), []any{true, true, false})
			rewards := ValueAt(w.Customer("c1", "rewards"), "rewards.discounts").([]any)
			w.Want("rewards", []any{len(rewards), ValueAt(rewards[0], "queued"), ValueAt(rewards[1], "queued"), ValueAt(rewards[1], "duration_type")},
				[]any{2, false, true, "one_off"})
			for n := 1; n <= 3; n++ {
				w.AdvancePastRenewal(T0.AddDate(0, n, 0))
			}
			w.Billed("c1", want...)
			w.HasProducts("c1", product+" active")
		})
	}
}

// Half way through a month of hobby its half is credited, a full month of pro is free,
// and then it is charged.
func TestREF15ALowerPlanGivesWay(t *testing.T) {
	w := worldOfFreeMonths(t, "r1")
	w.Product("hobby", "main", Price(10), Messages(200))
	w.CustomerWithCard("c1", "hobby")
	text := freeMonths(w, "pro", 1)
	w.Advance("15d")
	done := redeem(w, text, "r1")
	w.Want("redemption", redemptionState(w, done), []any{true, true, false})
	w.HasProducts("c1", "pro active")
	w.HasSubscriptions("c1", 2) // the first has ended
	w.Billed("c1", 1000, 0, -500)
	w.AdvancePastRenewal(T0.AddDate(0, 1, 15))
	w.Billed("c1", 1000, 0, -500, 2000)
	w.Want("paid by the credit", ValueAt(w.AtStripe("c1"), "customer.balance"), 0)
	w.HasProducts("c1", "pro active")
}

// Without a card the second month comes after the first, and with a card it is the next.
func TestREF15ASecondRedemptionExtends(t *testing.T) {
	for _, card := range []bool{true, false} {
		t.Run(fmt.Sprintf("with a card %t", card), func(t *testing.T) {
			w := worldOfFreeMonths(t, "c1", "r1", "r2")
			text := freeMonths(w, "pro", 1)
			if card {
				w.PutGoodCard("c1")
			}
			redeem(w, text, "r1")
			w.Advance("3d")
			second := redeem(w, text, "r2")
			w.Want("given", redemptionState(w, second), []any{true, card, false})
			w.AdvancePastRenewal(T1)
			w.Want("after a month", redemptionState(w, second), []any{true, true, false})
			w.HasProducts("c1", map[bool][]string{true: {"pro active"}, false: {"pro active", "free scheduled"}}[card]...)
			w.Billed("c1", 0, 0)
			w.AdvancePastRenewal(T2)
			if card {
				w.Billed("c1", 0, 0, 2000)
				w.HasProducts("c1", "pro active")
				return
			}
			w.Billed("c1", 0, 0)
			w.HasProducts("c1", "free active")
		})
	}
}

// A card that comes during the month is charged afterwards; the queued month is first.
func TestREF15ACardThatComesLater(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1", "r2")
	text := freeMonths(w, "pro", 1)
	redeem(w, text, "r1")
	redeem(w, text, "r2")
	w.Advance("10d")
	w.PutGoodCard("c1")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c1", "pro active")
	w.HasSubscriptions("c1", 1)
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 0, 0, 2000)
}

// A customer who cancels it has no more of it, whatever card comes.
func TestREF15ACancelledFreeMonthEnds(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1")
	redeem(w, freeMonths(w, "pro", 1), "r1")
	w.Refused(400, "invalid_request", "/v1/attach", JSON{"customer_id": "c1", "product_id": "pro"}) // nothing to charge
	w.Cancel("c1", "pro")
	w.PutGoodCard("c1")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c1", "free active")
	w.Billed("c1", 0)
}

// What was cancelled is used to its end, and then the free month begins.
func TestREF15APlanThatEndsIsFollowedByTheFreeMonth(t *testing.T) {
	w := worldOfFreeMonths(t, "r1")
	w.CustomerWithCard("c1", "pro")
	w.Cancel("c1", "pro")
	done := redeem(w, freeMonths(w, "pro", 1), "r1")
	w.Want("before", redemptionState(w, done), []any{true, false, false})
	queued := ValueAt(w.Customer("c1", "rewards"), "rewards.discounts.0")
	w.Want("queued", []any{ValueAt(queued, "type"), ValueAt(queued, "queued")}, []any{"free_product", true})
	w.AdvancePastRenewal(T1)
	w.Want("after", redemptionState(w, done), []any{true, true, false})
	w.HasProducts("c1", "pro active")
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 2000, 0, 2000)
}

// The downgrade comes, and its first invoice is lowered.
func TestREF15AScheduledDowngrade(t *testing.T) {
	w := worldOfFreeMonths(t, "r1")
	w.CustomerWithCard("c1", "premium", "pro")
	redeem(w, freeMonths(w, "pro", 1), "r1")
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 5000, 0, 2000)
	w.HasProducts("c1", "pro active")
}
