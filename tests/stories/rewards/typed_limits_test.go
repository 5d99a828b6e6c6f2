package rewards

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// hold keeps Stripe's events back, and let sends them.
func hold(w *World) { w.Post("/_local/delivery", JSON{"mode": "hold"}) }
func let(w *World) {
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.WaitIdle()
}

// The limit of a reward is held by copies before anybody has used it: the first use takes
// it back from them, and while it is not told that a page used it, nobody else does.
func TestTheFirstUseOfALimitedReward(t *testing.T) {
	for name, ask := range map[string]JSON{"by its code": {"promo_code": "A"}, "by its id": {"reward": "r"}} {
		for _, paid := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", a page is paid ", paid), func(t *testing.T) {
				w := worldOfPurchases(t, "card")
				off(w, "r", "percentage", 20, "one_off", 0, code("A"), JSON{"max_redemptions": 1})
				page := w.Attach("page", "pro")["checkout_url"].(string)
				hold(w)
				want := 200
				if paid {
					w.Pay(page, JSON{"promotion_code": "A"})
					want = 400
				}
				a := w.Do(w.Stack.Key, "POST", "/v1/attach", Merge(JSON{"customer_id": "card", "product_id": "pro"}, ask))
				w.Want("the card: "+a.Text, a.Status, want)
				let(w)
				typedInVain(w, "late", "pro", "A")
				w.Advance("20m")
				typedInVain(w, "later", "pro", "A")
				w.Want("uses", w.Get("/v1/rewards/r")["times_redeemed"], 1.0)
			})
		}
	}
}

// A limit that a reward or its code gets while uses of pages are on their way counts them.
func TestALimitThatComesWhileUsesAreOnTheirWay(t *testing.T) {
	for _, before := range []any{nil, 9} {
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			w := worldOfPurchases(t, "k0", "k1", "k2")
			off(w, "r", "percentage", 20, "one_off", 0, code("A"), JSON{"max_redemptions": before})
			var pages []string
			for i := range 2 {
				pages = append(pages, w.Attach(fmt.Sprint("p", i), "pro")["checkout_url"].(string))
			}
			w.WaitIdle()
			hold(w)
			for _, page := range pages {
				w.Pay(page, JSON{"promotion_code": "A"})
			}
			w.Post("/v1/rewards/r", JSON{"max_redemptions": 3})
			w.Advance("5m")
			bought := 0
			for i := range 3 {
				if w.Do(w.Stack.Key, "POST", "/v1/attach", buys(fmt.Sprint("k", i), "pro", "A")).Status == 200 {
					bought++
				}
			}
			let(w)
			w.Advance("20m")
			w.Want("by card", bought, 1)
			used(w, "r", "A", 3)
		})
	}
}

// What a page has sold is the customer's, whatever has changed until that is heard of.
func TestAPaidPageIsKeptWhateverHasChanged(t *testing.T) {
	for _, trial := range []bool{false, true} {
		for name, change := range map[string]func(w *World){
			"nothing":       func(*World) {},
			"no limit":      func(w *World) { w.Post("/v1/rewards/r", JSON{"max_redemptions": nil}) },
			"another limit": func(w *World) { w.Post("/v1/rewards/r", JSON{"max_redemptions": 2}) },
			"deleted":       func(w *World) { w.Call("DELETE", "/v1/rewards/r", nil) },
			"switched off":  func(w *World) { w.Post("/v1/rewards/r/promo_codes/A", JSON{"active": false}) },
			"text taken": func(w *World) {
				w.Call("DELETE", "/v1/rewards/r", nil)
				off(w, "s", "fixed", 1, "one_off", 0, code("A"))
			},
		} {
			t.Run(fmt.Sprint(name, ", the device has tried it ", trial), func(t *testing.T) {
				w := worldOfPurchases(t)
				off(w, "r", "percentage", 20, "one_off", 0, code("A"), JSON{"max_redemptions": 4})
				for _, id := range []string{"c", "d"} {
					w.Post("/v1/customers", JSON{"id": id, "fingerprint": "device"})
				}
				page := w.Attach("c", "pro_trial")["checkout_url"].(string)
				if trial {
					w.PutGoodCard("d")
					w.Attach("d", "pro_trial")
				}
				w.WaitIdle()
				hold(w)
				w.Pay(page, JSON{"promotion_code": "A"})
				change(w)
				let(w)
				w.Advance("3h")
				w.HasProducts("c", "pro_trial trialing")
			})
		}
	}
}

// Whatever a code holds of its reward's limit is free again when nobody can use it: for
// another code, typed as well.
func TestACodeThatIsOverHoldsNothing(t *testing.T) {
	for name, over := range map[string]struct {
		code JSON
		does func(w *World)
	}{
		"expired":             {JSON{"expires_at": T0.AddDate(0, 0, 1).UnixMilli()}, func(w *World) { w.Advance("2d") }},
		"switched off":        {nil, func(w *World) { w.Post("/v1/rewards/r/promo_codes/A", JSON{"active": false}) }},
		"its customer's gone": {JSON{"customer_id": "c"}, func(w *World) { w.Call("DELETE", "/v1/customers/c", nil) }},
		"gone at Stripe, too": {JSON{"customer_id": "c"}, func(w *World) { w.Call("DELETE", "/v1/customers/c?delete_in_stripe=true", nil) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOfPurchases(t)
			w.Post("/v1/customers", JSON{"id": "c"})
			w.Attach("c", "pro")
			off(w, "r", "percentage", 20, "one_off", 0, JSON{"max_redemptions": 4, "promo_codes": []JSON{Merge(JSON{"code": "A"}, over.code), {"code": "B"}}})
			w.Want("both are there", len(codesAtStripe(w)), 2)
			over.does(w)
			w.Advance("20m")
			for i := range 4 {
				typed(w, fmt.Sprint("p", i), "pro", "B")
				w.Advance("20m")
			}
			used(w, "r", "B", 4)
		})
	}
}

// All codes of a reward with a limit can be typed while there is one use for each, in
// whatever order they are made.
func TestEachCodeOfALimitedRewardHasAPart(t *testing.T) {
	for _, most := range []int{20, 100} {
		w := worldOfPurchasesAlone(t)
		off(w, "r", "percentage", 20, "one_off", 0, JSON{"max_redemptions": most})
		for i := range 20 {
			w.Post("/v1/rewards/r/promo_codes", JSON{"code": fmt.Sprint("CODE", i)})
			if i%7 == 0 {
				w.WaitIdle()
			}
		}
		for range 3 {
			w.Advance("10m")
		}
		w.Want(fmt.Sprint("of ", most), len(codesAtStripe(w)), 20)
	}
}

func worldOfPurchasesAlone(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.PlanChangeCatalog()
	return w
}

// The code of a customer who was deleted is nobody's, also for who comes with the same
// Stripe customer; and credits that are typed last as long as those of today.
func TestACopyFollowsItsCustomerAndItsCredits(t *testing.T) {
	w := worldOfPurchases(t, "d")
	w.Post("/v1/customers", JSON{"id": "c"})
	off(w, "r", "percentage", 50, "one_off", 0)
	w.Post("/v1/rewards/r/promo_codes", JSON{"code": "VIP", "customer_id": "c"})
	w.Attach("c", "pro")
	w.Want("at Stripe", len(codesAtStripe(w)), 1)
	id := w.StripeID("c")
	w.Call("DELETE", "/v1/customers/c", nil)
	w.Post("/v1/customers", JSON{"id": "c", "stripe_id": id})
	w.Want("after the deletion", len(codesAtStripe(w)), 0)
	typedInVain(w, "c", "pro", "VIP")

	credits(w, "some", 100, JSON{"credits_expire_months": 1}, code("SOME"))
	w.WaitIdle()
	w.Post("/v1/rewards/some", JSON{"credits_expire_months": 12})
	w.WaitIdle()
	typed(w, "e", "pro", "SOME")
	w.Attach("d", "pro", JSON{"promo_code": "SOME"})
	expires := func(id string) any { return ValueAt(w.Customer(id, "rewards"), "rewards.credits.0.expires_at") }
	w.Want("expire", expires("e"), expires("d"))
}
