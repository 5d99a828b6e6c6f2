package rewards

import (
	"testing"

	. "windfall/tests/world"
)

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

// Credits for some prices expire without Stripe, and others are given afterwards.
func TestCreditsForSomePricesExpire(t *testing.T) {
	w := worldOfPurchases(t, "c")
	wordCredits(w, "words", 6, JSON{"credits_expire_months": 1})
	credits(w, "thirty", 30)
	w.Attach("c", "pro_words")
	give(w, "c", "words")
	w.AdvancePastRenewal(T1)
	grant := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0")
	w.Want("expired", ValueAt(grant, "expired"), 6.0)
	give(w, "c", "thirty")
	w.Want("the balance at Stripe", balance(w, "c"), -3000.0)
}

func TestRWD34CreditsPayForTheUseThatAChangeSettles(t *testing.T) {
	w := worldOfPurchases(t, "c", "broke")
	wordCredits(w, "six", 6)
	for _, id := range []string{"c", "broke"} {
		w.Attach(id, "pro_words")
		give(w, id, "six")
		w.Track(id, "words", 300) // 100 beyond: 5.00
	}
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	previewed(w, "c", "premium_words")
	w.Want("due", due(w, "c"), []float64{20, 15})
	w.Want("left", left(w, "c"), 1.0)
	w.NothingUnbilled("c")

	w.PutFailingCard("broke")
	w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "broke", "product_id": "premium_words"})
	w.Want("left after a refused card", left(w, "broke"), 6.0)
	w.NothingWaits(w.StripeID("broke"))
}

// Use on an invoice of its own is paid by credits, too: after an end, and less what a
// discount takes off.
func TestCreditsPayForUseAfterAnEnd(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		coupon    string
		due, left float64
	}{"without a discount": {"", 0, 15}, "half price": {"percent_off=50", 0, 17.5}} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t, "c")
			wordCredits(w, "twenty", 20)
			w.Attach("c", "pro_words")
			give(w, "c", "twenty")
			w.Track("c", "words", 300)
			if tt.coupon != "" {
				w.CallStripe("POST", "/v1/coupons", "id=C&duration=forever&"+tt.coupon)
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=C")
			}
			w.Advance("5d")
			w.Cancel("c", "pro_words", Immediately())
			w.Want("due", due(w, "c"), []float64{20, tt.due})
			w.Want("left", left(w, "c"), tt.left)
			w.NothingUnbilled("c")
		})
	}
}
