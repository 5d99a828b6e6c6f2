package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// used checks how often a reward and its code were used.
func used(w *World, reward, code string, times float64) {
	w.Helper()
	w.Want("uses of the reward", w.Get("/v1/rewards/" + reward)["times_redeemed"], times)
	w.Want("uses of the code", w.Get("/v1/rewards/" + reward + "/promo_codes/" + code)["times_redeemed"], times)
}

func buys(customer, product, code string) JSON {
	return JSON{"customer_id": customer, "product_id": product, "promo_code": code}
}

func TestRWD35ALimitOverEveryWay(t *testing.T) {
	w := worldOfPurchases(t, "card", "upgrade", "late")
	off(w, "fifth", "percentage", 20, "one_off", 0, code("THREE", JSON{"max_redemptions": 3}))
	page := w.Attach("page", "pro", JSON{"promo_code": "THREE"})
	w.Pay(page["checkout_url"].(string))
	w.Attach("card", "pro", JSON{"promo_code": "THREE"})
	w.Attach("upgrade", "pro")
	w.Attach("upgrade", "premium", JSON{"promo_code": "THREE"})
	w.Billed("page", 1600)
	w.Billed("card", 1600)
	w.Billed("upgrade", 2000, 2000)
	w.Attach("late", "g1_starter")
	for _, ask := range []JSON{buys("late", "pro", "THREE"), buys("new", "pro", "THREE"), buys("late", "g1_pro", "THREE"), buys("late", "topup", "THREE")} {
		for _, path := range []string{"/v1/attach", "/v1/attach/preview", "/v1/checkout"} {
			w.Refused(400, "referral_code_max_redemptions_reached", path, Merge(ask, JSON{"options": optionsOf(ask)}))
		}
	}
	used(w, "fifth", "THREE", 3)
}

// optionsOf are the quantities that a product asks for.
func optionsOf(ask JSON) any {
	if ask["product_id"] == "topup" {
		return []JSON{{"feature_id": "messages", "quantity": 250}}
	}
	return []JSON{}
}

// Twelve customers buy with a code for three at the same moment: three have it, and
// the others buy nothing.
func TestRWD35OfManyAtOnceAsManyAsItMay(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "fifth", "percentage", 20, "one_off", 0, code("THREE", JSON{"max_redemptions": 3}))
	var bodies []JSON
	for i := range 12 {
		id := fmt.Sprint("c", i)
		w.CustomerWithCard(id)
		bodies = append(bodies, buys(id, "pro", "THREE"))
	}
	codes, answers := postAtOnce(w, "/v1/attach", bodies)
	w.Want("answers", codes, map[string]int{"": 3, "referral_code_max_redemptions_reached": 9})
	for i, a := range answers {
		if a.Status == 200 {
			w.Billed(fmt.Sprint("c", i), 1600)
		} else {
			w.Billed(fmt.Sprint("c", i))
		}
	}
	used(w, "fifth", "THREE", 3)
}

// One customer uses a code as often as one may, however many calls there are.
func TestPurchasesOfOneCustomerAtOnce(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "one_off", 0, code("ONCE", JSON{"max_redemptions_per_customer": 1}))
	codes, _ := postAtOnce(w, "/v1/attach", []JSON{buys("c", "g1_pro", "ONCE"), buys("c", "g2_pro", "ONCE"), buys("c", "pro", "ONCE"), buys("c", "addon_words", "ONCE")})
	w.Want("answers", codes, map[string]int{"": 1, "customer_already_redeemed_referral_code": 3})
	used(w, "fifth", "ONCE", 1)
}

func TestRWD36AnExpiredPageUsesNothing(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "fifth", "percentage", 20, "one_off", 0, code("ONE", JSON{"max_redemptions": 1}))
	w.Attach("c", "pro", JSON{"promo_code": "ONE"})
	w.Advance("25h")
	used(w, "fifth", "ONE", 0)
	page := w.Attach("d", "pro", JSON{"promo_code": "ONE"})
	w.Pay(page["checkout_url"].(string))
	w.Billed("d", 1600)
	used(w, "fifth", "ONE", 1)
}

// What a page holds is free again however the page ends but by payment.
func TestAPageThatEndsGivesItsUseBack(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "fifth", "percentage", 20, "one_off", 0, code("ONE", JSON{"max_redemptions": 1, "max_redemptions_per_customer": 1}))
	page := w.Attach("c", "pro", JSON{"promo_code": "ONE"})
	w.Want("the same page", w.Attach("c", "pro", JSON{"promo_code": "one"})["checkout_url"], page["checkout_url"])
	used(w, "fifth", "ONE", 1)
	w.Refused(400, "referral_code_max_redemptions_reached", "/v1/attach", buys("d", "pro", "ONE"))

	w.Attach("c", "premium", JSON{"promo_code": "ONE"}) // another purchase of the customer takes its place
	used(w, "fifth", "ONE", 1)
	w.Attach("c", "premium") // and one without the code
	used(w, "fifth", "ONE", 0)

	w.Attach("c", "premium", JSON{"promo_code": "ONE"})
	used(w, "fifth", "ONE", 1)
	w.PutGoodCard("c")
	w.Attach("c", "pro", JSON{"promo_code": "ONE"}) // by card now
	w.Billed("c", 1600)
	used(w, "fifth", "ONE", 1)
}

func TestADeletedCustomersPageGivesItsUseBack(t *testing.T) {
	w := worldOfPurchases(t)
	off(w, "fifth", "percentage", 20, "one_off", 0, code("ONE", JSON{"max_redemptions": 1}))
	w.Attach("c", "pro", JSON{"promo_code": "ONE"})
	w.RequireDeleted("c", "")
	used(w, "fifth", "ONE", 0)
}

// A card that is refused gives the use back with a change, and takes it to the page
// with a purchase.
func TestARefusedCardUsesNothing(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "one_off", 0, code("ONE", JSON{"max_redemptions": 1}))
	w.Attach("c", "pro")
	w.PutFailingCard("c")
	if a := w.Do("", "POST", "/v1/attach", buys("c", "premium", "ONE")); a.Status < 400 || a.Status > 499 {
		t.Errorf("got %d %s", a.Status, a.Body)
	}
	used(w, "fifth", "ONE", 0)
	w.Billed("c", 2000)
	page := w.Attach("c", "g1_pro", JSON{"promo_code": "ONE"})
	used(w, "fifth", "ONE", 1)
	w.Pay(page["checkout_url"].(string))
	w.Billed("c", 2000, 2400)
	used(w, "fifth", "ONE", 1)
}

// Nothing is counted for what is refused, and nobody is created by it.
func TestARefusedPurchaseCountsNothing(t *testing.T) {
	w := worldOfPurchases(t, "c")
	off(w, "fifth", "percentage", 20, "one_off", 0, code("ONE", JSON{"minimum_amount": 30}))
	createReward(w, "gift", "free_product", JSON{"free_product_id": "bonus"}, code("GIFT"))
	createReward(w, "words_only", "percentage_discount", JSON{"discount_config": JSON{"discount_value": 50, "duration_type": "forever", "product_ids": []string{"addon_words"}}})
	w.Attach("c", "pro")
	for want, ask := range map[string]JSON{
		"promo_code_minimum_not_met":    buys("c", "addon_words", "ONE"),
		"promo_code_new_purchases_only": buys("c", "premium", "ONE"),
		"reward_not_found":              buys("c", "addon_words", "NOBODYS"),
		"invalid_reward":                buys("c", "addon_words", "GIFT"),
		"promo_code_not_applicable":     {"customer_id": "c", "product_id": "premium", "reward": "words_only"},
		"invalid_inputs":                buys("c", "addon_words", "no code!"),
	} {
		status := 400
		if want == "reward_not_found" {
			status = 404
		}
		w.Refused(status, want, "/v1/attach", ask)
		w.Refused(status, want, "/v1/attach/preview", ask)
	}
	w.Refused(404, "reward_not_found", "/v1/attach", buys("nobody", "pro", "NOBODYS"))
	w.Refused(404, "customer_not_found", "/v1/rewards/explain", JSON{"code": "ONE", "customer_id": "nobody"})
	w.Refused(400, "promo_code_not_applicable", "/v1/attach", JSON{"customer_id": "c", "product_id": "booster", "reward": "fifth"})
	w.Refused(400, "promo_code_not_applicable", "/v1/attach", JSON{"customer_id": "c", "product_id": "g2_free", "reward": "fifth"})
	w.Billed("c", 2000)
	used(w, "fifth", "ONE", 0)
}
