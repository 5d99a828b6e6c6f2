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
	w.Want("answer", done, JSON{"id": done["id"], "reward_id": "boost", "customer_id": "c", "applied": true, "triggered": true, "referrer": nil, "redeemer": nil})
	w.HasBalance("c", "messages", true, 150)
	w.Refused(400, "customer_already_redeemed_referral_code", "/v1/referrals/redeem", redemption("c", "BOOST"))
	w.Refused(404, "referral_code_not_found", "/v1/referrals/redeem", redemption("c", "NOSUCH"))
}

func TestRWD13TheTextOfACode(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "Fall_25"}, JSON{"code": "LATE", "expires_at": T0.AddDate(0, 0, 5).UnixMilli()})
	w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption("c", "WINTER"))
	w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption("c", "é or more"))
	w.Post("/v1/rewards/boost/promo_codes/fall_25", JSON{"active": false})
	w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("c", "fall_25"))
	w.Post("/v1/rewards/boost/promo_codes/FALL_25", JSON{"active": true})
	w.AdvanceTo(T0.AddDate(0, 0, 5))
	w.Refused(400, "promo_code_expired", "/v1/rewards/redeem", redemption("c", "LATE"))
	w.HasBalance("c", "messages", true, 50)
	w.Post("/v1/rewards/redeem", redemption("c", "fAlL_25"))
	w.Want("codes", textsOf(w.Get("/v1/rewards/boost/promo_codes")["list"].([]any)), []string{"FALL_25 active", "LATE dead"})
	w.Want("of those active", textsOf(w.Get("/v1/rewards/boost/promo_codes?active=true")["list"].([]any)), []string{"FALL_25 active"})
}

// RWD-37, as far as free products show it: one text for single customers, and for
// anybody once none of theirs is active.
func TestRWD37OneTextForSeveralCustomers(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	w.Post("/v1/customers", JSON{"id": "c2"})
	w.Post("/v1/customers", JSON{"id": "c3"})
	w.Post("/v1/products", JSON{"id": "small", "name": "Small", "is_add_on": true, "items": []JSON{Messages(10)}})
	w.Post("/v1/rewards", JSON{"id": "small", "name": "Small", "type": "free_product", "free_product_id": "small"})
	w.Refused(404, "customer_not_found", "/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "customer_id": "nobody"})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "customer_id": "c"})
	w.Post("/v1/rewards/small/promo_codes", JSON{"code": "vip", "customer": "c2"})
	for _, body := range []JSON{{"code": "VIP"}, {"code": "VIP", "customer_id": "c"}} {
		w.Refused(400, "duplicate_promo_code", "/v1/rewards/boost/promo_codes", body)
	}
	w.Refused(400, "promo_code_not_for_customer", "/v1/rewards/redeem", redemption("c3", "VIP"))
	w.Post("/v1/rewards/redeem", redemption("c", "VIP"))
	w.Post("/v1/rewards/redeem", redemption("c2", "VIP"))
	w.HasBalance("c", "messages", true, 150)
	w.HasBalance("c2", "messages", true, 60)
	w.Post("/v1/rewards/boost/promo_codes/VIP", JSON{"active": false})
	w.Refused(400, "duplicate_promo_code", "/v1/rewards/boost/promo_codes", JSON{"code": "VIP"})
	w.Call("DELETE", "/v1/rewards/small/promo_codes/VIP", nil)
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP"})
	w.Refused(400, "duplicate_promo_code", "/v1/rewards/small/promo_codes/vip", JSON{"active": true})
	w.Post("/v1/rewards/redeem", redemption("c3", "VIP"))
}

// Codes of one text and one reward are told apart by their customers.
func TestRWD37CodesOfSeveralCustomersUnderOneReward(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	w.Post("/v1/customers", JSON{"id": "c2"})
	for _, id := range []string{"c", "c2"} {
		w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "customer_id": id})
	}
	const path = "/v1/rewards/boost/promo_codes/VIP"
	for method, body := range map[string]any{"GET": nil, "POST": JSON{"active": false}, "DELETE": nil} {
		a := w.Do(w.Stack.Key, method, path, body)
		w.Want(method+" of nobody's", a.Status, 400)
		w.Want(method+" needs", a.Body["code"], "invalid_inputs")
		w.Want(method+" of another's", w.Do(w.Stack.Key, method, path+"?customer_id=nobody", body).Status, 404)
	}
	w.Want("hers", w.Get(path + "?customer_id=c2")["customer_id"], "c2")
	w.Call("DELETE", path+"?customer_id=c2", nil)
	w.Want("his", w.Post(path+"?customer_id=c", JSON{"metadata": JSON{"k": "v"}})["status"], "active")
	w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("c2", "VIP"))
	w.Post("/v1/rewards/redeem", redemption("c", "VIP"))
}

// A code takes the text of a dead one, which stays in the list of its reward.
func TestADeadCodeGivesItsTextAway(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "ONE", "max_redemptions": 1})
	w.Post("/v1/rewards/redeem", redemption("c", "ONE"))
	w.Post("/v1/rewards", JSON{"id": "next", "name": "Next", "type": "free_product", "free_product_id": "booster", "promo_codes": []JSON{{"code": "one"}}})
	w.Post("/v1/rewards/redeem", redemption("c", "ONE"))
	w.HasBalance("c", "messages", true, 250)
	old := w.Get("/v1/rewards/boost/promo_codes")["list"].([]any)
	w.Want("in the list", textsOf(old), []string{"ONE dead"})
	w.Want("with its uses", ValueAt(old, "0.times_redeemed"), 1.0)
	w.Want("the new one's uses", w.Get("/v1/rewards/next/promo_codes/ONE")["times_redeemed"], 1.0)
	w.Want("the old one by its text", w.Do(w.Stack.Key, "GET", "/v1/rewards/boost/promo_codes/ONE", nil).Status, 404)
}

// A text that goes from code to code in one millisecond has the history of each.
func TestEveryCodeOfATextStaysInTheList(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	const path = "/v1/rewards/boost/promo_codes"
	for i := range 4 {
		id := fmt.Sprint("d", i)
		w.Post("/v1/customers", JSON{"id": id})
		w.Post(path, JSON{"code": "RE", "max_redemptions": 1})
		w.Post("/v1/rewards/redeem", redemption(id, "RE"))
	}
	w.Want("codes", textsOf(w.Get(path)["list"].([]any)), []string{"RE dead", "RE dead", "RE dead", "RE dead"})
	seen, next := 0, ""
	for {
		page := w.Get(path + "?limit=1&cursor=" + next)
		seen += len(page["list"].([]any))
		if page["next_cursor"] == nil {
			break
		}
		next = page["next_cursor"].(string)
	}
	w.Want("page by page", seen, 4)
}

// A reward that has ended stays ended, and so do its codes.
func TestI29ADeadCodeNeverComesBack(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"code": "A", "max_redemptions": 1}, JSON{"code": "B"})
	w.Post("/v1/rewards/boost", JSON{"redeem_by": T0.AddDate(0, 0, 5).UnixMilli()})
	w.Refused(400, "invalid_promo_code", "/v1/rewards/boost/promo_codes", JSON{"code": "C", "expires_at": T0.AddDate(0, 0, 6).UnixMilli()})
	w.Post("/v1/rewards/redeem", redemption("c", "A"))
	w.Post("/v1/customers", JSON{"id": "d"})
	w.Refused(400, "referral_code_max_redemptions_reached", "/v1/rewards/redeem", redemption("d", "A"))
	w.AdvanceTo(T0.AddDate(0, 0, 5))
	w.Refused(400, "promo_code_expired", "/v1/rewards/redeem", redemption("d", "B"))
	for _, more := range []JSON{{"redeem_by": nil}, {"redeem_by": T0.AddDate(0, 0, 9).UnixMilli()}, {"max_redemptions": 100}} {
		w.Refused(400, "invalid_reward", "/v1/rewards/boost", more)
	}
	w.Refused(400, "promo_code_dead", "/v1/rewards/boost/promo_codes/B", JSON{"active": true})
	w.Refused(400, "invalid_promo_code", "/v1/rewards/boost/promo_codes", JSON{"code": "D"})
	w.Refused(400, "invalid_inputs", "/v1/rewards/boost/promo_codes/B", JSON{"max_redemptions": 7})
	w.Call("DELETE", "/v1/rewards/boost", nil)
	w.Post("/v1/rewards", JSON{"id": "boost", "name": "Boost", "type": "free_product", "free_product_id": "booster"})
	w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption("d", "B"))
	w.Refused(404, "reward_not_found", "/v1/rewards/boost/promo_codes/B", JSON{"active": true})
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

// A code without a text gets one, in a list of codes as by its own route. An entry
// that says nothing but an empty text is what forms send.
func TestACodeWithoutATextIsMadeUp(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t, JSON{"max_redemptions": 3}, JSON{}, JSON{"code": ""}, JSON{"code": " ", "customer_id": nil}, JSON{"code": "", "max_uses": 4}, JSON{"metadata": JSON{"k": "v"}, "code": nil})
	made := w.Get("/v1/rewards/boost")["promo_codes"].([]any)
	limits := map[any]int{}
	for _, c := range made {
		limits[ValueAt(c, "max_redemptions")]++
		w.Want("text", len(ValueAt(c, "code").(string)), 8)
	}
	w.Want("limits", limits, map[any]int{3.0: 1, 4.0: 1, nil: 2})
	more := w.Post("/v1/rewards/boost", JSON{"promo_codes": append(made, JSON{"max_redemptions": 7})})
	w.Want("and one more", len(more["promo_codes"].([]any)), 5)
	refused := w.Do(w.Stack.Key, "POST", "/v1/rewards/boost", JSON{"promo_codes": []any{JSON{"times_redeemed": 1}}})
	w.Want("a code that nobody has seen", refused.Body["code"], "invalid_promo_code")
	w.Want("null is no note", w.Post("/v1/rewards/boost/promo_codes", JSON{"metadata": JSON{"a": "1", "b": nil}})["metadata"], JSON{"a": "1"})
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
