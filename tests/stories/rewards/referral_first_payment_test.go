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

// A trial set the reward off and was cancelled: the first payment is that of what is
// bought then, if it is the same product or a listed one, and no other.
func TestTheFirstPaymentAfterATrialThatWasCancelled(t *testing.T) {
	for name, tt := range map[string]struct {
		then     string // bought after the trial
		before   func(w *World)
		refunded int
		want     string
	}{
		"bought again":                           {"pro_trial", nil, 1, "reversed"},
		"bought again, the program is gone":      {"pro_trial", func(w *World) { w.Call("DELETE", "/v1/reward_programs/P", nil) }, 1, "reversed"},
		"bought again when the trial would end":  {"pro_trial", func(w *World) { w.Advance("9d") }, 1, "reversed"},
		"another listed product":                 {"pro", nil, 1, "reversed"},
		"a product that is not listed":           {"premium", nil, 1, "applied"},
		"another purchase before it is no first": {"pro_trial", func(w *World) { w.Attach("r1", "g1_pro"); w.Advance("1h") }, 1, "applied"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfReferrals(t, "c1", "r1")
			w.Product("pro_trial", "main", Price(20), Messages(500)).Trial(7)
			createProgram(w, "P", "checkout", "gift", JSON{"received_by": "all", "product_ids": []string{"pro_trial", "pro"}, "exclude_trial": false})
			done := redeem(w, referralCode(w, "c1", "P"), "r1")
			w.PutGoodCard("r1")
			w.Buy("r1", "pro_trial")
			w.Cancel("r1", "pro_trial", Immediately())
			if tt.before != nil {
				tt.before(w)
			}
			w.Buy("r1", tt.then)
			refundInvoice(w, "r1", tt.refunded)
			w.Want("refunded", statusOf(w, done), alike(tt.want))
			if tt.want == "applied" && tt.then == "pro_trial" {
				refundInvoice(w, "r1", tt.refunded+1)
				w.Want("its own", statusOf(w, done), alike("reversed"))
			}
		})
	}
}
