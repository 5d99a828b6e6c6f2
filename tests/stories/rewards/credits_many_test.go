package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// What comes by a program is never refused: grants of the same terms become one where a
// customer has a hundred, and a renewal takes the lines of all of them.
func TestThreeHundredGrantsByAProgram(t *testing.T) {
	t.Parallel()
	for name, scope := range map[string]JSON{"for some prices": {"product_ids": []string{"pro_words"}, "apply_to_all": false}, "for all prices": {"apply_to_all": true}} {
		for ends, months := range map[string]JSON{"": {}, ", that expire": {"credits_expire_months": 6}} {
			t.Run(name+ends, func(t *testing.T) {
				w := worldOfPurchases(t, "c")
				createReward(w, "one", "invoice_credits", Merge(JSON{"discount_config": Merge(JSON{"discount_value": 1, "duration_type": "one_off", "duration_value": 0}, scope)}, months))
				createProgram(w, "P_one", "customer_creation", "one", JSON{"max_redemptions": 1000, "received_by": "referrer"})
				w.Attach("c", "pro_words")
				text := referralCode(w, "c", "P_one")
				for i := range 300 {
					if i%60 == 0 {
						w.Advance("1h")
					}
					id := fmt.Sprint("r", i)
					w.Post("/v1/customers", JSON{"id": id})
					redeem(w, text, id)
				}
				w.Want("left", left(w, "c"), 300.0)
				list := ValueAt(w.Customer("c", "rewards"), "rewards.credits").([]any)
				granted := 0.0
				for _, g := range list {
					granted += ValueAt(g, "granted").(float64)
				}
				w.Want("granted", granted, 300.0)
				if len(list) > 101 {
					t.Errorf("%d grants", len(list))
				}
				w.Track("c", "words", 200+20*500) // 500.00
				w.AdvancePastRenewal(T1)
				w.NothingUnbilled("c")
				w.Want("due", due(w, "c"), []float64{20, 220})
				w.Want("left", left(w, "c"), 0.0)
				s, _, err := w.Stack.Customer(w.Context(), "c")
				for _, g := range s.Credits.Grants {
					for _, e := range g.Entries {
						if err != nil || e.Reserved {
							t.Fatalf("the invoice was not booked: %+v, %v", e, err)
						}
					}
				}
				w.Refused(400, "customer_already_redeemed_referral_code", "/v1/referrals/redeem", JSON{"code": text, "customer_id": "r1"})
			})
		}
	}
}

// News of an invoice of years ago book nothing once more.
func TestAnInvoiceOfLongAgoUsesNoCreditsAgain(t *testing.T) {
	w := worldOfPurchases(t, "c")
	creditsFor(w, "hundred", 100, "pro")
	credits(w, "one", 1)
	w.Attach("c", "pro")
	give(w, "c", "hundred")
	w.AdvancePastRenewal(T1)
	w.Want("left", left(w, "c"), 80.0)
	w.Cancel("c", "pro", Immediately())
	w.Advance("800d")
	give(w, "c", "one")
	grant := func() []any {
		g := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0")
		return []any{ValueAt(g, "granted"), ValueAt(g, "applied"), ValueAt(g, "remaining"), len(ValueAt(g, "entries").([]any))}
	}
	w.Want("years later", grant(), []any{100.0, 20.0, 80.0, 0})
	w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[1].ID, "metadata[note]=staff+wrote")
	w.WaitIdle()
	w.Want("after news of it", grant(), []any{100.0, 20.0, 80.0, 0})
}

// Years later what is used up is kept by the history alone.
func TestCreditsThatWereUsedUpLongAgo(t *testing.T) {
	w := worldOfPurchases(t, "c")
	credits(w, "five", 5)
	creditsFor(w, "six", 6, "pro")
	give(w, "c", "five")
	w.Attach("c", "pro")
	give(w, "c", "six")
	w.AdvancePastRenewal(T1)
	w.Want("used up", left(w, "c"), 0.0)
	w.Cancel("c", "pro", Immediately())
	w.Advance("800d")
	credits(w, "ten", 10)
	give(w, "c", "ten")
	w.Want("left", left(w, "c"), 10.0)
	list := ValueAt(w.Customer("c", "rewards"), "rewards.credits").([]any)
	w.Want("grants", len(list), 1)
	w.Want("of them", ValueAt(list[0], "reward_id"), "ten")
	w.Attach("c", "pro")
	w.Want("left after a purchase", left(w, "c"), 0.0)
}
