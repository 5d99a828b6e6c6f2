package customers

import (
	"testing"

	. "windfall/tests/world"
)

// A customer who was prepared with an e-mail address, used and bought something under the id that they were given, and
// was then claimed by the application's first call with its own id, keeps all of it.
func TestCUS04AClaimKeepsTheHistory(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/features/messages", JSON{"group_by": []string{"model"}})
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten"}, PromoCodes("TEN")))
	w.Post("/v1/reward_programs", JSON{"id": "friends", "reward_id": "ten", "when": "customer_creation", "received_by": "all", "max_redemptions": 5})
	w.Post("/v1/customers", JSON{"id": "friend", "email": "friend@x.io"})
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "friend", "program_id": "friends"})["code"]
	made := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": nil, "email": "Jo@X.io"})
	id := made["autumn_id"].(string)
	use := func(id string, n int) {
		w.Post("/v1/track", JSON{"customer_id": id, "feature_id": "messages", "value": n, "properties": JSON{"model": "large"}})
		w.Advance("1h")
	}
	w.PutGoodCard(id)
	use(id, 3)
	w.Attach(id, "pro")
	use(id, 7)
	w.Post("/v1/referrals/redeem", JSON{"customer_id": id, "code": code})
	w.Post("/v1/entities.create", JSON{"customer_id": id, "entity_id": "desk", "feature_id": "seats"})
	w.Post("/v1/track", JSON{"customer_id": id, "entity_id": "desk", "feature_id": "messages", "value": 5})
	w.Post("/v1/balances.check", JSON{"customer_id": id, "feature_id": "messages", "required_balance": 2, "lock": JSON{"enabled": true, "lock_id": "l"}})
	own := w.Post("/v1/referrals/code", JSON{"customer_id": id, "program_id": "friends"})["code"]
	w.Post("/v1/customers", JSON{"id": "brought"})
	w.Post("/v1/referrals/redeem", JSON{"customer_id": "brought", "code": own})
	w.Advance("1h")
	w.WaitIdle()
	audit := len(w.Get("/v1/customers/" + id + "/audit")["list"].([]any))
	claimed := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": "u1", "email": "jo@x.io"})
	w.Want("the same customer", claimed["autumn_id"], id)
	w.Post("/v1/balances.finalize", JSON{"lock_id": "l", "action": "confirm"})
	use("u1", 11)
	w.WaitIdle()
	for name, more := range map[string]JSON{"of all": {}, "page by page": {"limit": 2}} {
		var values []any
		body := Merge(JSON{"customer_id": "u1"}, more)
		for range 5 {
			a := w.Post("/v1/events.list", body)
			for _, e := range a["list"].([]any) {
				w.Want("whose", ValueAt(e, "customer_id"), "u1")
				values = append(values, ValueAt(e, "value"))
			}
			next, _ := a["next_cursor"].(string)
			if body["start_cursor"] = next; next == "" {
				break
			}
		}
		w.Want("events "+name, values, []any{11, 2, 5, 7, 3})
	}
	w.Want("events of the entity", ValueAt(w.Post("/v1/events.list", JSON{"customer_id": "u1", "entity_id": "desk"}), "list.0.value"), 5)
	for _, more := range []JSON{{}, {"bin_size": "hour"}, {"group_by": "model"}} {
		sum := w.Post("/v1/events.aggregate", Merge(JSON{"customer_id": "u1", "feature_id": "messages", "range": "7d"}, more))
		w.Want("sum", ValueAt(sum, "total.messages"), JSON{"count": 5, "sum": 28})
	}
	w.Want("grouped", ValueAt(w.Post("/v1/events.aggregate", JSON{"customer_id": "u1", "feature_id": "messages", "range": "24h", "bin_size": "day", "group_by": "model"}), "list.1.grouped_values.messages"), JSON{"large": 21, "other": 7})
	w.Want("of the entity", ValueAt(w.Post("/v1/events.aggregate", JSON{"customer_id": "u1", "entity_id": "desk", "feature_id": "messages", "range": "7d"}), "total.messages.sum"), 5)
	invoices := w.Post("/v1/invoices.list", JSON{"customer_id": "u1"})["list"].([]any)
	w.Want("invoices", len(invoices), 1)
	w.Want("whose", ValueAt(invoices[0], "customer_id"), "u1")
	c := w.Customer("u1", "referrals")
	w.Want("whom they brought", ValueAt(c, "referrals.0.customer.id"), "brought")
	w.Want("the code", w.Post("/v1/referrals/code", JSON{"customer_id": "u1", "program_id": "friends"})["code"], own)
	w.Want("who brought them", len(w.Customer("friend", "referrals")["referrals"].([]any)), 1)
	w.Want("subscriptions", ValueAt(w.Post("/v1/subscriptions.list", JSON{"customer_id": "u1"}), "list.0.plan_id"), "pro")
	history := w.Get("/v1/customers/u1/audit")["list"].([]any)
	w.Want("history", len(history), audit+1) // the claim
	w.HasBalance("u1", "messages", true, 500-7-5-2-11)
	w.Want("the id of before", w.Do(w.Stack.Key, "GET", "/v1/customers/"+id, nil).Status, 404)
}
