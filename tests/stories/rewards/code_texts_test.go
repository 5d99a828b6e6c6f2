package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

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
