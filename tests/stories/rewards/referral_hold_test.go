package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// statusOf is the status of a redemption, of its referrer's and of its redeemer's side.
func statusOf(w *World, redemption JSON) []any {
	w.Helper()
	r := w.Get("/v1/redemptions/" + fmt.Sprint(redemption["id"]))
	return []any{r["status"], r["referrer_status"], r["redeemer_status"]}
}

func alike(status string) []any { return []any{status, status, status} }

// refundFirst refunds all of a customer's first invoice.
func refundFirst(w *World, customer string) {
	w.Helper()
	w.CallStripe("POST", "/v1/refunds", "charge="+chargeOfFirst(w, customer))
}

// disputeFirst has the bank take the first payment back.
func disputeFirst(w *World, customer string) {
	w.Helper()
	w.Do(w.Stack.Key, "POST", "/_local/invoices/"+w.Invoices(customer)[0].ID+"/dispute", JSON{"amount": 2000})
	w.WaitIdle()
}

func chargeOfFirst(w *World, customer string) string {
	w.Helper()
	charge, _ := ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices(customer)[0].ID, ""), "charge").(string)
	return charge
}

// worldOfBonuses is a world with a checkout program that gives both sides the add-on
// bonus for the purchase of pro.
func worldOfBonuses(t *testing.T, terms JSON, customers ...string) *World {
	t.Helper()
	t.Parallel()
	w := worldOfReferrals(t, customers...)
	createProgram(w, "P", "checkout", "gift", JSON{"received_by": "all", "product_ids": []string{"pro"}}, terms)
	return w
}

func TestREF20ARewardWaitsForItsDay(t *testing.T) {
	w := worldOfBonuses(t, JSON{"hold_days": 10}, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.Want("redeemed", statusOf(w, done), alike("pending"))
	w.Advance("2d")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("paid", statusOf(w, done), alike("held"))
	w.Want("until", w.Get("/v1/redemptions/" + fmt.Sprint(done["id"]))["held_until"], T0.AddDate(0, 0, 12).UnixMilli())
	w.HasBalance("c1", "messages", true, 100)
	w.AdvanceTo(T0.AddDate(0, 0, 12).Add(-1))
	w.Want("a moment before", statusOf(w, done), alike("held"))
	w.AdvanceTo(T0.AddDate(0, 0, 12))
	w.Advance("10m")
	w.Want("on its day", statusOf(w, done), alike("applied"))
	w.HasBalance("c1", "messages", true, 200)
	w.HasBalance("r1", "messages", true, 600)
}

func TestREF20ARefundEndsTheWait(t *testing.T) {
	for name, back := range map[string]func(*World){
		"refunded": func(w *World) { refundFirst(w, "r1") },
		"disputed": func(w *World) { disputeFirst(w, "r1") },
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfBonuses(t, JSON{"hold_days": 10, "max_redemptions": 1}, "c1", "r1", "r2")
			text := referralCode(w, "c1", "P")
			done := redeem(w, text, "r1")
			w.Advance("2d")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro")
			w.Advance("3d")
			back(w)
			w.Want("after it", statusOf(w, done), alike("refused"))
			w.Advance("30d")
			w.Want("for good", statusOf(w, done), alike("refused"))
			w.HasBalance("c1", "messages", true, 100)
			second := redeem(w, text, "r2") // its place is free again
			w.PutGoodCard("r2")
			w.Buy("r2", "pro")
			w.Want("the next one", statusOf(w, second), alike("held"))
		})
	}
}

func TestREF21WhatIsUnusedGoesBackWithThePayment(t *testing.T) {
	for used, left := range map[int]float64{0: 100, 130: 70} { // 100 of the default product are used first
		t.Run(fmt.Sprint(used), func(t *testing.T) {
			w := worldOfBonuses(t, nil, "c1", "r1")
			done := redeem(w, referralCode(w, "c1", "P"), "r1")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro")
			w.Want("paid", statusOf(w, done), alike("applied"))
			if used > 0 {
				w.Track("c1", "messages", used)
			}
			w.Advance("3d")
			refundFirst(w, "r1")
			want := []any{"reversed", "reversed", "reversed"}
			if used > 0 {
				want[1] = "applied" // it was used, so it stays
			}
			w.Want("after the refund", statusOf(w, done), want)
			w.HasBalance("c1", "messages", true, left)
			w.HasBalance("r1", "messages", true, 500)
			w.Redeliver("charge.refunded", "invoice.paid")
			w.Want("heard again", statusOf(w, done), want)
			w.HasBalance("c1", "messages", true, left)
		})
	}
}

func TestREF22UnspentCreditsGoBackWithThePayment(t *testing.T) {
	w := worldOfPurchases(t, "R", "r")
	w.Attach("R", "pro")
	credits(w, "lots", 25)
	createProgram(w, "friends", "checkout", "lots", JSON{"product_ids": []string{"pro"}})
	done := redeem(w, referralCode(w, "R", "friends"), "r")
	w.Attach("r", "pro")
	w.Want("paid", statusOf(w, done), []any{"applied", "applied", nil})
	w.AdvancePastRenewal(T1)
	w.Want("at T1", due(w, "R"), []float64{20, 0})
	refundFirst(w, "r")
	w.Want("refunded", statusOf(w, done), []any{"reversed", "reversed", nil})
	w.Want("left", left(w, "R"), 0.0)
	w.Want("the balance at Stripe", balance(w, "R"), 0.0)
	w.AdvancePastRenewal(T2)
	w.Want("at T2", due(w, "R"), []float64{20, 0, 20})
}

// A discount that waits is gone, one that runs ends, and one that was used up stays.
func TestADiscountGoesBackWithThePayment(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "r1", "r2", "r3")
	createReward(w, "tenOff", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true}})
	createProgram(w, "P", "checkout", "tenOff", JSON{"product_ids": []string{"pro"}})
	w.CustomerWithCard("R", "pro")
	text := referralCode(w, "R", "P")
	var done []JSON
	for _, id := range []string{"r1", "r2", "r3"} {
		done = append(done, redeem(w, text, id))
		w.PutGoodCard(id)
		w.Buy(id, "pro")
	}
	referrer := func() (all []any) {
		for _, r := range done {
			all = append(all, w.Get("/v1/redemptions/" + fmt.Sprint(r["id"]))["referrer_status"])
		}
		return all
	}
	w.Want("paid", referrer(), []any{"applied", "triggered", "triggered"})
	refundFirst(w, "r2")
	w.Want("the one that waits", referrer(), []any{"applied", "reversed", "triggered"})
	refundFirst(w, "r1")
	w.Want("the one that runs", referrer(), []any{"reversed", "reversed", "applied"})
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Billed("R", 2000, 1800, 2000)
	refundFirst(w, "r3")
	w.Want("the one that was used up", referrer(), []any{"reversed", "reversed", "applied"})
	w.Want("as a whole", w.Get("/v1/redemptions/" + fmt.Sprint(done[2]["id"]))["status"], "reversed")
	w.AdvancePastRenewal(T2.AddDate(0, 1, 0))
	w.Billed("R", 2000, 1800, 2000, 2000)
}

// The event of the refund, or of the dispute, comes before that of the purchase.
func TestARefundThatIsHeardOfBeforeThePurchase(t *testing.T) {
	for event, reason := range map[string]string{"charge.refunded": "payment_refunded", "charge.dispute.created": "payment_disputed"} {
		t.Run(event, func(t *testing.T) { heardOfBeforeThePurchase(t, event, reason) })
	}
}

func heardOfBeforeThePurchase(t *testing.T, event, reason string) {
	w := worldOfBonuses(t, nil, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	page := fmt.Sprint(w.Attach("r1", "pro")["checkout_url"])
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(page)
	charge := w.CallStripe("GET", "/v1/charges", "")
	if event == "charge.refunded" {
		w.CallStripe("POST", "/v1/refunds", "charge="+ValueAt(charge, "data.0.id").(string))
	} else {
		w.Do(w.Stack.Key, "POST", "/_local/invoices/"+ValueAt(charge, "data.0.invoice").(string)+"/dispute", JSON{"amount": 2000})
	}
	w.Redeliver(event)
	w.Redeliver("checkout.session.completed", "customer.subscription.created", "invoice.paid")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Redeliver(event)
	status := statusOf(w, done)[0]
	w.Want("reason", w.Get("/v1/redemptions/" + fmt.Sprint(done["id"]))["reason"], reason)
	if status != "refused" && status != "reversed" {
		t.Errorf("it is %v", status)
	}
	w.HasBalance("c1", "messages", true, 100)
	w.HasBalance("r1", "messages", true, 500)
	w.AdvancePastRenewal(T1)
	w.Want("with the next payment", statusOf(w, done)[0], status)
	w.HasBalance("c1", "messages", true, 100)
}

func TestREF27ATrialIsAPurchaseWhereTheProgramSaysSo(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "c1", "r1")
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	createProgram(w, "P", "checkout", "gift", JSON{"received_by": "all", "product_ids": []string{"pro_trial"}, "exclude_trial": false})
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro_trial")
	w.Want("in the trial", statusOf(w, done), alike("applied"))
	w.HasBalance("c1", "messages", true, 200)
	w.Advance("7d")
	w.Advance("2h")
	w.Want("paid", statusOf(w, done), alike("applied"))
	w.HasBalance("c1", "messages", true, 200)
}

func TestREF25WhatCostsNothingIsNoPurchase(t *testing.T) {
	w := worldOfBonuses(t, nil, "c1", "r1")
	createReward(w, "free", "percentage_discount", PromoCodes("FREE"), JSON{"discount_config": JSON{"discount_value": 100, "duration_type": "one_off", "apply_to_all": true}})
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Attach("r1", "pro", JSON{"promo_code": "FREE"})
	w.Billed("r1", 0)
	w.Want("of nothing", statusOf(w, done), alike("pending"))
	w.AdvancePastRenewal(T1)
	w.Billed("r1", 0, 2000)
	w.Want("paid", statusOf(w, done), alike("applied"))
}

// The friend is deleted before the payment goes back.
func TestARefundAfterTheFriendIsGone(t *testing.T) {
	w := worldOfBonuses(t, nil, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.HasBalance("c1", "messages", true, 200)
	charge := chargeOfFirst(w, "r1")
	w.RequireDeleted("r1", "?cancel=true")
	createCustomer(w, "r1", "") // another one of the same id
	w.CallStripe("POST", "/v1/refunds", "charge="+charge)
	w.Want("after the refund", statusOf(w, done), []any{"reversed", "reversed", "applied"})
	w.HasBalance("c1", "messages", true, 100)
	w.HasBalance("r1", "messages", true, 100)
}

// All of the credits are spent when the friend's payment goes back; what the referrer's own
// refund gives back later is gone, too.
func TestCreditsThatComeBackAfterTheyWereReversed(t *testing.T) {
	w := worldOfPurchases(t, "R", "r")
	w.Attach("R", "pro")
	credits(w, "some", 15)
	createProgram(w, "friends", "checkout", "some", JSON{"product_ids": []string{"pro"}})
	done := redeem(w, referralCode(w, "R", "friends"), "r")
	w.Attach("r", "pro")
	w.AdvancePastRenewal(T1)
	w.Want("at T1", due(w, "R"), []float64{20, 5})
	refundFirst(w, "r")
	w.Want("all was used", statusOf(w, done), []any{"reversed", "applied", nil})
	charge := ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("R")[1].ID, ""), "charge").(string)
	w.CallStripe("POST", "/v1/refunds", "charge="+charge)
	w.Advance("10m")
	w.Want("left", left(w, "R"), 0.0)
	w.Want("the balance at Stripe", balance(w, "R"), 0.0)
	w.AdvancePastRenewal(T2)
	w.Want("at T2", due(w, "R"), []float64{20, 5, 20})
}

// The gift is cancelled, and the customer buys the same add-on: what was bought stays, and
// so does what was bought beside the gift.
func TestWhatWasBoughtIsNoGift(t *testing.T) {
	for name, left := range map[string]float64{"instead": 200, "beside": 200} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfReferrals(t, "r1")
			w.Product("pack", "", OneTimePrice(100), Lifetime("messages", 100)).AddOn()
			createReward(w, "packs", "free_product", JSON{"free_product_id": "pack"})
			createProgram(w, "P", "checkout", "packs", JSON{"product_ids": []string{"pro"}})
			createCustomer(w, "c1", "")
			w.PutGoodCard("c1")
			done := redeem(w, referralCode(w, "c1", "P"), "r1")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro")
			w.HasBalance("c1", "messages", true, 200)
			if name == "instead" {
				w.Cancel("c1", "pack", Immediately())
			}
			w.Buy("c1", "pack")
			refundFirst(w, "r1")
			w.Want("status", statusOf(w, done)[0], "reversed")
			w.HasBalance("c1", "messages", true, left)
		})
	}
}
