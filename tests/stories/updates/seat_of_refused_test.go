package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// What is refused makes no entity, whose seat would be billed.
func TestUPD23ARefusedPurchaseMakesNoEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("desk_pack", "desk", Price(10), Merge(Prepaid("messages", 10, 100, "month"), JSON{"included_usage": 50}))
	w.Product("desk_year", "tables", JSON{"price": 90, "interval": "year"}, Messages(10))
	w.Team("team_seat", "a")
	w.Billed("c", 2000)
	made := JSON{"customer_id": "c", "entity_id": "z", "entity_data": JSON{"feature_id": "seats"}}
	refused := func(path string, more JSON) {
		t.Helper()
		for _, path := range strings.Fields(path) {
			a := w.Do(w.Stack.Key, "POST", path, Merge(JSON{}, made, more))
			w.WaitIdle()
			if a.Status < 400 || a.Status >= 500 {
				t.Errorf("%s %v: %d %s", path, more, a.Status, a.Text)
			}
			w.Billed("c", 2000)
			w.Refused(404, "entity_not_found", "/v1/entities.get", JSON{"customer_id": "c", "entity_id": "z"})
		}
	}
	for _, more := range []JSON{
		{"plan_id": "desk", "discounts": []JSON{{"promotion_code": "NOPE"}}},
		{"plan_id": "desk", "proration_behavior": "none"},
		{"plan_id": "desk", "currency": "eur"},
		{"plan_id": "desk", "plan_schedule": "end_of_cycle"},
		{"plan_id": "desk_pack", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 20}}},
		{"plan_id": "desk", "customize": JSON{"add_items": []JSON{{"feature_id": "nothing", "included": 3}}}},
	} {
		refused("/v1/billing.attach /v1/billing.preview_attach", more)
	}
	refused("/v1/billing.multi_attach /v1/billing.preview_multi_attach", JSON{"plans": []JSON{{"plan_id": "desk"}, {"plan_id": "desk_year"}}})
	refused("/v1/attach /v1/attach/preview", JSON{"product_id": "desk", "reward": "NOPE"})
	lock := JSON{"lock": JSON{"enabled": true, "lock_id": "q"}}
	refused("/v1/balances.track", Merge(JSON{"feature_id": "messages", "value": 5000}, lock))
	refused("/v1/balances.track", JSON{"feature_id": "messages", "value": 5000, "overage_behavior": "reject"})
	w.Post("/v1/balances.check", Merge(JSON{"customer_id": "c", "entity_id": "a", "feature_id": "messages", "required_balance": 1}, lock))
	refused("/v1/balances.track", Merge(JSON{"feature_id": "messages", "value": 3}, lock)) // another's id
	locked := w.Post("/v1/balances.check", Merge(JSON{}, made, JSON{"feature_id": "messages", "required_balance": 5000, "lock": JSON{"enabled": true, "lock_id": "r"}}))
	w.Want("allowed", locked["allowed"], false)
	w.Want("what it would have", ValueAt(locked, "balance.remaining"), 50)
	w.Billed("c", 2000)
	keyed := JSON{"feature_id": "messages", "value": 3, "idempotency_key": "k"}
	w.Post("/v1/track", Merge(JSON{"customer_id": "c", "entity_id": "a"}, keyed))
	refused("/v1/track", keyed)
	w.Post("/v1/balances.track", Merge(JSON{}, made, JSON{"feature_id": "messages", "value": 50, "lock": JSON{"enabled": true, "lock_id": "s"}})) // all that it has
	w.Billed("c", 2000, 1200)
	w.Post("/v1/billing.attach", Merge(JSON{}, made, JSON{"entity_id": "y", "plan_id": "desk"}))
	w.WaitIdle()
	w.Want("billed", sum(w), 2000+1200+1200+1000)
}

// A refused card is known once the seat is there, as after entities.create: it stays, and
// the purchase is repeated for it.
func TestUPD23ARefusedCardLeavesTheEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat", "a")
	w.PutFailingCard("c")
	body := JSON{"customer_id": "c", "entity_id": "z", "entity_data": JSON{"feature_id": "seats"}, "plan_id": "desk", "redirect_mode": "never"}
	w.Refused(402, "stripe_card_declined", "/v1/billing.attach", body)
	w.WaitIdle()
	w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "z"})
	w.PutGoodCard("c")
	restore := w.Snapshot()
	w.Post("/v1/billing.attach", body)
	w.WaitIdle()
	restore()
	w.Post("/v1/entities.delete", JSON{"customer_id": "c", "entity_id": "z"})
}
