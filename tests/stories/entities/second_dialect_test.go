package entities

import (
	"testing"

	. "windfall/tests/world"
)

// The calls of the second generation of clients: the same rows in other words.
func TestENT01TheSecondDialect(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	made := w.Post("/v1/entities.create", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "seats", "name": "Back desk"})
	w.Want("name", made["name"], "Back desk")
	w.Want("plan", ValueAt(made, "subscriptions.0.plan_id"), "team")
	w.Want("remaining", ValueAt(made, "balances.messages.remaining"), 1100)
	w.Want("purchases", made["purchases"], []any{})
	w.Want("flags", made["flags"], JSON{})
	w.Want("renamed", w.Post("/v1/entities.update", JSON{"customer_id": "c", "entity_id": "b", "name": "Desk"})["name"], "Desk")
	w.Attach("c", "desk", Of("b"))
	w.WaitIdle()
	got := w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "b"})
	w.Want("scope", ValueAt(got, "subscriptions.1.scope"), "entity")
	w.Want("remaining with its own", ValueAt(got, "balances.messages.remaining"), 1300)
	w.Want("checked", ValueAt(w.Post("/v1/balances.check", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages"}), "balance.remaining"), 1300)
	w.Post("/v1/balances.track", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages", "value": 50})
	w.EntityHas("b", "messages", 1250)
	page := w.Post("/v1/entities.list", JSON{"customer_id": "c", "start_cursor": "", "limit": 1})
	w.Want("first", ValueAt(page, "list.0.id"), "a")
	page = w.Post("/v1/entities.list", JSON{"customer_id": "c", "start_cursor": page["next_cursor"], "limit": 1})
	w.Want("second", ValueAt(page, "list.0.id"), "b")
	w.Want("its remaining", ValueAt(page, "list.0.balances.messages.remaining"), 1250)
	w.Want("last", page["next_cursor"], nil)
	w.Want("searched", ValueAt(w.Post("/v1/entities.list", JSON{"customer_id": "c", "search": "des"}), "list.0.id"), "b")
	whole := w.Post("/v1/customers.get", JSON{"customer_id": "c", "expand": []string{"entities"}})
	w.Want("entities", ValueAt(whole, "entities.1.id"), "b")
	w.Want("sum", ValueAt(whole, "balances.messages.remaining"), 1350)
	w.Want("deleted", w.Post("/v1/entities.delete", JSON{"customer_id": "c", "entity_id": "a"})["success"], true)
	refused(w, 404, "entity_not_found", "POST /v1/balances.check", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "messages"})
}
