package rewards

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// creditsFor makes a reward of credits for the prices of some products.
func creditsFor(w *World, id string, value float64, products ...string) {
	w.Helper()
	createReward(w, id, "invoice_credits", JSON{"discount_config": JSON{"discount_value": value, "duration_type": "one_off", "duration_value": 0, "product_ids": products}})
}

// What came back of an invoice is no payment of it: it does not come back again when its
// time does.
func TestCreditsThatCameBackAreNoPayment(t *testing.T) {
	t.Parallel()
	invoice := func(w *World, action string) {
		w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID+"/"+action, "")
	}
	charge := func(w *World) string {
		return ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[0].ID, ""), "charge").(string)
	}
	for name, tt := range map[string]struct {
		back    func(w *World)
		invoice bool
		want    float64 // the balance at Stripe after an end with a credit, in cents
	}{
		"refunded":            {func(w *World) { w.CallStripe("POST", "/v1/refunds", "charge="+charge(w)) }, false, -1200},
		"half of it refunded": {func(w *World) { w.CallStripe("POST", "/v1/refunds", "charge="+charge(w)+"&amount=400") }, false, -1600},
		"a dispute lost": {func(w *World) {
			w.Do(w.Stack.Key, "POST", "/_local/invoices/"+w.Invoices("c")[0].ID+"/dispute", JSON{"amount": 800})
			w.WaitIdle()
			for _, d := range w.CallStripe("GET", "/v1/disputes", "")["data"].([]any) {
				w.Do(w.Stack.Key, "POST", "/_local/disputes/"+ValueAt(d, "id").(string)+"/close", JSON{"status": "lost"})
			}
		}, false, -1200},
		"written off": {func(w *World) { invoice(w, "mark_uncollectible") }, true, -1200},
		"a credit note for all of it": {func(w *World) {
			w.CallStripe("POST", "/v1/credit_notes", "invoice="+w.Invoices("c")[0].ID+"&amount=2000&refund_amount=800&credit_amount=1200")
		}, false, -1200},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t)
			w.CustomerWithEmailAndCard("c")
			credits(w, "twelve", 12)
			give(w, "c", "twelve")
			w.Attach("c", "pro", JSON{"invoice": tt.invoice})
			w.WaitIdle()
			tt.back(w)
			w.WaitIdle()
			w.Cancel("c", "pro", Immediately(), JSON{"prorate": true})
			w.Want("the balance at Stripe", balance(w, "c"), tt.want)
		})
	}
}

// A credit note to the balance, of whatever part, leaves the rest paid.
func TestCreditNotesOfWhatCreditsPaid(t *testing.T) {
	t.Parallel()
	for note, want := range map[string]float64{"&amount=800&credit_amount=800": -2000, "&amount=1200&credit_amount=1200": -2000, "&amount=2000&credit_amount=2000": -2000,
		"&amount=1000&refund_amount=400&credit_amount=600": -1600} {
		t.Run(note, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			credits(w, "twelve", 12)
			give(w, "c", "twelve")
			w.Attach("c", "pro") // 8.00 by card
			w.CallStripe("POST", "/v1/credit_notes", "invoice="+w.Invoices("c")[0].ID+note)
			w.WaitIdle()
			w.Cancel("c", "pro", Immediately(), JSON{"prorate": true})
			w.Advance("1h")
			w.Want("the balance at Stripe", balance(w, "c"), want)
		})
	}
}

// A void invoice gives back what credits of a purchase and what those on the balance paid
// of it, each once.
func TestAVoidInvoiceThatBothPaid(t *testing.T) {
	w := worldOfPurchases(t)
	w.CustomerWithEmailAndCard("c")
	credits(w, "five", 5)
	credits(w, "twelve", 12)
	give(w, "c", "five")
	w.Attach("c", "pro", JSON{"invoice": true, "reward": "twelve"})
	w.Want("due", due(w, "c"), []float64{3})
	w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID+"/void", "")
	w.Advance("2h")
	w.Want("left", left(w, "c"), 17.0)
	w.Want("the balance at Stripe", balance(w, "c"), -1700.0)
}

// An end in the draft hour leaves credits on the use of the period that is over, and an
// add-on that ends takes nothing of what goes on.
func TestCreditsForUseInTheDraftHour(t *testing.T) {
	t.Parallel()
	for _, ends := range []string{"pro_words", "addon_words"} {
		t.Run(ends, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			wordCredits(w, "fifty", 50)
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro_words", "addon_words"}})
			give(w, "c", "fifty")
			w.Track("c", "words", 1200)
			w.AdvanceTo(T1.Add(30 * time.Minute))
			before := left(w, "c")
			if before >= 50 {
				t.Fatalf("no use was paid: %v left", before)
			}
			w.Cancel("c", ends, Immediately())
			w.Advance("3h")
			w.Want("left", left(w, "c"), before)
		})
	}
}

// A credit note to the balance leaves the part of credits paid.
func TestACreditNoteLeavesWhatCreditsPaid(t *testing.T) {
	w := worldOfPurchases(t, "c")
	credits(w, "twelve", 12)
	w.Attach("c", "pro", JSON{"reward": "twelve"}) // 8.00 by card
	w.CallStripe("POST", "/v1/credit_notes", "invoice="+w.Invoices("c")[0].ID+"&amount=800&credit_amount=800")
	w.WaitIdle()
	w.Cancel("c", "pro", Immediately(), JSON{"prorate": true})
	w.Want("8.00 and 12.00", balance(w, "c"), -2000.0)
}

// Credits for a product that is deleted are for nothing, and never for everything.
func TestCreditsForADeletedProduct(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Product("gone", "z", Price(15))
	creditsFor(w, "forty", 40, "gone")
	w.Do(w.Stack.Key, "DELETE", "/v1/products/gone", nil)
	give(w, "c", "forty")
	w.Attach("c", "pro")
	w.Want("due", due(w, "c"), []float64{20})
	w.Want("left", left(w, "c"), 40.0)
	w.Want("the balance at Stripe", balance(w, "c"), 0.0)
}

// In the draft hour of a renewal, what credits for some prices paid of the draft counts
// as paid for a change; an end gives it back to the grant.
func TestCreditsInTheDraftHour(t *testing.T) {
	w := worldOfPurchases(t, "c", "d", "ends")
	creditsFor(w, "twelve", 12, "g1_pro")
	for _, id := range []string{"c", "d", "ends"} {
		w.Attach(id, "g1_pro") // 30.00
	}
	give(w, "c", "twelve")
	give(w, "ends", "twelve")
	w.AdvanceTo(T1.Add(30 * time.Minute))
	for _, id := range []string{"c", "d"} {
		w.Attach(id, "g1_premium")
	}
	w.Cancel("ends", "g1_pro", Immediately())
	w.Want("left of the one that ended", left(w, "ends"), 12.0)
	w.Want("its balance, for all invoices", balance(w, "ends"), 0.0)
	w.Advance("2h")
	with, without := due(w, "c"), due(w, "d")
	sum := func(list []float64) (all float64) {
		for _, amount := range list {
			all += amount
		}
		return all
	}
	if diff := sum(without) - sum(with); diff < 11.99 || diff > 12.01 {
		t.Errorf("with credits %v, without %v", with, without)
	}
}

// Use on an invoice of its own is shown less what credits pay of it.
func TestAPreviewKnowsCreditsForUse(t *testing.T) {
	w := worldOfPurchases(t, "c")
	creditsFor(w, "twelve", 12, "pro_words")
	w.Attach("c", "pro_words")
	give(w, "c", "twelve")
	w.Track("c", "words", 700) // 25.00
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	previewed(w, "c", "free", JSON{"plan_schedule": "immediate"})
}

func TestNobodyHasMoreThanAHundredGrants(t *testing.T) {
	w := worldOfPurchases(t, "c")
	creditsFor(w, "one", 1, "pro_words")
	w.Attach("c", "pro_words")
	for range 100 {
		give(w, "c", "one")
	}
	w.Refused(400, "invalid_reward", "/v1/customers/c/coupons/one", JSON{})
	credits(w, "more", 1)
	w.Refused(400, "invalid_reward", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro", "reward": "more"})
	w.Track("c", "words", 200+20*500) // 500.00 of use
	w.AdvancePastRenewal(T1)
	w.Want("due", due(w, "c"), []float64{20, 420})
}

// Credits of a customer who was deleted at Stripe wait for the next one there, or expire.
func TestCreditsOfACustomerDeletedAtStripe(t *testing.T) {
	w := worldOfPurchases(t, "c", "buys")
	credits(w, "forty", 40, JSON{"credits_expire_months": 1})
	for _, id := range []string{"c", "buys"} {
		give(w, id, "forty")
		w.CallStripe("DELETE", "/v1/customers/"+w.StripeID(id), "")
	}
	w.WaitIdle()
	page := w.Attach("buys", "pro")["checkout_url"].(string)
	w.Advance("20m")
	w.Pay(page)
	w.Want("due", due(w, "buys"), []float64{0})
	w.AdvanceTo(T1.AddDate(0, 0, 3))
	grant := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0")
	w.Want("expired", []any{ValueAt(grant, "expired"), ValueAt(grant, "remaining")}, []any{40.0, 0.0})
}
