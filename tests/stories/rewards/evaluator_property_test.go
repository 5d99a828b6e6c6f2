package rewards

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"testing"

	. "windfall/tests/world"
)

// The refusals of Stripe for a promotion code, and the rules here that say no then.
var stripeRefusals = map[string][]string{
	"promotion_code_expired":                 {"limit", "active"},
	"promotion_code_customer_mismatch":       {"customer"},
	"promotion_code_customer_not_first_time": {"first_time"},
	"promotion_code_minimum_not_met":         {"minimum"},
}

// A twin is one promotion code here and at Stripe, with the same terms.
type twin struct {
	code, atStripe string
	terms          JSON
}

// Random codes, customers and purchases: the evaluator and Stripe's own rules never
// disagree, and name the same reason.
func TestTheEvaluatorAgreesWithStripe(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("shop", "pro", "g2_pro") // makes the prices known at Stripe
			r := rand.New(rand.NewPCG(seed, 1))
			var twins []twin
			for n := range 25 {
				who := fmt.Sprint("c", n)
				w.CustomerWithCard(who)
				twins = append(twins, drawTwin(w, r, n, who))
			}
			w.Advance("1d")
			outcomes := map[string]int{}
			for n, both := range twins {
				who := fmt.Sprint("c", n)
				w.CustomerWithCard("first" + who)
				if r.IntN(2) == 0 { // somebody else uses it before
					outcomes[bothAnswer(w, both, "first"+who, "pro", true)]++
				}
				switch r.IntN(4) {
				case 0:
					w.Attach(who, "addon_words")
				case 1:
					w.Attach(who, "addon_words", JSON{"invoice": true})
					w.CallStripe("POST", "/v1/invoices/"+w.Invoices(who)[0].ID+"/void", "")
				}
				outcomes[bothAnswer(w, both, who, []string{"pro", "g2_pro"}[r.IntN(2)], false)]++
			}
			t.Log(outcomes)
			if outcomes[""] == 0 || len(outcomes) < 4 {
				t.Errorf("too little was drawn: %v", outcomes)
			}
		})
	}
}

// drawTwin makes a code here and at Stripe.
func drawTwin(w *World, r *rand.Rand, n int, who string) twin {
	w.Helper()
	id := fmt.Sprint("r", n)
	both := twin{code: fmt.Sprint("CODE", n), terms: JSON{"code": fmt.Sprint("CODE", n)}}
	coupon, promo := url.Values{"id": {id}, "percent_off": {"20"}, "duration": {"once"}}, url.Values{"coupon": {id}, "code": {both.code}}
	scope := JSON{"apply_to_all": true}
	if r.IntN(4) == 0 {
		scope = JSON{"product_ids": []string{"pro"}}
		coupon.Set("applies_to[products][0]", w.CallStripe("GET", "/v1/prices/"+priceAtStripe(w, "pro"), "")["product"].(string))
	}
	if r.IntN(3) == 0 {
		both.terms["max_redemptions"] = 1
		promo.Set("max_redemptions", "1")
	}
	if r.IntN(3) == 0 {
		at := T0.AddDate(0, 0, 1+29*r.IntN(2)).Add(-1)
		both.terms["expires_at"] = at.UnixMilli()
		promo.Set("expires_at", fmt.Sprint(at.Unix()))
	}
	if r.IntN(4) == 0 {
		both.terms["first_time_transaction"] = true
		promo.Set("restrictions[first_time_transaction]", "true")
	}
	if r.IntN(4) == 0 {
		least := []int{15, 30}[r.IntN(2)]
		both.terms["minimum_amount"] = least
		promo.Set("restrictions[minimum_amount]", fmt.Sprint(100*least))
		promo.Set("restrictions[minimum_amount_currency]", "usd")
	}
	if r.IntN(4) == 0 {
		mine := []string{who, "shop"}[r.IntN(2)]
		both.terms["customer_id"] = mine
		promo.Set("customer", w.StripeID(mine))
	}
	active := r.IntN(6) > 0
	w.CallStripe("POST", "/v1/coupons", coupon.Encode())
	both.atStripe = w.CallStripe("POST", "/v1/promotion_codes", promo.Encode())["id"].(string)
	createReward(w, id, "percentage_discount", JSON{"discount_config": Merge(JSON{"discount_value": 20, "duration_type": "one_off"}, scope)}, JSON{"promo_codes": []JSON{both.terms}})
	if !active {
		w.CallStripe("POST", "/v1/promotion_codes/"+both.atStripe, "active=false")
		w.Post("/v1/rewards/"+id+"/promo_codes/"+both.code, JSON{"active": false})
	}
	return both
}

// bothAnswer asks here and at Stripe, and returns the rule that refuses; "" for none.
// With use the code is used on both sides.
func bothAnswer(w *World, both twin, who, product string, use bool) string {
	w.Helper()
	explained := w.Post("/v1/rewards/explain", JSON{"code": both.code, "customer_id": who, "product_id": product})
	if use {
		status := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": who, "product_id": product, "promo_code": both.code}).Status
		w.Want("explained and attached", status == http.StatusOK, explained["allowed"])
	}
	form := url.Values{"customer": {w.StripeID(who)}, "items[0][price]": {priceAtStripe(w, product)}, "promotion_code": {both.atStripe}, "expand[0]": {"latest_invoice"}}
	if use && explained["allowed"] == true {
		form.Set("customer", w.CallStripe("POST", "/v1/customers", "payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa")["id"].(string))
		if both.terms["customer_id"] != nil {
			form.Set("customer", w.StripeID(who))
		}
	}
	status, text, err := w.Stack.Stripe("POST", "/v1/subscriptions", form)
	if err != nil {
		w.Fatal(err)
	}
	w.WaitIdle()
	answer := ParseJSON(w.T, text)
	no := noes(explained)
	switch {
	case status == http.StatusOK && ValueAt(answer, "latest_invoice.total") == ValueAt(answer, "latest_invoice.subtotal"):
		if !slices.Equal(no, []string{"applies"}) {
			w.Errorf("%v for %s and %s: at Stripe it takes nothing off, and here %v say no", both.terms, who, product, no)
		}
		return "applies"
	case status == http.StatusOK:
		if len(no) > 0 {
			w.Errorf("%v for %s and %s: Stripe takes it, and here %v say no", both.terms, who, product, no)
		}
		return ""
	}
	code, _ := ValueAt(answer, "error.code").(string)
	if slices.Equal(no, []string{"customer"}) && both.terms["customer_id"] != nil && both.terms["customer_id"] != who {
		return code // another customer's code is not looked at any further here
	}
	if !slices.ContainsFunc(stripeRefusals[code], func(rule string) bool { return slices.Contains(no, rule) }) {
		w.Errorf("%v for %s and %s: Stripe says %q (%v), and here %v say no", both.terms, who, product, code, ValueAt(answer, "error.message"), no)
	}
	return code
}

// priceAtStripe is the price of a product that was sold to shop.
func priceAtStripe(w *World, product string) string {
	w.Helper()
	for _, sub := range w.AtStripe("shop")["subscriptions"].([]any) {
		for _, item := range ValueAt(sub, "items.data").([]any) {
			if ValueAt(item, "price.metadata.product_id") == product {
				return ValueAt(item, "price.id").(string)
			}
		}
	}
	w.Fatalf("%s has no price at Stripe", product)
	return ""
}
