package requests

import (
	"testing"

	. "windfall/tests/world"
)

type keyedCall struct {
	path string
	body JSON
}

// by makes a call with a key, and checks its status and code; "" is none.
func (c keyedCall) by(w *World, key string, status int, code any) {
	w.Helper()
	a := w.Do(w.Stack.Key, "POST", "/v1/"+c.path, c.body, IdempotencyKey(key))
	if a.Status != status || code != "" && a.Body["code"] != code {
		w.Errorf("%s with key %s: got %d %s, want %d %v", c.path, key, a.Status, a.Text, status, code)
	}
}

// A key names one purchase, change or end also when its answer is no longer kept: the same call is answered and has
// no effect, and another one is refused. It was answered with what the first one had done, whosever that was.
func TestUPD37AKeyOfAnotherCommand(t *testing.T) {
	t.Parallel()
	packs := func(customer string, n int) keyedCall {
		return keyedCall{"attach", JSON{"customer_id": customer, "product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": n}}}}
	}
	for name, first := range map[string]keyedCall{
		"a purchase": packs("c", 250),
		"an end":     {"cancel", JSON{"customer_id": "c", "product_id": "pro"}},
		"a change":   {"billing.update", JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}}},
		"a schedule": {"billing.create_schedule", JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "g1_pro"}}}, {"starts_at": T1.UnixMilli(), "plans": []JSON{{"plan_id": "g1_starter"}}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", "pro")
			w.CustomerWithCard("d", "pro")
			first.by(w, "k", 200, "")
			for _, later := range []string{"1m", "25h", "72h", "240h"} {
				w.Advance(later)
				w.WaitIdle()
				objects := w.Stack.Objects()
				for _, other := range []keyedCall{packs("c", 500), packs("d", 250), {"cancel", JSON{"customer_id": "d", "product_id": "pro"}}, {"billing.attach", JSON{"customer_id": "d", "plan_id": "g1_pro"}}} {
					other.by(w, "k", 422, "idempotency_key_reused")
				}
				first.by(w, "k", 200, "")
				w.WaitIdle()
				w.Want("unchanged at Stripe after "+later, w.Stack.Objects() == objects, true)
			}
			packs("d", 250).by(w, "k#1", 200, "one_off_product_attached") // a key that looks like that of a part
			w.WaitIdle()
			w.Billed("d", 2000, 900)
		})
	}
}

// So does the key of a gift.
func TestUPD37AKeyOfAnotherGift(t *testing.T) {
	t.Parallel()
	for _, first := range []keyedCall{
		{"rewards.redeem", JSON{"customer_id": "c", "code": "GIFT"}}, {"customers/c/coupons/ten", JSON{}}, {"referrals/redeem", JSON{"customer_id": "c", "code": "FRIEND"}},
	} {
		w := repeatedShop(t)
		w.Post("/v1/customers", JSON{"id": "d"})
		if first.body["code"] == "FRIEND" {
			first.body["code"] = w.Notes["code"]
		}
		first.by(w, "k", 200, "")
		w.Advance("25h")
		w.WaitIdle()
		before := w.Customer("d", "rewards")
		for _, other := range []keyedCall{{"rewards.redeem", JSON{"customer_id": "d", "code": "GIFT"}}, {"customers/d/coupons/ten", JSON{}}, {"referrals/redeem", JSON{"customer_id": "d", "code": w.Notes["code"]}}} {
			other.by(w, "k", 422, "idempotency_key_reused")
		}
		first.by(w, "k", 200, "")
		w.Want("of the other customer", w.Customer("d", "rewards"), before)
	}
}

// Nor is a balance changed again by the same call.
func TestUPD37AKeyOfAChangedBalance(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	add := keyedCall{"balances.update", JSON{"customer_id": "c", "feature_id": "messages", "add_to_balance": 7}}
	made := keyedCall{"balances.create", JSON{"customer_id": "c", "feature_id": "storage", "included_grant": 5}}
	for _, later := range []string{"1m", "25h", "72h"} {
		add.by(w, "k", 200, "")
		made.by(w, "m", 200, "")
		w.Advance(later)
		w.HasBalance("c", "messages", true, 507)
		w.HasBalance("c", "storage", true, 5)
	}
	add.by(w, "another", 200, "")
	w.HasBalance("c", "messages", true, 514)
}
