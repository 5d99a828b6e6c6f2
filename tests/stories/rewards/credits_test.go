package rewards

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// credits makes a reward of invoice credits for all prices.
func credits(w *World, id string, value float64, more ...JSON) {
	w.Helper()
	createReward(w, id, "invoice_credits", append([]JSON{{"discount_config": JSON{"discount_value": value, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true}}}, more...)...)
}

// due lists what was to be paid of a customer's invoices, in major units, the oldest
// first.
func due(w *World, customer string) []float64 {
	w.Helper()
	w.WaitIdle()
	out := []float64{}
	for _, in := range w.Invoices(customer) {
		if in.Status != "draft" {
			out = append(out, ValueAt(w.CallStripe("GET", "/v1/invoices/"+in.ID, ""), "amount_due").(float64)/100)
		}
	}
	return out
}

// left is what a customer's credits come to, and checks that every grant adds up.
func left(w *World, customer string) float64 {
	w.Helper()
	w.WaitIdle()
	rewards := ValueAt(w.Customer(customer, "rewards"), "rewards").(JSON)
	for _, g := range rewards["credits"].([]any) {
		sum := ValueAt(g, "applied").(float64) + ValueAt(g, "remaining").(float64) + ValueAt(g, "expired").(float64)
		w.Want("granted", ValueAt(g, "granted"), float64(int(sum*100+0.5))/100)
	}
	return rewards["balance"].(float64)
}

// balance is a customer's balance at Stripe, in cents: below 0 is credit.
func balance(w *World, customer string) any {
	w.Helper()
	w.WaitIdle()
	return w.CallStripe("GET", "/v1/customers/"+w.StripeID(customer), "")["balance"]
}

func give(w *World, customer, reward string) JSON {
	w.Helper()
	return w.Post("/v1/customers/"+customer+"/coupons/"+reward, JSON{})
}

func TestRWD29CreditsThatExpireSoonestAreUsedFirst(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Attach("c", "pro")
	w.Advance("1d")
	credits(w, "twenty", 20)
	credits(w, "fifteen", 15, JSON{"credits_expire_months": 2})
	given := give(w, "c", "twenty")
	w.Want("applied", given["applied"], true)
	w.Want("granted", ValueAt(given, "credits.remaining"), 20.0)
	give(w, "c", "fifteen")
	w.Want("before", left(w, "c"), 35.0)
	w.AdvancePastRenewal(T1)
	w.Want("due", due(w, "c"), []float64{20, 0})
	w.Want("left", left(w, "c"), 15.0)
	list := ValueAt(w.Customer("c", "rewards"), "rewards.credits").([]any)
	w.Want("of the other", ValueAt(list[0], "remaining"), 15.0)
	w.Want("of the sooner", ValueAt(list[1], "remaining"), 0.0)
	w.AdvancePastRenewal(T2)
	w.Want("due", due(w, "c"), []float64{20, 0, 5})
	w.Want("left", left(w, "c"), 0.0)
}

func TestRWD30CreditsExpire(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Attach("c", "pro")
	w.Advance("1d")
	credits(w, "sixty", 60, JSON{"credits_expire_months": 1})
	give(w, "c", "sixty")
	w.AdvancePastRenewal(T1)
	w.Want("left", left(w, "c"), 40.0)
	w.AdvanceTo(T0.AddDate(0, 1, 1).Add(20 * time.Minute))
	w.Want("left", left(w, "c"), 0.0)
	grant := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0")
	w.Want("expired", ValueAt(grant, "expired"), 40.0)
	w.Want("the balance at Stripe", balance(w, "c"), 0.0)
	w.AdvancePastRenewal(T2)
	w.Want("due", due(w, "c"), []float64{20, 0, 20})
}

// renewedByInvoice has a customer who pays 30.00 by invoice, and whose first renewal has
// used 12.00 of credits.
func renewedByInvoice(t *testing.T) *World {
	w := worldOfPurchases(t)
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "g1_pro", JSON{"invoice": true})
	w.Advance("1d")
	credits(w, "twelve", 12)
	give(w, "c", "twelve")
	w.AdvancePastRenewal(T1)
	return w
}

func TestRWD31AVoidedInvoiceGivesCreditsBack(t *testing.T) {
	w := renewedByInvoice(t)
	w.Want("due", due(w, "c"), []float64{30, 18})
	w.Want("left", left(w, "c"), 0.0)
	w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[1].ID+"/void", "")
	w.Want("left", left(w, "c"), 12.0)
	entry := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0.entries.0")
	w.Want("returned", ValueAt(entry, "returned"), 12.0)
	w.AdvancePastRenewal(T2)
	w.Want("due", due(w, "c")[2], 18.0)
}

func TestRWD32AnUncollectibleInvoiceGivesCreditsBackOnce(t *testing.T) {
	w := renewedByInvoice(t)
	id := w.Invoices("c")[1].ID
	w.CallStripe("POST", "/v1/invoices/"+id+"/mark_uncollectible", "")
	w.Want("left", left(w, "c"), 12.0)
	w.Want("the balance at Stripe", balance(w, "c"), -1200.0)
	w.CallStripe("POST", "/v1/invoices/"+id+"/void", "")
	w.Want("left", left(w, "c"), 12.0)
	w.Want("the balance at Stripe", balance(w, "c"), -1200.0)
}

func TestRWD33ARefundGivesItsShareBack(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Attach("c", "pro")
	w.Advance("1d")
	credits(w, "eight", 8)
	give(w, "c", "eight")
	w.AdvancePastRenewal(T1)
	w.Want("due", due(w, "c"), []float64{20, 12})
	charge := ValueAt(w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[1].ID, ""), "charge").(string)
	w.CallStripe("POST", "/v1/refunds", "charge="+charge+"&amount=600")
	w.Want("left", left(w, "c"), 4.0)
	w.Want("the balance at Stripe", balance(w, "c"), -400.0)
	w.CallStripe("POST", "/v1/refunds", "charge="+charge)
	w.Want("left", left(w, "c"), 8.0)
	w.Want("the balance at Stripe", balance(w, "c"), -800.0)
}

func TestREF17CreditsForBothSides(t *testing.T) {
	w := worldOfPurchases(t, "R", "r")
	w.Attach("R", "pro")
	credits(w, "eight", 8)
	w.Post("/v1/reward_programs", JSON{"id": "friends", "reward_id": "eight", "when": "customer_creation", "received_by": "all", "max_redemptions": 5})
	text := w.Post("/v1/referrals/code", JSON{"customer_id": "R", "program_id": "friends"})["code"]
	w.Post("/v1/referrals/redeem", JSON{"customer_id": "r", "code": text})
	w.Want("left", left(w, "R"), 8.0)
	w.Attach("r", "pro")
	w.Want("due", due(w, "r"), []float64{12})
	w.AdvancePastRenewal(T1)
	w.Want("due", due(w, "R"), []float64{20, 12})
	w.Want("left", left(w, "R"), 0.0)
	w.Want("left", left(w, "r"), 0.0)
}

// Credits outlive the customer at Stripe: what is left is put on the balance of the one
// who takes its place.
func TestCreditsMoveToAnotherStripeCustomer(t *testing.T) {
	t.Parallel()
	for name, another := range map[string]func(w *World){
		"linked": func(w *World) {
			w.Post("/v1/customers/c", JSON{"stripe_id": w.CallStripe("POST", "/v1/customers", "name=c")["id"]})
		},
		"made by a purchase": func(w *World) { w.Pay(w.Attach("c", "pro")["checkout_url"].(string)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			credits(w, "thirty", 30)
			w.Attach("c", "pro")
			give(w, "c", "thirty")
			w.AdvancePastRenewal(T1)
			w.Want("left", left(w, "c"), 10.0)
			w.CallStripe("DELETE", "/v1/customers/"+w.StripeID("c"), "")
			w.WaitIdle()
			another(w)
			w.Advance("10m")
			w.Want("left", left(w, "c"), 10.0)
			w.Want("the balance at Stripe", balance(w, "c"), -1000.0)
		})
	}
}
