package rewards

import (
	"fmt"
	"math/rand/v2"
	"testing"

	. "windfall/tests/world"
)

// No code is used more often than it may, nor its reward, however it is used: named with
// a card or on a page, typed on a page, put on a customer; on pages that are open while
// other uses come, that expire or are replaced, with codes that are switched off and on.
// What is counted is what customers have, a code that is used up stays dead, and what is
// left can be used.
func TestI29NoCodeIsUsedMoreOftenThanItMay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(16) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { limited(t, seed) })
	}
}

func limited(t *testing.T, seed uint64) {
	w := worldOfPurchases(t)
	r := rand.New(rand.NewPCG(seed, 29))
	most, texts := 2+r.IntN(4), []string{"A"}
	terms := JSON{"promo_codes": []JSON{{"code": "A", "max_redemptions": most}}}
	if r.IntN(2) == 0 { // the limit is the reward's, and two codes share it
		terms, texts = JSON{"max_redemptions": most, "promo_codes": []JSON{{"code": "A"}, {"code": "B"}}}, []string{"A", "B"}
	}
	off(w, "r", "percentage", 20, "one_off", 0, terms)
	uses := func() float64 { return w.Get("/v1/rewards/r")["times_redeemed"].(float64) }
	var open []string // pages
	var story []string
	for n := range 18 {
		text, id := texts[r.IntN(len(texts))], fmt.Sprint("c", n)
		w.Post("/v1/customers", JSON{"id": id})
		before, status := uses(), 0
		kind := []string{"card", "card", "page", "open", "type", "type", "type old", "expire old", "coupon", "switch", "wait", "named page left"}[r.IntN(12)]
		switch kind {
		case "card":
			w.PutGoodCard(id)
			status = w.Do(w.Stack.Key, "POST", "/v1/attach", buys(id, "pro", text)).Status
		case "page", "named page left":
			a := w.Do(w.Stack.Key, "POST", "/v1/attach", buys(id, "pro", text))
			if status = a.Status; status == 200 && kind == "page" {
				w.Pay(a.Body["checkout_url"].(string))
			} else if status == 200 {
				open = append(open, a.Body["checkout_url"].(string))
			}
		case "open", "type":
			page := w.Attach(id, "pro")["checkout_url"].(string)
			if kind == "open" {
				open = append(open, page)
				break
			}
			status = w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa", "promotion_code": text}).Status
		case "type old", "expire old":
			if len(open) == 0 {
				continue
			}
			page := open[0]
			open = open[1:]
			if kind == "expire old" {
				w.ActOnPage(page, "expire", nil)
				break
			}
			if a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa", "promotion_code": text}); a.Status != 200 {
				status = w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}).Status // it has the discount already, or the code is none now
			}
		case "coupon":
			status = w.Do(w.Stack.Key, "POST", "/v1/customers/"+id+"/coupons/r", JSON{"promo_code": text}).Status
		case "switch":
			a := w.Do(w.Stack.Key, "POST", "/v1/rewards/r/promo_codes/"+text, JSON{"active": r.IntN(2) == 0})
			if status = a.Status; status == 200 && before >= float64(most) && a.Body["active"] == true {
				t.Errorf("%v\n%s is used up and active again", story, text)
			}
		case "wait":
			w.Advance([]string{"2m", "10m", "25h"}[r.IntN(3)])
		}
		w.WaitIdle()
		story = append(story, fmt.Sprint(kind, " ", text, " ", status, ": ", uses()))
		if uses() > float64(most) {
			t.Fatalf("%v\nused %v times of %d", story, uses(), most)
		}
	}
	w.Advance("25h") // no page is open any more
	w.Advance("10m")
	w.Advance("10m")
	have := float64(0)
	for _, c := range w.CallStripe("GET", "/v1/customers?limit=100", "")["data"].([]any) {
		have += discountsOf(w, c.(JSON))
	}
	w.Want(fmt.Sprint(story, "\ncustomers have it"), have, uses())
	for _, text := range texts {
		w.Do(w.Stack.Key, "POST", "/v1/rewards/r/promo_codes/"+text, JSON{"active": true})
	}
	for n := uses(); n < float64(most); n++ {
		id := fmt.Sprint("late", n)
		w.CustomerWithCard(id)
		if a := w.Do(w.Stack.Key, "POST", "/v1/attach", buys(id, "pro", texts[int(n)%len(texts)])); a.Status != 200 {
			t.Fatalf("%v\n%v of %d are used, and the next is refused: %s", story, n, most, a.Text)
		}
	}
	typedInVain(w, "last", "pro", texts[0])
	w.PutGoodCard("last")
	w.Refused(400, "referral_code_max_redemptions_reached", "/v1/attach", buys("last", "pro", texts[0]))
}

// discountsOf counts what a customer at Stripe has of the reward: an invoice that it
// lowered, or a discount that waits for one.
func discountsOf(w *World, customer JSON) (n float64) {
	w.Helper()
	if customer["discount"] != nil {
		n++
	}
	for _, in := range w.CallStripe("GET", "/v1/invoices?customer="+customer["id"].(string), "")["data"].([]any) {
		if len(ValueAt(in, "total_discount_amounts").([]any)) > 0 {
			n++
		}
	}
	return n
}
