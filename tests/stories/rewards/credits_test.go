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

func TestRWD31AVoidedInvoiceGivesCreditsBack(t *testing.T) {
	w := worldOfPurchases(t)
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "g1_pro", JSON{"invoice": true})
	w.Advance("1d")
	credits(w, "twelve", 12)
	give(w, "c", "twelve")
	w.AdvancePastRenewal(T1)
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
	w := worldOfPurchases(t)
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "g1_pro", JSON{"invoice": true})
	w.Advance("1d")
	credits(w, "twelve", 12)
	give(w, "c", "twelve")
	w.AdvancePastRenewal(T1)
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

func TestRWD28CreditsWithAPurchaseByCard(t *testing.T) {
	w := worldOfPurchases(t, "c")
	credits(w, "alpha", 45, code("ALPHA"))
	shown := previewed(w, "c", "pro", JSON{"promo_code": "alpha"})
	w.Want("today", ValueAt(shown, "due_today.total"), 0.0)
	w.Want("left", left(w, "c"), 25.0)
	w.AdvancePastRenewal(T1)
	w.AdvancePastRenewal(T2)
	w.Want("due", due(w, "c"), []float64{0, 0, 15})
	w.Want("left", left(w, "c"), 0.0)
}

// The alpha code: credits for everything, with a page, with a card, and with a change
// in the middle.
func TestRWD05CreditsForEverything(t *testing.T) {
	w := worldOfPurchases(t, "card", "change")
	w.Post("/v1/customers", JSON{"id": "page"})
	credits(w, "alpha", 50, code("ALPHA"))
	for _, id := range []string{"page", "card"} {
		said := w.Attach(id, "pro_words", JSON{"promo_code": "ALPHA"})
		if page, _ := said["checkout_url"].(string); page != "" {
			w.Pay(page)
		}
		w.Want(id+": due", due(w, id), []float64{0})
		w.Want(id+": left", left(w, id), 30.0)
		w.Track(id, "words", 500) // 300 beyond: 15.00
	}
	w.Attach("change", "pro_words", JSON{"promo_code": "ALPHA"})
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Attach("change", "premium_words") // half a month: 25.00 - 10.00
	w.Want("after the change: left", left(w, "change"), 15.0)
	w.AdvancePastRenewal(T1)
	for _, id := range []string{"page", "card"} {
		w.Want(id+": due", due(w, id), []float64{0, 5})
		w.Want(id+": left", left(w, id), 0.0)
	}
	w.Want("after the change: due", due(w, "change"), []float64{0, 0, 35})
	for month := 2; month < 6; month++ {
		w.AdvancePastRenewal(T0.AddDate(0, month, 0))
	}
	w.Want("page: due", due(w, "page"), []float64{0, 5, 20, 20, 20, 20})
	w.Want("card: due", due(w, "card"), []float64{0, 5, 20, 20, 20, 20})
	w.Want("change: due", due(w, "change"), []float64{0, 0, 35, 50, 50, 50, 50})
}

// Credits come with every kind of purchase and change: what its invoice does not use is
// the customer's.
func TestCreditsWithEachWay(t *testing.T) {
	w := worldOfPurchases(t, "upgrade", "trial", "once", "quantity", "down", "bundle")
	w.CustomerWithEmailAndCard("invoice")
	w.Product("packs", "p", Prepaid("messages", 5, 10, "month"))
	w.Product("single", "s", OneTimePrice(12)).AddOn()
	credits(w, "thirty", 30)
	with := JSON{"reward": "thirty"}
	w.Attach("upgrade", "pro")
	w.Attach("down", "premium")
	w.Attach("quantity", "packs", Quantity("messages", 10))
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	for _, tt := range []struct {
		customer string
		body     JSON
		total    float64
		left     float64
	}{
		{"upgrade", JSON{"product_id": "premium"}, 0, 15},
		{"trial", JSON{"product_id": "pro_trial"}, 0, 30},
		{"once", JSON{"product_id": "single"}, 0, 18},
		{"invoice", JSON{"product_id": "pro", "invoice": true}, 0, 10},
		{"quantity", Merge(Quantity("messages", 30), JSON{"product_id": "packs"}), 0, 25},
		{"down", JSON{"product_id": "pro", "plan_schedule": "immediate"}, -15, 30},
		{"bundle", JSON{"product_ids": []string{"pro", "single"}}, 2, 0},
	} {
		body := Merge(JSON{"customer_id": tt.customer}, tt.body, with)
		shown := w.Post("/v1/attach/preview", body)
		w.Want(tt.customer+": shown", ValueAt(shown, "due_today.total"), tt.total)
		before := len(w.Invoices(tt.customer))
		w.Post("/v1/attach", body)
		w.WaitIdle()
		var billed int64
		for _, in := range w.Invoices(tt.customer)[before:] {
			billed += in.Total
		}
		w.Want(tt.customer+": billed", float64(billed)/100, tt.total)
		w.Want(tt.customer+": left", left(w, tt.customer), tt.left)
	}
	w.AdvancePastRenewal(T0.AddDate(0, 0, 22))
	trial := due(w, "trial")
	w.Want("trial: due", trial[len(trial)-1], 0.0)
	w.Want("trial: left", left(w, "trial"), 10.0)
}

// wordCredits are credits for the price of words on pro_words.
func wordCredits(w *World, id string, value float64, more ...JSON) {
	w.Helper()
	var price string
	for _, item := range w.Get("/v1/products/pro_words")["items"].([]any) {
		if ValueAt(item, "feature_id") == "words" {
			price = ValueAt(item, "price_id").(string)
		}
	}
	createReward(w, id, "invoice_credits", append([]JSON{{"discount_config": JSON{"discount_value": value, "duration_type": "one_off", "duration_value": 0, "apply_to_all": false, "price_ids": []string{price}}}}, more...)...)
}

// The beta code: credits for use alone, with a page and with a card.
func TestRWD06CreditsForUseAlone(t *testing.T) {
	w := worldOfPurchases(t, "card")
	w.Post("/v1/customers", JSON{"id": "page"})
	wordCredits(w, "beta", 50, code("BETA"))
	for _, id := range []string{"page", "card"} {
		said := w.Attach(id, "pro_words", JSON{"promo_code": "BETA"})
		if page, _ := said["checkout_url"].(string); page != "" {
			w.Pay(page)
		}
		w.Want(id+": due", due(w, id), []float64{20})
		w.Want(id+": left", left(w, id), 50.0)
		w.Track(id, "words", 800) // 600 beyond: 30.00
	}
	w.AdvancePastRenewal(T1)
	for _, id := range []string{"page", "card"} {
		w.Want(id+": due", due(w, id), []float64{20, 20})
		w.Want(id+": left", left(w, id), 20.0)
		w.NothingUnbilled(id)
		w.Track(id, "words", 700) // 25.00
	}
	for month := 2; month < 6; month++ {
		w.AdvancePastRenewal(T0.AddDate(0, month, 0))
	}
	w.Want("page: due", due(w, "page"), []float64{20, 20, 25, 20, 20, 20})
	w.Want("card: due", due(w, "card"), []float64{20, 20, 25, 20, 20, 20})
	w.Want("left", left(w, "card"), 0.0)
}

// A preview says what credits pay, and what is left to pay is charged.
func TestAPreviewKnowsWhatCreditsPay(t *testing.T) {
	w := worldOfPurchases(t, "c")
	w.Product("single", "s", OneTimePrice(12)).AddOn()
	credits(w, "thirty", 30)
	give(w, "c", "thirty")
	for _, tt := range []struct {
		body                    JSON
		total, applied, dueHere float64
	}{
		{JSON{"product_id": "premium"}, 50, 30, 20},
		{JSON{"product_id": "pro_trial"}, 0, 0, 0},
		{JSON{"product_id": "single", "force_checkout": true}, 12, 0, 12},
		{JSON{"product_id": "single"}, 12, 12, 0},
		{JSON{"product_id": "pro"}, 20, 18, 2}, // after the 12.00 of the one-off
	} {
		body := Merge(JSON{"customer_id": "c"}, tt.body)
		today := ValueAt(w.Post("/v1/attach/preview", body), "due_today").(JSON)
		w.Want(tt.body["product_id"].(string), []any{today["total"], today["credits_applied"], today["amount_due"]}, []any{tt.total, tt.applied, tt.dueHere})
		if tt.dueHere == 0 && tt.total > 0 || tt.applied == 18 {
			w.Attach("c", tt.body["product_id"].(string))
			paid := due(w, "c")
			w.Want("paid", paid[len(paid)-1], tt.dueHere)
		}
	}
}

// What a purchase used of credits comes back with its invoice.
func TestAVoidPurchaseGivesItsCreditsBack(t *testing.T) {
	w := worldOfPurchases(t)
	w.CustomerWithEmailAndCard("c")
	credits(w, "thirty", 30)
	w.Attach("c", "premium", JSON{"invoice": true, "reward": "thirty"})
	w.Want("due", due(w, "c"), []float64{20})
	w.Want("left", left(w, "c"), 0.0)
	w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID+"/void", "")
	w.Want("left", left(w, "c"), 30.0)
	w.Want("the balance at Stripe", balance(w, "c"), -3000.0)
}
