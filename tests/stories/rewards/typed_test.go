package rewards

import (
	"fmt"
	"sync"
	"testing"

	. "windfall/tests/world"
)

// typed opens a page for a product and pays it with a code typed on it.
func typed(w *World, customer, product, text string, more ...JSON) JSON {
	w.Helper()
	page := w.Attach(customer, product, more...)
	return w.Pay(page["checkout_url"].(string), JSON{"promotion_code": text})
}

// typedInVain checks that a page refuses a code, and returns its words.
func typedInVain(w *World, customer, product, text string) string {
	w.Helper()
	page, _ := w.Attach(customer, product)["checkout_url"].(string)
	a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa", "promotion_code": text})
	if a.Status == 200 {
		w.Errorf("the page takes %s", text)
	}
	return a.Text
}

// codesAtStripe are the promotion codes that Stripe would take now.
func codesAtStripe(w *World) (codes []JSON) {
	w.Helper()
	w.WaitIdle()
	for _, c := range w.CallStripe("GET", "/v1/promotion_codes?active=true&limit=100", "")["data"].([]any) {
		codes = append(codes, c.(JSON))
	}
	return codes
}

func TestRWD26ACodeTypedOnThePageOfATrial(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "forty", "percentage", 40, "one_off", 0, code("FORTY"))
	typed(w, "c", "pro_trial", "forty")
	w.Want("right after", due(w, "c"), []float64{0})
	used(w, "forty", "FORTY", 1)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.AdvancePastRenewal(T0.AddDate(0, 1, 7))
	w.Want("due", due(w, "c"), []float64{0, 12, 20})
}

func TestRWD27CreditsTypedOnThePageOfATrial(t *testing.T) {
	w := worldOfPurchases(t)
	credits(w, "thirty", 30, code("THIRTY"))
	typed(w, "c", "pro_trial", "THIRTY")
	w.Want("left after the page", left(w, "c"), 30.0)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 7))
	w.Want("left after the trial", left(w, "c"), 10.0)
	w.AdvancePastRenewal(T0.AddDate(0, 1, 7))
	w.Want("due", due(w, "c"), []float64{0, 0, 10})
	w.Want("left", left(w, "c"), 0.0)
}

// What is typed is what attach gives with the same code: the same invoices, counts and
// credits, for purchases of every kind.
func TestATypedCodeIsWorthWhatAttachGives(t *testing.T) {
	for name, make := range map[string]func(w *World){
		"percentage once":     func(w *World) { off(w, "r", "percentage", 25, "one_off", 0, code("R")) },
		"percentage, months":  func(w *World) { off(w, "r", "percentage", 33.3, "months", 2, code("R")) },
		"percentage for ever": func(w *World) { off(w, "r", "percentage", 10, "forever", 0, code("R")) },
		"amount once":         func(w *World) { off(w, "r", "fixed", 7, "one_off", 0, code("R")) },
		"more than the price": func(w *World) { off(w, "r", "fixed", 70, "forever", 0, code("R", JSON{"max_redemptions": 5})) },
		"credits":             func(w *World) { credits(w, "r", 45, code("R", JSON{"max_redemptions": 5})) },
		"few credits":         func(w *World) { credits(w, "r", 3, code("R")) },
	} {
		for _, product := range []string{"pro", "pro_words", "premium", "topup"} {
			t.Run(name+", "+product, func(t *testing.T) {
				w := worldOfPurchases(t)
				make(w)
				terms := JSON{}
				if product == "topup" {
					terms["options"] = []JSON{{"feature_id": "messages", "quantity": 250}}
				}
				typed(w, "typed", product, "r", terms)
				page := w.Attach("named", product, Merge(terms, JSON{"promo_code": "R"}))
				w.Pay(page["checkout_url"].(string))
				w.AdvancePastRenewal(T1)
				w.AdvancePastRenewal(T2)
				w.AdvancePastRenewal(T2.AddDate(0, 1, 0))
				w.Want("due", due(w, "typed"), due(w, "named"))
				w.Want("left", left(w, "typed"), left(w, "named"))
				w.Want("at Stripe", balance(w, "typed"), balance(w, "named"))
				used(w, "r", "R", 2)
				w.Want("redemptions", len(redemptionsOf(w, "typed")), len(redemptionsOf(w, "named")))
			})
		}
	}
}

func redemptionsOf(w *World, customer string) []any {
	w.Helper()
	list, _ := w.Customer(customer, "referrals")["referrals"].([]any)
	return list
}

// A page takes a code as long as it may be used, and its terms are those of the code.
func TestAPageKnowsACodeAsItIsNow(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "r", "percentage", 25, "one_off", 0, code("A"), JSON{"redeem_by": T1.UnixMilli()})
	w.Post("/v1/rewards/r/promo_codes", JSON{"code": "B", "expires_at": T0.AddDate(0, 0, 3).UnixMilli(), "minimum_amount": 25})
	w.Post("/v1/rewards/r/promo_codes", JSON{"code": "C", "active": false})
	w.Post("/v1/rewards/r/promo_codes", JSON{"code": "D", "first_time_transaction": true})
	texts := func() map[string]any {
		out := map[string]any{}
		for _, c := range codesAtStripe(w) {
			out[c["code"].(string)] = c["coupon"].(JSON)["percent_off"]
		}
		return out
	}
	w.Want("at first", texts(), map[string]any{"A": 25.0, "B": 25.0, "D": 25.0})
	typedInVain(w, "c", "pro", "B") // 20.00 are less than 25.00
	typedInVain(w, "c", "pro", "C")
	w.Post("/v1/rewards/r/promo_codes/C", JSON{"active": true})
	w.Post("/v1/rewards/r/promo_codes/A", JSON{"active": false})
	w.Want("switched", texts(), map[string]any{"B": 25.0, "C": 25.0, "D": 25.0})
	w.Post("/v1/rewards/r", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "apply_to_all": true}})
	w.Want("edited", texts(), map[string]any{"B": 50.0, "C": 50.0, "D": 50.0})
	typed(w, "d", "pro", "c")
	w.Billed("d", 1000)
	w.AdvanceTo(T0.AddDate(0, 0, 4))
	w.Want("one has expired", texts(), map[string]any{"C": 50.0, "D": 50.0})
	w.Call("DELETE", "/v1/rewards/r", nil)
	w.Want("deleted", texts(), map[string]any{})
	off(w, "again", "fixed", 5, "one_off", 0, code("C"))
	typed(w, "e", "pro", "C")
	w.Billed("e", 1500)
}

// A limit holds over what is typed and what is not, in any order.
func TestALimitOverTypedCodes(t *testing.T) {
	for _, ways := range []string{"ttt", "ttc", "tct", "ctt", "tcu", "cut", "utc", "ccc"} {
		t.Run(ways, func(t *testing.T) {
			w := worldOfPurchases(t, "card0", "card1", "card2")
			off(w, "r", "percentage", 20, "one_off", 0, code("THREE", JSON{"max_redemptions": 3}))
			for i, way := range ways {
				id := fmt.Sprint("card", i)
				switch way {
				case 't':
					id = fmt.Sprint("page", i)
					typed(w, id, "pro", "THREE")
				case 'c':
					w.Attach(id, "pro", JSON{"promo_code": "THREE"})
				case 'u':
					w.Post("/v1/customers/"+id+"/coupons/r", JSON{"promo_code": "THREE"})
					w.Attach(id, "pro")
				}
				w.Billed(id, 1600)
				used(w, "r", "THREE", float64(i+1))
				w.Advance("10m") // its copy is made anew
			}
			typedInVain(w, "late", "pro", "THREE")
			w.Refused(400, "referral_code_max_redemptions_reached", "/v1/attach", buys("late", "pro", "THREE"))
			w.Want("at Stripe", len(codesAtStripe(w)), 0)
		})
	}
}

// A purchase that comes to nothing gives its use back to the pages, too.
func TestAUseThatCameToNothingCanBeTyped(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "r", "percentage", 20, "one_off", 0, code("ONE", JSON{"max_redemptions": 1}))
	w.Attach("c", "pro", JSON{"promo_code": "ONE"}) // a page that holds it
	typedInVain(w, "d", "pro", "ONE")
	w.Advance("25h")
	typed(w, "d", "pro", "ONE")
	w.Billed("d", 1600)
	used(w, "r", "ONE", 1)
}

// A customer's own code can be typed by that customer alone, from when the customer is
// at Stripe.
func TestTheCodeOfOneCustomerTyped(t *testing.T) {
	w := worldOfPurchases(t)
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Post("/v1/customers", JSON{"id": "d"})
	off(w, "r", "percentage", 10, "one_off", 0)
	off(w, "s", "percentage", 50, "one_off", 0)
	w.Post("/v1/rewards/r/promo_codes", JSON{"code": "VIP", "customer_id": "c"})
	w.Post("/v1/rewards/s/promo_codes", JSON{"code": "VIP", "customer_id": "d"})
	w.Want("nobody is at Stripe", len(codesAtStripe(w)), 0)
	typedInVain(w, "e", "pro", "VIP")
	w.Attach("c", "pro") // opens a page
	w.WaitIdle()
	typed(w, "c", "pro", "vip")
	w.Billed("c", 1800)
	w.Attach("d", "pro")
	w.WaitIdle()
	typed(w, "d", "pro", "vip")
	w.Billed("d", 1000)
	used(w, "r", "VIP", 1)
	used(w, "s", "VIP", 1)
}

// A code for some prices follows the versions of their product.
func TestATypedCodeForAProductFollowsItsVersions(t *testing.T) {
	w := worldOfPurchases(t, "holder")
	createReward(w, "r", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "one_off", "product_ids": []string{"pro"}}}, code("HALF"))
	w.Attach("holder", "pro")
	typed(w, "c", "pro", "HALF")
	w.Billed("c", 1000)
	items := w.Get("/v1/products/pro")["items"].([]any)
	price := Merge(JSON{}, items[0].(JSON))
	price["price"] = 30
	for _, k := range []string{"id", "price_id", "entitlement_id"} {
		delete(price, k)
	}
	w.Post("/v1/products/pro", JSON{"items": append([]any{price}, items[1:]...)})
	typed(w, "d", "pro", "HALF")
	w.Billed("d", 1500)
	typed(w, "e", "g1_pro", "HALF") // not on the page: it takes nothing off
	w.Billed("e", 3000)
}

// Codes of free products live here alone.
func TestACodeOfAFreeProductIsNotAtStripe(t *testing.T) {
	w := worldOfPurchases(t)
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"}, code("GIFT"))
	w.Advance("1h")
	w.Want("at Stripe", len(codesAtStripe(w)), 0)
}

// Pages and cards use a code for five at the same moment: no more than five have it, and
// who has it is counted. What is left then can be used.
func TestPagesAndCardsCompeteForACode(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "r", "percentage", 20, "one_off", 0, code("FIVE", JSON{"max_redemptions": 5}))
	var pages []string
	var bodies []JSON
	for i := range 8 {
		pages = append(pages, w.Attach(fmt.Sprint("p", i), "pro")["checkout_url"].(string))
		w.CustomerWithCard(fmt.Sprint("c", i))
		bodies = append(bodies, buys(fmt.Sprint("c", i), "pro", "FIVE"))
	}
	w.WaitIdle()
	var all sync.WaitGroup
	for _, page := range pages {
		all.Go(func() {
			w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa", "promotion_code": "FIVE"})
		})
	}
	postAtOnce(w, "/v1/attach", bodies)
	all.Wait()
	w.WaitIdle()
	have := func() (n float64) {
		for i := range 8 {
			for _, id := range []string{fmt.Sprint("p", i), fmt.Sprint("c", i)} {
				for _, in := range w.Invoices(id) {
					if in.Total == 1600 {
						n++
					}
				}
			}
		}
		return n
	}
	if have() > 5 {
		w.Errorf("%v have it", have())
	}
	used(w, "r", "FIVE", have())
	for i := int(have()); i < 5; i++ {
		w.Advance("10m")
		typed(w, fmt.Sprint("late", i), "pro", "FIVE")
	}
	used(w, "r", "FIVE", 5)
	typedInVain(w, "last", "pro", "FIVE")
}

// The limit of a reward holds over its codes, typed and not, and over uses without one.
func TestALimitOfTheRewardOverTypedCodes(t *testing.T) {
	for _, ways := range []string{"tttt", "ctcc", "iiit", "tiit", "titi", "ctci", "icct"} {
		t.Run(ways, func(t *testing.T) {
			w := worldOfPurchases(t, "c0", "c1", "c2", "c3")
			off(w, "r", "percentage", 20, "one_off", 0, JSON{"max_redemptions": 4, "promo_codes": []JSON{{"code": "A"}, {"code": "B", "max_redemptions": 3}}})
			w.Want("both are at Stripe", len(codesAtStripe(w)), 2)
			for i, way := range ways {
				id := fmt.Sprint("c", i)
				switch way {
				case 't': // what is left may be with one of the codes
					id = fmt.Sprint("page", i)
					typed(w, id, "pro", codesAtStripe(w)[0]["code"].(string))
				case 'c':
					w.Attach(id, "pro", JSON{"promo_code": "A"})
				case 'i':
					w.Attach(id, "pro", JSON{"reward": "r"})
				}
				w.Billed(id, 1600)
				w.Want("uses of the reward", w.Get("/v1/rewards/r")["times_redeemed"], float64(i+1))
				w.Advance("10m") // copies are made anew
				w.Advance("10m")
				if i == 1 {
					w.Post("/v1/rewards/r", JSON{"max_redemptions": nil})
					w.Want("without a limit", len(codesAtStripe(w)), 2)
					w.Post("/v1/rewards/r", JSON{"max_redemptions": 4})
					w.Want("with one", len(codesAtStripe(w)) > 0, true)
				}
			}
			typedInVain(w, "late", "pro", "A")
			typedInVain(w, "late", "pro", "B")
			w.Refused(400, "referral_code_max_redemptions_reached", "/v1/attach", JSON{"customer_id": "late", "product_id": "pro", "reward": "r"})
			w.Want("at Stripe", len(codesAtStripe(w)), 0)
		})
	}
}
