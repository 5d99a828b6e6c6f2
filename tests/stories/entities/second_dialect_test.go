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

// What an entity has is not the customer's to change.
func TestENT15WhatOnlyTheEntityHas(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.Attach("c", "desk", Of("a"))
	w.WaitIdle()
	id := ValueAt(w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "a"}), "subscriptions.1.id")
	w.Refused(404, "product_not_found", "/v1/billing.update", JSON{"customer_id": "c", "plan_id": "desk", "cancel_action": "cancel_immediately"})
	w.Refused(404, "subscription_not_found", "/v1/billing.update", JSON{"customer_id": "c", "subscription_id": id, "cancel_action": "cancel_immediately"})
	w.EntityHas("a", "messages", 1300)
	w.HasProducts("c", "desk active", "team active")
}

// Of what a product grants to each entity, the customer's row reserves and lists nothing.
func TestENT05LocksOfACustomerWithEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.Post("/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 400, "lock": JSON{"enabled": true, "lock_id": "l"}})
	w.EntityHas("a", "messages", 700)
	w.Want("no lock of the entity's units", w.Post("/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 650, "lock": JSON{"enabled": true, "lock_id": "m"}})["allowed"], false)
	w.Post("/v1/balances.finalize", JSON{"lock_id": "l", "action": "confirm", "override_value": 150})
	w.EntityHas("a", "messages", 950)
	w.Want("sources", len(w.Post("/v1/balances.list", JSON{"customer_id": "c", "feature_id": "messages"})["list"].([]any)), 1)
}

// A call that names an entity that there is not, or that can be none, makes no customer of the
// data that came along.
func TestENT15ARefusedCheckMakesNoCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	data := JSON{"name": "Mallory", "email": "mallory@x.y"}
	for id, code := range map[string]string{"nobody": "entity_not_found", "\x00": "invalid_inputs"} {
		status := 404
		if id == "\x00" {
			status = 400
		}
		for path, body := range map[string]JSON{
			"/v1/check":          {"product_id": "team"},
			"/v1/balances.check": {"feature_id": "messages", "send_event": true},
			"/v1/balances.track": {"feature_id": "messages"},
		} {
			body["customer_id"], body["customer_data"], body["entity_id"] = "new", data, id
			w.Refused(status, code, path, body)
			w.Want("customer after "+path, w.Do(w.Stack.Key, "GET", "/v1/customers/new", nil).Status, 404)
		}
	}
}
