package rewards

import (
	"fmt"
	"slices"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A customer whose own code is over has the code for anybody, like everybody else.
func TestRWD37AnOwnCodeThatIsOverHidesNoOther(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *World){
		"expired":             func(*World) {},
		"used up":             func(w *World) { w.Post("/v1/rewards/redeem", redemption("c", "VIP")) },
		"inactive":            func(w *World) { w.Post("/v1/rewards/own/promo_codes/VIP", JSON{"active": false}) },
		"its reward deleted":  func(w *World) { w.Call("DELETE", "/v1/rewards/own", nil) },
		"its reward used up":  func(w *World) { w.Post("/v1/rewards/redeem", redemption("d", "OTHER")) },
		"its reward is spent": func(w *World) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := worldOfGifts(t)
			w.Post("/v1/customers", JSON{"id": "d"})
			w.Post("/v1/products", JSON{"id": "small", "name": "Small", "is_add_on": true, "items": []JSON{Messages(10)}})
			own := JSON{"id": "own", "name": "Own", "type": "free_product", "free_product_id": "small", "promo_codes": []JSON{{"code": "OTHER"}}}
			if name == "its reward used up" {
				own["max_redemptions"] = 1
			}
			if name == "its reward is spent" {
				own["redeem_by"] = T0.AddDate(0, 0, 1).UnixMilli()
			}
			w.Post("/v1/rewards", own)
			code := JSON{"code": "VIP", "customer_id": "c", "max_redemptions": 1}
			if name == "expired" {
				code["expires_at"] = T0.AddDate(0, 0, 1).UnixMilli()
			}
			w.Post("/v1/rewards/own/promo_codes", code)
			end(w)
			w.AdvanceTo(T0.AddDate(0, 0, 2))
			w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP"})
			e := w.Post("/v1/rewards/explain", redemption("c", "VIP"))
			w.Want("explained", []any{e["allowed"], e["reward_id"]}, []any{true, "boost"})
			done := w.Post("/v1/rewards/redeem", redemption("c", "VIP"))
			w.Want("the reward for anybody", done["reward_id"], "boost")
		})
	}
}

// Where neither code can be used the refusal is that of the own one, and an own code
// that can be used comes first.
func TestRWD37TheOwnCodeComesFirst(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	w.Post("/v1/customers", JSON{"id": "d"})
	w.Post("/v1/rewards", JSON{"id": "own", "name": "Own", "type": "free_product", "free_product_id": "booster"})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "active": false})
	w.Post("/v1/rewards/own/promo_codes", JSON{"code": "VIP", "customer_id": "c", "expires_at": T0.AddDate(0, 0, 1).UnixMilli()})
	w.Want("the own one", w.Post("/v1/rewards/explain", redemption("c", "VIP"))["reward_id"], "own")
	w.AdvanceTo(T0.AddDate(0, 0, 1))
	w.Refused(400, "promo_code_expired", "/v1/rewards/redeem", redemption("c", "VIP"))
	w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("d", "VIP"))
	w.Call("DELETE", "/v1/rewards/own", nil)
	w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("c", "VIP"))
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "customer_id": "c", "metadata": JSON{}}) // both of one reward
	w.Want("of one reward", w.Post("/v1/rewards/explain", redemption("c", "VIP"))["allowed"], true)
}

// A text whose codes went with their rewards is unknown to everybody, and a guess of
// it counts as one.
func TestATextOfDeletedRewardsIsUnknown(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	for _, id := range []string{"d", "e"} {
		w.Post("/v1/customers", JSON{"id": id})
	}
	w.Post("/v1/rewards", JSON{"id": "own", "name": "Own", "type": "free_product", "free_product_id": "booster",
		"promo_codes": []JSON{{"code": "GONE", "customer_id": "c"}, {"code": "VIP", "customer_id": "c"}, {"code": "ALL"}}})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "VIP", "customer_id": "e"})
	w.Refused(400, "promo_code_not_for_customer", "/v1/rewards/redeem", redemption("d", "GONE"))
	w.Post("/v1/rewards/own/promo_codes/ALL", JSON{"active": false})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "ALL", "customer_id": "e"})
	w.Call("DELETE", "/v1/rewards/own", nil)
	for _, customer := range []string{"c", "d"} {
		w.Refused(404, "reward_not_found", "/v1/rewards/redeem", redemption(customer, "GONE"))
		w.Refused(400, "promo_code_not_for_customer", "/v1/rewards/redeem", redemption(customer, "VIP"))
		w.Refused(400, "promo_code_not_for_customer", "/v1/rewards/redeem", redemption(customer, "ALL"))
	}
	w.AdvanceTo(T0.Add(time.Minute))
	statuses := []string{}
	for range 21 {
		statuses = append(statuses, fmt.Sprint(w.Do(w.Stack.Key, "POST", "/v1/rewards/explain", redemption("d", "GONE")).Status))
	}
	w.Want("guesses", statuses, append(slices.Repeat([]string{"200"}, 20), "429"))
	w.Post("/v1/rewards/redeem", redemption("e", "VIP"))
}

// A customer's code is found by the id of today: after a rename, and where an id went
// to another customer.
func TestTheCodeOfACustomerIsFoundByTheIDOfToday(t *testing.T) {
	t.Parallel()
	w := worldOfGifts(t)
	const path = "/v1/rewards/boost/promo_codes/"
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "RN", "customer_id": "c"})
	w.Post("/v1/customers/c", JSON{"id": "c9"})
	w.Want("by the new id", w.Get(path + "RN?customer_id=c9")["customer_id"], "c9")
	w.Want("by the old one", w.Do(w.Stack.Key, "GET", path+"RN?customer_id=c", nil).Status, 200)
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Want("by the old one, now another's", w.Do(w.Stack.Key, "GET", path+"RN?customer_id=c", nil).Status, 404)
	w.Post("/v1/rewards/redeem", redemption("c9", "RN"))

	w.Post("/v1/customers", JSON{"id": "f1"})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "FEE", "customer_id": "f1", "max_redemptions": 1})
	w.AdvanceTo(T0.AddDate(0, 0, 1))
	w.Call("DELETE", "/v1/customers/f1", nil)
	w.Want("of a deleted customer", w.Get(path + "FEE?customer_id=f1")["max_redemptions"], 1.0)
	w.Post("/v1/customers", JSON{"id": "f1"})
	w.Post("/v1/rewards/boost/promo_codes", JSON{"code": "FEE", "customer_id": "f1", "max_redemptions": 2})
	w.Want("of the one of today", w.Get(path + "FEE?customer_id=f1")["max_redemptions"], 2.0)
	before := w.Get("/v1/rewards/boost")
	asRead := []JSON{}
	for _, c := range before["promo_codes"].([]any) {
		asRead = append(asRead, c.(JSON))
	}
	w.Want("the list as it was read", putCodes(w, asRead...).Body, before)
	w.Want("deactivated", w.Call("DELETE", path+"FEE?customer_id=f1", nil)["status"], "inactive")
	w.Want("the others stay", len(w.Get("/v1/rewards/boost/promo_codes?active=true")["list"].([]any)), 2)
	w.Refused(400, "promo_code_inactive", "/v1/rewards/redeem", redemption("f1", "FEE"))
}
