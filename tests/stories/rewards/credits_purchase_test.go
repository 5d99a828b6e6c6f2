package rewards

import (
	"testing"

	. "windfall/tests/world"
)

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
