package rewards

import (
	"testing"

	. "windfall/tests/world"
)

// What set a redemption off is its first payment, whatever else the customer paid and
// whatever becomes of the program.
func TestTheFirstPaymentStaysTheSameWithoutItsProgram(t *testing.T) {
	for name, refunded := range map[string]int{"the other purchase": 0, "the purchase": 1} {
		t.Run(name, func(t *testing.T) {
			w := worldOfBonuses(t, nil, "c1", "r1")
			done := redeem(w, referralCode(w, "c1", "P"), "r1")
			w.PutGoodCard("r1")
			w.Attach("r1", "g1_pro")
			w.Want("not for sale in the program", statusOf(w, done), alike("pending"))
			w.Advance("1h")
			w.Attach("r1", "pro")
			w.Want("paid", statusOf(w, done), alike("applied"))
			w.Call("DELETE", "/v1/reward_programs/P", nil)
			w.CallStripe("POST", "/v1/refunds", "charge="+ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("r1")[refunded].ID, ""), "charge").(string))
			want, balance := alike("applied"), 200.0
			if refunded == 1 {
				want, balance = alike("reversed"), 100
			}
			w.Want("refunded", statusOf(w, done), want)
			w.HasBalance("c1", "messages", true, balance)
		})
	}
}

// Where a trial sets a redemption off, the first payment is the one after the trial.
func TestTheFirstPaymentAfterATrialStaysTheSameWithoutItsProgram(t *testing.T) {
	t.Parallel()
	w := worldOfReferrals(t, "c1", "r1")
	w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
	createProgram(w, "P", "checkout", "gift", JSON{"received_by": "all", "product_ids": []string{"pro_trial"}, "exclude_trial": false})
	done := redeem(w, referralCode(w, "c1", "P"), "r1")
	w.PutGoodCard("r1")
	w.Attach("r1", "pro_trial")
	w.Advance("1d")
	w.Attach("r1", "g1_pro")
	w.Call("DELETE", "/v1/reward_programs/P", nil)
	w.Advance("7d")
	refund := func(n int) {
		w.CallStripe("POST", "/v1/refunds", "charge="+ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("r1")[n].ID, ""), "charge").(string))
	}
	refund(1)
	w.Want("another purchase", statusOf(w, done), alike("applied"))
	refund(2)
	w.Want("what followed the trial", statusOf(w, done), alike("reversed"))
}
