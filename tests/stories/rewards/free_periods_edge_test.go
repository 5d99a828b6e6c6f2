package rewards

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A trial is not used up: its first charge is lowered.
func TestREF15InATrial(t *testing.T) {
	w := worldOfFreeMonths(t, "r1")
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	w.CustomerWithCard("c1", "pro_trial")
	redeem(w, freeMonths(w, "pro_trial", 1), "r1")
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.AdvancePastRenewal(T0.AddDate(0, 1, 7))
	w.Billed("c1", 0, 0, 2000)
}

// A year is one period, two weeks are another and then the rest.
func TestREF15OtherPeriods(t *testing.T) {
	for interval, periods := range map[string][]time.Time{
		"year": {T0.AddDate(1, 0, 0), T0.AddDate(2, 0, 0)}, "week": {T0.AddDate(0, 0, 7), T0.AddDate(0, 0, 14)},
	} {
		for _, card := range []bool{true, false} {
			t.Run(fmt.Sprint(interval, ", with a card ", card), func(t *testing.T) {
				w := worldOfFreeMonths(t, "c1", "r1")
				w.Product("other", "main", JSON{"price": 30, "interval": interval}, Messages(500))
				text := freeMonths(w, "other", 2)
				if card {
					w.PutGoodCard("c1")
				}
				redeem(w, text, "r1")
				w.AdvancePastRenewal(periods[0])
				w.HasProducts("c1", map[bool][]string{true: {"other active"}, false: {"other active", "free scheduled"}}[card]...)
				w.AdvancePastRenewal(periods[1])
				w.HasProducts("c1", map[bool]string{true: "other active", false: "free active"}[card])
				w.Billed("c1", map[bool][]int64{true: {0, 0, 3000}, false: {0, 0}}[card]...)
			})
		}
	}
}

// What the gift leaves out: use is paid, and packs are not bought.
func TestREF15UseIsPaid(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1")
	w.PutGoodCard("c1")
	redeem(w, freeMonths(w, "pro_use", 2), "r1")
	w.Track("c1", "messages", 150)
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("c1", 0, 500, 2000)
}

// A new version is given at the price of the day; who has an older one has it free.
func TestREF15AnEditedPlan(t *testing.T) {
	w := worldOfFreeMonths(t, "c2", "r1", "r2")
	w.CustomerWithCard("c1", "pro")
	text := freeMonths(w, "pro", 1)
	w.Post("/v1/products/pro", JSON{"items": []JSON{Price(15), Messages(700)}})
	redeem(w, text, "r1")
	redeem(w, referralCode(w, "c2", "P_months"), "r2")
	w.HasBalance("c2", "messages", true, 700)
	w.AdvancePastRenewal(T1)
	w.Billed("c1", 2000, 0)
	w.Billed("c2", 0)
}

// A discount that runs on the customer is none of the subscription's while it is free, and
// comes before the price of a plan that is held.
func TestREF15WhileAnotherDiscountRuns(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1", "r2")
	createReward(w, "tenth", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 10, "duration_type": "months", "duration_value": 2, "apply_to_all": true}})
	text := freeMonths(w, "pro", 1)
	w.PutGoodCard("c1")
	w.Post("/v1/customers/c1/coupons/tenth", JSON{})
	redeem(w, text, "r1")
	w.HasProducts("c1", "pro active")
	second := redeem(w, text, "r2")
	w.Want("the second", redemptionState(w, second), []any{true, false, false})
	for n := 1; n <= 3; n++ {
		w.AdvancePastRenewal(T0.AddDate(0, n, 0))
	}
	w.Want("in the end", redemptionState(w, second), []any{true, true, false})
	w.Billed("c1", 0, 1800, 0, 2000)
}

// A page that is open decides what the gift is.
func TestREF15WhileAPageIsOpen(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1")
	text := freeMonths(w, "pro", 1)
	page := fmt.Sprint(w.Attach("c1", "pro")["checkout_url"])
	done := redeem(w, text, "r1")
	w.Want("while it is open", redemptionState(w, done), []any{true, false, false})
	w.Pay(page)
	w.Advance("25h")
	w.Want("after it", redemptionState(w, done), []any{true, true, false})
	w.HasSubscriptions("c1", 1)
	w.AdvancePastRenewal(T1)
	w.Billed("c1", 2000, 0)
}

// An add-on that is paid each month is lowered where it is held, and begins where not.
func TestREF15APaidAddOn(t *testing.T) {
	w := worldOfFreeMonths(t, "c2", "r1", "r2")
	w.CustomerWithCard("c1", "pro", "addon_words")
	redeem(w, freeMonths(w, "addon_words", 1), "r1")
	redeem(w, referralCode(w, "c2", "P_months"), "r2")
	w.HasProducts("c2", "addon_words active", "free active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c2", "free active")
	w.Billed("c2", 0)
	total := int64(0)
	for _, i := range w.Invoices("c1") {
		total += i.Total
	}
	w.Want("paid by c1 in two periods", total, int64(6000))
}

// A free period is no purchase that sets another referral off, nor that makes a customer
// an old one.
func TestREF15AFreePeriodIsNoPurchase(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "c2", "r1")
	createProgram(w, "P_buy", "checkout", "gift", JSON{"product_ids": []string{"pro"}})
	createProgram(w, "P_new", "customer_creation", "gift", JSON{"new_customers_only": true})
	waits := redeem(w, referralCode(w, "c2", "P_buy"), "c1")
	w.PutGoodCard("c1")
	redeem(w, freeMonths(w, "pro", 1), "r1")
	w.Billed("c1", 0)
	w.Want("in the free month", redemptionState(w, waits), []any{false, false, false})
	redeem(w, referralCode(w, "c2", "P_new"), "c1")
	w.AdvancePastRenewal(T1)
	w.Billed("c1", 0, 2000)
	w.Want("when it is paid", redemptionState(w, waits), []any{true, true, false})
}

// A card that fails after the free month makes the product past due, as it does elsewhere.
func TestREF15ACardThatFailsAfterwards(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1")
	w.PutFailingCard("c1")
	redeem(w, freeMonths(w, "pro", 1), "r1")
	w.HasProducts("c1", "pro active")
	w.AdvancePastRenewal(T1)
	w.HasProducts("c1", "pro past_due")
}

// What was earned stays when program, reward and product are gone; a product that is gone
// gives nothing.
func TestREF15WhatIsDeletedInBetween(t *testing.T) {
	for _, product := range []bool{false, true} {
		t.Run(fmt.Sprintf("the product %t", product), func(t *testing.T) {
			w := worldOfFreeMonths(t, "r1")
			w.Product("lower", "second", Price(10))
			w.Product("given", "second", Price(10))
			w.CustomerWithCard("c1", "lower")
			w.Cancel("c1", "lower")
			done := redeem(w, freeMonths(w, "given", 1), "r1")
			refusedDelete(w, "/v1/products/given", "product_has_reward_programs")
			w.Call("DELETE", "/v1/reward_programs/P_months", nil)
			w.Call("DELETE", "/v1/rewards/months", nil)
			if product {
				w.Call("DELETE", "/v1/products/given", nil)
			}
			w.AdvancePastRenewal(T1)
			w.Want("redemption", redemptionState(w, done), []any{true, !product, false})
			w.HasProducts("c1", map[bool][]string{true: {"free active"}, false: {"free active", "given active"}}[product]...)
			s, _, err := w.Stack.Customer(w.Context(), "c1")
			if err != nil || len(s.Queue) > 0 {
				t.Errorf("left in the queue: %+v, %v", s.Queue, err)
			}
		})
	}
}

func TestREF15WhatIsRefused(t *testing.T) {
	w := worldOfFreeMonths(t, "c1")
	config := func(n any) JSON { return JSON{"duration_type": "months", "duration_value": n} }
	reward := func(product string, config any) JSON {
		return JSON{"id": "m", "name": "M", "type": "free_product", "free_product_id": product, "free_product_config": config}
	}
	w.Refused(400, "invalid_reward", "/v1/rewards", reward("pro", nil))
	w.Refused(400, "invalid_reward", "/v1/rewards", reward("free", config(1)))
	w.Refused(400, "invalid_reward", "/v1/rewards", reward("booster", config(1)))
	w.Refused(400, "invalid_reward", "/v1/rewards", reward("topup", config(1)))
	w.Refused(400, "invalid_reward", "/v1/rewards", reward("gone", config(1)))
	w.Refused(400, "invalid_reward", "/v1/rewards", reward("pro", config(25)))
	for _, bad := range []any{config(0), config(-1), config(1.5), config("1"), JSON{"duration_type": "weeks", "duration_value": 1}, JSON{}, "x", JSON{"months": 1},
		Merge(config(1), JSON{"product_id": "premium"})} {
		w.Refused(400, "invalid_inputs", "/v1/rewards", reward("pro", bad))
	}
	w.Refused(400, "invalid_reward", "/v1/rewards", JSON{"id": "m", "name": "M", "type": "percentage_discount", "free_product_config": config(1),
		"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true}})
	w.Post("/v1/rewards", JSON{"id": "words", "name": "W", "type": "free_product", "free_product_id": "addon_words"})
	w.Refused(400, "invalid_request", "/v1/reward_programs", JSON{"id": "p", "when": "customer_creation", "reward_id": "words", "received_by": "referrer"})
	made := w.Post("/v1/rewards", Merge(reward("pro", config(3)), JSON{"promo_codes": []JSON{{"code": "THREE"}}}))
	w.Want("config", made["free_product_config"], config(3))
	w.Want("after an edit of the name", ValueAt(w.Post("/v1/rewards/m", JSON{"name": "N"}), "free_product_config.duration_value"), 3)
	for path, body := range map[string]JSON{"/v1/rewards/redeem": {"code": "THREE", "customer_id": "c1"}, "/v1/customers/c1/coupons/m": {},
		"/v1/attach": {"customer_id": "c1", "product_id": "premium", "reward": "m"}} {
		w.Refused(400, "invalid_reward", path, body)
	}
	w.Refused(400, "product_has_reward_programs", "/v1/products/pro", JSON{"items": []JSON{Messages(1)}})
	createProgram(w, "p", "customer_creation", "m")
	w.Refused(400, "invalid_reward", "/v1/rewards/m", JSON{"free_product_config": nil})
}

func refusedDelete(w *World, path, code string) {
	w.Helper()
	if a := w.Do(w.Stack.Key, "DELETE", path, nil); a.Status != 400 || a.Body["code"] != code {
		w.Errorf("DELETE %s: %d %s", path, a.Status, a.Text)
	}
}

// A customer who was deleted at Stripe is made anew there, without the card.
func TestREF15ACustomerWhoIsGoneAtStripe(t *testing.T) {
	w := worldOfFreeMonths(t, "c1", "r1")
	text := freeMonths(w, "pro", 1)
	w.PutGoodCard("c1")
	was := w.StripeID("c1")
	w.CallStripe("DELETE", "/v1/customers/"+was, "")
	done := redeem(w, text, "r1")
	w.Want("redemption", redemptionState(w, done), []any{true, true, false})
	w.HasProducts("c1", "pro active", "free scheduled")
	if w.StripeID("c1") == was {
		t.Error("the customer is still the one that is gone")
	}
	w.Billed("c1", 0)
}

// A customer who gets another id, and is deleted, takes the gift along, or leaves nothing.
func TestREF15AQueuedGiftOfAnotherID(t *testing.T) {
	w := worldOfFreeMonths(t, "r1", "r2")
	w.CustomerWithCard("c1", "pro")
	w.Cancel("c1", "pro")
	text := freeMonths(w, "pro", 1)
	done := redeem(w, text, "r1")
	w.Post("/v1/customers/c1", JSON{"id": "c2"})
	w.AdvancePastRenewal(T1)
	w.Want("redemption", redemptionState(w, done), []any{true, true, false})
	w.HasProducts("c2", "pro active")
	w.Cancel("c2", "pro")
	redeem(w, text, "r2")
	w.Want("a gift waits", strings.Contains(w.Stack.Tables(), "REWARD#0"), true)
	w.RequireDeleted("c2", "?cancel=true")
	w.AdvancePastRenewal(T2)
	w.Want("of the deleted customer", strings.Contains(w.Stack.Tables(), "REWARD#0"), false)
}
