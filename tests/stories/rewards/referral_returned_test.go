package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// refundInvoice refunds all of one invoice of a customer, the oldest being 0.
func refundInvoice(w *World, customer string, n int) {
	w.Helper()
	charge := ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices(customer)[n].ID, ""), "charge")
	w.CallStripe("POST", "/v1/refunds", fmt.Sprint("charge=", charge))
}

// The payment that set the reward off is the one it goes back with, whatever became of
// the program since: not one for another product before it.
func TestTheFirstPaymentIsTheOneThatSetItOff(t *testing.T) {
	for name, change := range map[string]func(*World){
		"the program as it was": func(*World) {},
		"deleted":               func(w *World) { w.Call("DELETE", "/v1/reward_programs/P", nil) },
		"for other products": func(w *World) {
			w.Call("PUT", "/v1/reward_programs/P", JSON{"when": "checkout", "reward_id": "gift", "received_by": "all", "product_ids": []string{"g1_pro"}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfBonuses(t, nil, "c1", "r1")
			done := redeem(w, referralCode(w, "c1", "P"), "r1")
			w.PutGoodCard("r1")
			w.Attach("r1", "g1_pro")
			w.Want("another product", statusOf(w, done), alike("pending"))
			w.Advance("1d")
			w.Attach("r1", "pro")
			w.Want("paid", statusOf(w, done), alike("applied"))
			change(w)
			refundInvoice(w, "r1", 0)
			w.Want("the other payment went back", statusOf(w, done), alike("applied"))
			refundInvoice(w, "r1", 1)
			w.Want("the first payment went back", statusOf(w, done), alike("reversed"))
			w.HasBalance("c1", "messages", true, 100)
		})
	}
}

// A part that is refunded changes nothing; a dispute takes back, and one that is won
// later gives nothing again.
func TestWhatGivesNothingBack(t *testing.T) {
	w := worldOfBonuses(t, nil, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.CallStripe("POST", "/v1/refunds", "amount=1900&charge="+chargeOfFirst(w, "r1"))
	w.Want("refunded in part", statusOf(w, done), alike("applied"))
	disputed := w.Post("/_local/invoices/"+w.Invoices("r1")[0].ID+"/dispute", JSON{"amount": 100})
	w.Want("disputed", statusOf(w, done), alike("reversed"))
	w.Post("/_local/disputes/"+fmt.Sprint(disputed["id"])+"/close", JSON{"status": "won"})
	w.Want("won", statusOf(w, done), alike("reversed"))
	w.HasBalance("c1", "messages", true, 100)
}

// Without a trial in the way: the first payment of a program that rewards the beginning of
// a trial is the one at its end.
func TestTheFirstPaymentAfterATrial(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "c1", "r1")
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	createProgram(w, "P", "checkout", "gift", JSON{"product_ids": []string{"pro_trial"}, "exclude_trial": false})
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro_trial")
	w.AdvancePastRenewal(day(7))
	w.Want("paid", statusOf(w, done), []any{"applied", "applied", nil})
	refundInvoice(w, "r1", 1)
	w.Want("refunded", statusOf(w, done), []any{"reversed", "reversed", nil})
}

// A person may give what is held for days alone before its day.
func TestAHoldIsOverWhenAPersonSaysSo(t *testing.T) {
	w := worldOfBonuses(t, JSON{"hold_days": 10}, "c1", "r1")
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Buy("r1", "pro")
	w.Want("held", statusOf(w, done), alike("held"))
	review(w, done, "approve")
	w.Want("approved", statusOf(w, done), alike("applied"))
	w.Advance("11d")
	w.HasBalance("c1", "messages", true, 200)
}

// A discount that waits for a customer who is deleted is never given; the other side
// keeps its own.
func TestADeletedSideHasNothingMore(t *testing.T) {
	w := worldOfDiscountPrograms(t, "r1", "r2")
	createProgram(w, "both", "customer_creation", "tenOff", JSON{"received_by": "all"})
	w.CustomerWithCard("R", "pro")
	text := referralCode(w, "R", "both")
	redeem(w, text, "r1")
	second := redeem(w, text, "r2")
	w.Want("waits", statusOf(w, second), []any{"triggered", "triggered", "applied"})
	w.RequireDeleted("R", "?cancel=true")
	w.AdvancePastRenewal(T1)
	w.Want("after the deletion", statusOf(w, second), []any{"applied", "closed", "applied"})
	w.PutGoodCard("r2")
	w.Buy("r2", "pro")
	w.Billed("r2", 1800)
}

// A subscription of free periods stays; discounts of them go, those that wait and the first.
func TestFreePeriodsGoBackAsFarAsTheyWait(t *testing.T) {
	for has, want := range map[string][]int64{"pro": {2000, 2000, 2000}, "": {0}} {
		t.Run("has "+has, func(t *testing.T) {
			t.Parallel()
			w := worldOfReferrals(t, "r1")
			w.Post("/v1/customers", JSON{"id": "R"})
			createReward(w, "months", "free_product", JSON{"free_product_id": "pro", "free_product_config": JSON{"duration_type": "months", "duration_value": 2}})
			createProgram(w, "P", "checkout", "months", JSON{"product_ids": []string{"pro"}})
			if has != "" {
				w.PutGoodCard("R")
				w.Attach("R", has)
			}
			done := redeem(w, referralCode(w, "R", "P"), "r1")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro")
			w.Want("given", statusOf(w, done), []any{"applied", "applied", nil})
			refundFirst(w, "r1")
			side := map[string]string{"pro": "reversed", "": "applied"}[has] // a subscription of two months runs as a whole
			w.Want("refunded", statusOf(w, done), []any{"reversed", side, nil})
			w.AdvancePastRenewal(T1)
			w.HasProducts("R", map[string][]string{"pro": {"pro active"}, "": {"pro active", "free scheduled"}}[has]...)
			w.AdvancePastRenewal(T2)
			if has == "" {
				want = []int64{0, 0}
			}
			w.Billed("R", want...)
		})
	}
}
