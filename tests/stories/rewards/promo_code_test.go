package rewards

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	. "windfall/tests/world"
)

// worldOfGifts sells the booster as a gift: 100 messages a month beside the 50 that
// everybody has.
func worldOfGifts(t *testing.T, codes ...JSON) *World {
	w := New(t)
	w.Feature("messages", "single_use")
	w.Post("/v1/products", JSON{"id": "free", "name": "Free", "group": "main", "is_default": true, "items": []JSON{Messages(50)}})
	w.Post("/v1/products", JSON{"id": "booster", "name": "Booster", "is_add_on": true, "items": []JSON{Messages(100)}})
	w.Post("/v1/rewards", JSON{"id": "boost", "name": "Boost", "type": "free_product", "free_product_id": "booster", "promo_codes": codes})
	w.Post("/v1/customers", JSON{"id": "c"})
	return w
}

func redemption(customer, code string) JSON { return JSON{"customer_id": customer, "code": code} }

func TestRWD08AFreeProductByItsCode(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST"})
	done := w.Post("/v1/rewards/redeem", redemption("c", " boost "))
	w.Want("answer", done, JSON{"id": done["id"], "reward_id": "boost", "customer_id": "c", "applied": true, "triggered": true, "product_id": "booster",
		"entitlements_granted": []any{JSON{"feature_id": "messages", "balance": 150.0}}})
	w.HasBalance("c", "messages", true, 150)
	w.Track("c", "messages", 120)
	w.AdvanceTo(T1)
	w.HasBalance("c", "messages", true, 150)
	w.Billed("c")
	stored := w.Get("/v1/redemptions/" + done["id"].(string))
	w.Want("its code", stored["promo_code"], "BOOST")
	w.Want("no referral", stored["referral_code_id"], nil)
	w.Want("the code's uses", w.Get("/v1/rewards/boost/promo_codes/boost")["times_redeemed"], 1.0)
	w.Want("the reward's uses", w.Get("/v1/rewards/boost")["times_redeemed"], 1.0)
	w.Want("no referral of the customer", ValueAt(w.Get("/v1/customers/c?expand=referrals"), "referrals"), []any{})
}

// An add-on that is held already gets the allowance of another one.
func TestRWD08TwoCodesOfTwoRewardsAddUp(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST"})
	w.Post("/v1/rewards", JSON{"id": "more", "name": "More", "type": "free_product", "free_product_id": "booster", "promo_codes": []JSON{{"code": "MORE"}}})
	w.Post("/v1/rewards/redeem", redemption("c", "BOOST"))
	w.Post("/v1/rewards/redeem", redemption("c", "MORE"))
	w.HasBalance("c", "messages", true, 250)
}

func TestRWD09ACustomerRedeemsARewardOnce(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST"}, JSON{"code": "AGAIN"})
	w.Post("/v1/rewards/redeem", redemption("c", "BOOST"))
	for _, code := range []string{"BOOST", "AGAIN"} {
		w.Refused(400, "customer_already_redeemed_referral_code", "/v1/rewards/redeem", redemption("c", code))
	}
	w.HasBalance("c", "messages", true, 150)
	bodies := make([]JSON, 20)
	for i := range bodies {
		bodies[i] = redemption("d", []string{"BOOST", "AGAIN"}[i%2])
	}
	w.Post("/v1/customers", JSON{"id": "d"})
	codes, _ := postAtOnce(w, "/v1/rewards/redeem", bodies)
	w.Want("at once", codes, map[string]int{"": 1, "customer_already_redeemed_referral_code": 19})
	w.HasBalance("d", "messages", true, 150)
}

func TestRWD10ACodeIsUsedAsOftenAsItMay(t *testing.T) {
	t.Parallel()
	for name, limited := range map[string]JSON{"of the code": {"max_redemptions": 5}, "of the reward": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfGifts(t, Merge(JSON{"code": "BOOST"}, limited))
			if name == "of the reward" {
				w.Post("/v1/rewards/boost", JSON{"max_redemptions": 5})
			}
			for i := range 6 {
				id := fmt.Sprint("c", i)
				w.Post("/v1/customers", JSON{"id": id})
				if i == 5 {
					w.Refused(400, "referral_code_max_redemptions_reached", "/v1/rewards/redeem", redemption(id, "BOOST"))
					w.HasBalance(id, "messages", true, 50)
					continue
				}
				w.Post("/v1/rewards/redeem", redemption(id, "BOOST"))
			}
			code := w.Get("/v1/rewards/boost/promo_codes/BOOST")
			w.Want("status", code["status"], "dead")
			w.Refused(400, "promo_code_dead", "/v1/rewards/boost/promo_codes/BOOST", JSON{"active": true})
		})
	}
}

// 200 customers redeem a code for 10 at the same moment: 10 have it.
func TestRWD10OfManyAtOnceAsManyAsItMay(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST", "max_redemptions": 10})
	bodies := make([]JSON, 200)
	for i := range bodies {
		id := fmt.Sprint("many", i)
		w.Post("/v1/customers", JSON{"id": id})
		bodies[i] = redemption(id, "BOOST")
	}
	codes, answers := postAtOnce(w, "/v1/rewards/redeem", bodies)
	w.Want("answers", codes, map[string]int{"": 10, "referral_code_max_redemptions_reached": 190})
	for i, a := range answers {
		want := 50.0
		if a.Status == 200 {
			want = 150
		}
		w.HasBalance(bodies[i]["customer_id"].(string), "messages", true, want)
	}
	w.Want("uses", w.Get("/v1/rewards/boost/promo_codes/BOOST")["times_redeemed"], 10.0)
}

// A request that is made again under its key is answered as the first was.
func TestRedeemingAgainUnderAKeyIsTheSame(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST", "max_redemptions": 1})
	keyed := func() Answer {
		return w.Do(w.Stack.Key, "POST", "/v1/rewards/redeem", redemption("c", "BOOST"), func(r *http.Request) { r.Header.Set("Idempotency-Key", "one") })
	}
	first := keyed()
	w.Want("first", first.Status, 200)
	w.Want("again", keyed().Body, first.Body)
	w.HasBalance("c", "messages", true, 150)
}

// An application with one box for codes redeems both by the older route.
func TestAPromotionCodeByTheRouteOfReferrals(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "BOOST"})
	done := w.Post("/v1/referrals/redeem", redemption("c", "boost"))
	w.Want("answer", done, JSON{"id": done["id"], "reward_id": "boost", "customer_id": "c", "applied": true, "triggered": true,
		"redeemer_applied": true, "status": "applied", "referrer": nil, "redeemer": nil})
	w.HasBalance("c", "messages", true, 150)
	w.Refused(400, "customer_already_redeemed_referral_code", "/v1/referrals/redeem", redemption("c", "BOOST"))
	w.Refused(404, "referral_code_not_found", "/v1/referrals/redeem", redemption("c", "NOSUCH"))
}

// Codes are listed page by page, and a code is made up where none is given.
func TestPromoCodesAreListed(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	for range 7 {
		made := w.Post("/v1/rewards/boost/promo_codes", JSON{"metadata": JSON{"for": "a fair"}})
		w.Want("made up", len(made["code"].(string)), 8)
	}
	seen, path := map[any]bool{}, "/v1/rewards/boost/promo_codes?limit=3"
	for pages := 1; ; pages++ {
		page := w.Get(path)
		for _, c := range page["list"].([]any) {
			seen[ValueAt(c, "code")] = true
			w.Want("metadata", ValueAt(c, "metadata.for"), "a fair")
		}
		if page["next_cursor"] == nil {
			w.Want("pages", pages, 3)
			break
		}
		path = "/v1/rewards/boost/promo_codes?limit=3&cursor=" + page["next_cursor"].(string)
	}
	w.Want("codes", len(seen), 7)
	w.Post("/v1/rewards", JSON{"id": "other", "name": "Other", "type": "free_product", "free_product_id": "booster"})
	for _, bad := range []string{"other/promo_codes?cursor=" + w.Get("/v1/rewards/boost/promo_codes?limit=3")["next_cursor"].(string), "boost/promo_codes?cursor=x", "boost/promo_codes?active=maybe"} {
		w.Want(bad, w.Do(w.Stack.Key, "GET", "/v1/rewards/"+bad, nil).Status, 400)
	}
}

// A list of codes in an edit is the whole list; terms of a code never change.
func TestAnEditOfCodesIsTheWholeList(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "A", "max_redemptions": 5}, JSON{"code": "B"})
	w.Refused(400, "invalid_promo_code", "/v1/rewards/boost", JSON{"promo_codes": []JSON{{"code": "A", "max_redemptions": 6}}})
	edited := w.Post("/v1/rewards/boost", JSON{"promo_codes": []JSON{{"code": "A"}, {"code": "C", "expires_at": T0.Add(time.Hour).UnixMilli()}, {"code": ""}}})
	w.Want("codes", textsOf(edited["promo_codes"].([]any)), []string{"A active", "B inactive", "C active"})
	same := w.Call("PUT", "/v1/rewards/boost", JSON{"promo_codes": []JSON{{"code": "A", "max_redemptions": 5}, {"code": "C"}}})
	w.Want("nothing changed", same, edited)
	w.Post("/v1/rewards/boost/promo_codes/B", JSON{"active": true})
	w.Want("B again", textsOf(w.Get("/v1/rewards/boost")["promo_codes"].([]any)), []string{"A active", "B active", "C active"})
}
