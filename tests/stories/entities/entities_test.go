// Package entities has the stories of entities: seats, workspaces and projects of a customer
// with balances of their own.
package entities

import (
	"fmt"
	"strings"
	"testing"

	. "windfall/tests/world"
)

var (
	t1 = T0.AddDate(0, 1, 0)
	t2 = T0.AddDate(0, 2, 0)
)

// seats makes entities of customer c with one call.
func seats(w *World, ids ...string) {
	w.Helper()
	var list []JSON
	for _, id := range ids {
		list = append(list, JSON{"id": id, "feature_id": "seats"})
	}
	if a := w.Do(w.Stack.Key, "POST", "/v1/customers/c/entities", list); a.Status != 200 {
		w.Fatalf("make entities: %d %s", a.Status, a.Text)
	}
}

// refused makes a call, "POST /v1/check", that must fail with this status and code, and write
// nothing.
func refused(w *World, status int, code, call string, body any) {
	w.Helper()
	method, path, _ := strings.Cut(call, " ")
	tables, objects := w.Stack.Tables(), w.Stack.Objects()
	if a := w.Do(w.Stack.Key, method, path, body); a.Status != status || a.Body["code"] != code || a.Body["message"] == "" {
		w.Errorf("%s %v: got %d %s, want %d %s", call, body, a.Status, a.Text, status, code)
	}
	w.Unchanged(tables, objects)
}

func TestENT01AnEntityTakesAUnit(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team")
	w.CustomerHas("seats", 5)
	made := w.Post("/v1/customers/c/entities", JSON{"id": "desk 1", "name": "Front desk", "feature_id": "seats"})
	w.Want("id", made["id"], "desk 1")
	w.Want("name", made["name"], "Front desk")
	w.Want("customer", made["customer_id"], "c")
	w.Want("feature", made["feature_id"], "seats")
	w.Want("made", made["created_at"], T0.UnixMilli())
	w.CustomerHas("seats", 4)
	seats(w, "b", "c")
	w.CustomerHas("seats", 2)
	list := w.Customer("c", "entities")["entities"].([]any)
	w.Want("ids", []any{ValueAt(list[0], "id"), ValueAt(list[1], "id"), ValueAt(list[2], "id")}, []any{"desk 1", "b", "c"})
	w.DeleteSeat("b")
	w.CustomerHas("seats", 3)
	refused(w, 404, "entity_not_found", "GET /v1/customers/c/entities/b", nil)
	w.Billed("c", 2000)
}

// A list is made whole or not at all.
func TestENT02TheLimitRefuses(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b", "c")
	refused(w, 400, "insufficient_balance", "POST /v1/customers/c/entities", []JSON{{"id": "d", "feature_id": "seats"}, {"id": "e", "feature_id": "seats"}, {"id": "f", "feature_id": "seats"}})
	w.CustomerHas("seats", 2)
	refused(w, 404, "entity_not_found", "GET /v1/customers/c/entities/d", nil)
	w.Seat("c", "d", "e")
	refused(w, 400, "insufficient_balance", "POST /v1/customers/c/entities", JSON{"id": "f", "feature_id": "seats"})
	w.DeleteSeat("a")
	w.Seat("c", "f")
	w.CustomerHas("seats", 0)
}

// One seat is included, each more costs $12 for a month. Half of it is left.
func TestENT03SeatsAreBilledAtOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat", "a")
	w.Billed("c", 2000)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	seats(w, "b", "d")
	w.WaitIdle()
	w.Billed("c", 2000, 1200)
	w.AdvanceTo(T0.AddDate(0, 0, 20)) // a third is left
	w.DeleteSeat("b")
	w.WaitIdle()
	w.Billed("c", 2000, 1200)
	w.AdvancePastRenewal(t1)
	w.Billed("c", 2000, 1200, 2000+1200-400) // one seat of May, and the credit
	w.EntityHas("d", "messages", 50)
	w.NothingUnbilled("c")
}

func TestENT04EachHasAnAllowance(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat", "a", "b")
	w.TrackOf("a", "messages", 30)
	w.EntityHas("a", "messages", 20)
	w.EntityHas("b", "messages", 50)
	w.CustomerHas("messages", 70)
	w.Seat("c", "d")
	w.EntityHas("d", "messages", 50)
	w.CustomerHas("messages", 120)
	w.Want("features of the customer", ValueAt(w.Customer("c"), "features.messages.balance"), 120)
	w.Want("features of an entity", ValueAt(w.Get("/v1/customers/c/entities/a"), "features.messages.balance"), 20)
	w.DeleteSeat("a")
	w.CustomerHas("messages", 100)
}

// 100 of the seat's own, then the 1,000 that the customer has for all.
func TestENT05ItsOwnThenTheCustomers(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.EntityHas("a", "messages", 1100)
	w.TrackOf("a", "messages", 60)
	w.TrackOf("a", "messages", 60)
	w.EntityHas("a", "messages", 980)
	w.EntityHas("b", "messages", 1080)
	w.CustomerHas("messages", 1080)
	w.TrackOf("b", "messages", 1000)
	w.EntityHas("a", "messages", 80)
	w.EntityHas("b", "messages", 80)
	w.Want("more than there is", w.TrackOf("a", "messages", 100)["dropped"], 20)
	w.EntityHas("b", "messages", 0)
	w.Want("not allowed", w.Check("c", "messages", Of("b"))["allowed"], false)
	w.TrackOf("b", "messages", -150) // back to the customer's first, as it was taken last
	w.EntityHas("b", "messages", 150)
	w.EntityHas("a", "messages", 150)
	used := w.Check("c", "messages", Of("a"), JSON{"required_balance": 40, "send_event": true})
	w.Want("allowed", used["allowed"], true)
	w.Want("left", used["balance"], 110)
	sums := w.Post("/v1/events/aggregate", JSON{"customer_id": "c", "feature_id": "messages", "range": "24h"})
	w.Want("events of the customer", ValueAt(sums, "total.messages.sum"), 60+60+1000+100-150+40)
	w.EntityHas("b", "messages", 110)
}

// Without an entity it is the customer's own, then the entities' in the order in which they
// were made.
func TestENT06TheCustomersOwnThenTheEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "z", "a")
	w.CustomerHas("messages", 1200)
	w.Track("c", "messages", 900)
	w.EntityHas("z", "messages", 200)
	w.Track("c", "messages", 150)
	w.EntityHas("z", "messages", 50)
	w.EntityHas("a", "messages", 100)
	w.CustomerHas("messages", 150)
	w.Want("dropped", w.Track("c", "messages", 160)["dropped"], 10)
	w.CustomerHas("messages", 0)
	w.Track("c", "messages", -120)
	w.EntityHas("a", "messages", 100)
	w.EntityHas("z", "messages", 20)
	used := w.Check("c", "messages", JSON{"required_balance": 110, "send_event": true})
	w.Want("allowed", used["allowed"], true)
	w.Want("left", used["balance"], 10)
	w.EntityHas("a", "messages", 10)
}

func TestENT07ResetWithTheProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat", "a")
	w.TrackOf("a", "messages", 30)
	w.AdvanceTo(T0.AddDate(0, 0, 20))
	w.Seat("c", "b")
	w.TrackOf("b", "messages", 10)
	reset := w.Check("c", "messages", Of("b"))
	w.Want("comes back with the product", reset["next_reset_at"], t1.UnixMilli())
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 50)
	w.EntityHas("b", "messages", 50)
	w.TrackOf("b", "messages", 5)
	w.CustomerHas("messages", 95)
}

func TestENT13MadeByACall(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team")
	of := func(id string) JSON {
		return JSON{"entity_id": id, "entity_data": JSON{"name": "Seat " + id, "feature_id": "seats"}}
	}
	w.Want("checked", w.Check("c", "messages", of("a"))["balance"], 1100)
	w.CustomerHas("seats", 4)
	w.Post("/v1/track", Merge(JSON{"customer_id": "c", "feature_id": "messages", "value": 10}, of("b")))
	w.EntityHas("b", "messages", 1090)
	w.CustomerHas("seats", 3)
	w.Attach("c", "desk", of("d"))
	w.EntityHas("d", "messages", 1300)
	w.Check("c", "messages", of("a"))
	w.CustomerHas("seats", 2)
	w.Want("name", w.Get("/v1/customers/c/entities/a")["name"], "Seat a")
	w.Check("new", "messages", of("first"))
	w.Want("with the customer", w.Get("/v1/customers/new/entities/first")["id"], "first")
	if a := w.Do(w.PublishableKey(), "POST", "/v1/check", Merge(JSON{"customer_id": "c", "feature_id": "messages"}, of("e"))); a.Status != 404 || a.Body["code"] != "entity_not_found" {
		t.Errorf("a publishable key: %d %s", a.Status, a.Text)
	}
}

func TestENT14DeletedWithWhatItHolds(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.TrackOf("a", "messages", 40)
	w.DeleteSeat("a")
	w.CustomerHas("messages", 1100)
	w.CustomerHas("seats", 4)
	refused(w, 404, "entity_not_found", "POST /v1/track", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "messages"})
	w.Seat("c", "a")
	w.EntityHas("a", "messages", 1100) // anew, and the last in order
	w.Track("c", "messages", 1050)
	w.EntityHas("b", "messages", 50)
	w.EntityHas("a", "messages", 100)
	w.Attach("c", "desk", Of("b"))
	refused(w, 400, "entity_in_use", "DELETE /v1/customers/c/entities/b", nil)
	w.Cancel("c", "desk", Of("b"), Immediately())
	w.WaitIdle()
	w.DeleteSeat("b")
	w.HasProducts("c", "team active")
}

func TestENT15Refusals(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	for _, c := range []struct {
		status     int
		code, path string
		body       any
	}{
		{409, "duplicate_entity_id", "POST /v1/customers/c/entities", JSON{"id": "a", "feature_id": "seats"}},
		{409, "duplicate_entity_id", "POST /v1/customers/c/entities", []JSON{{"id": "b", "feature_id": "seats"}, {"id": "b", "feature_id": "seats"}}},
		{404, "feature_not_found", "POST /v1/customers/c/entities", JSON{"id": "b", "feature_id": "desks"}},
		{400, "invalid_inputs", "POST /v1/customers/c/entities", JSON{"id": "b", "feature_id": "messages"}},
		{400, "invalid_inputs", "POST /v1/customers/c/entities", JSON{"id": "b"}},
		{400, "invalid_inputs", "POST /v1/customers/c/entities", JSON{"id": "a/b", "feature_id": "seats"}},
		{400, "invalid_inputs", "POST /v1/customers/c/entities", []JSON{}},
		{404, "entity_not_found", "POST /v1/check", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages"}},
		{404, "entity_not_found", "POST /v1/check", JSON{"customer_id": "c", "entity_id": "b", "product_id": "team"}},
		{404, "entity_not_found", "POST /v1/check", JSON{"customer_id": "nobody", "entity_id": "b", "feature_id": "messages"}},
		{404, "entity_not_found", "POST /v1/track", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages"}},
		{404, "entity_not_found", "POST /v1/usage", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages", "value": 1}},
		{404, "entity_not_found", "POST /v1/attach", JSON{"customer_id": "c", "entity_id": "b", "product_id": "desk"}},
		{404, "entity_not_found", "POST /v1/cancel", JSON{"customer_id": "c", "entity_id": "b", "product_id": "desk"}},
		{404, "entity_not_found", "DELETE /v1/customers/c/entities/b", nil},
		{404, "customer_not_found", "DELETE /v1/customers/nobody/entities/b", nil},
	} {
		refused(w, c.status, c.code, c.path, c.body)
	}
	refused(w, 400, "invalid_product_item", "POST /v1/products", JSON{"id": "p", "items": []JSON{EachSeat(Overage("messages", 1, 1, 1))}})
}

// What was made before counts once a product grants the feature of the entities.
func TestENT16MadeBeforeAnythingGrantsTheirFeature(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Seat("c", "a", "b", "d")
	w.EntityHas("a", "messages", 10) // of the free plan
	w.TrackOf("a", "messages", 4)
	w.Attach("c", "team_seat")
	w.WaitIdle()
	w.CustomerHas("seats", -2)
	w.Billed("c", 2000, 2400) // and two seats beyond the included one
	w.EntityHas("a", "messages", 50)
	w.DeleteSeat("d")
	w.CustomerHas("seats", -1)
}

// What is set by hand is the entity's own.
func TestENT04SetByHand(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Post("/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "entity_id": "a", "balance": 250}, {"feature_id": "messages", "balance": 500}}})
	w.EntityHas("a", "messages", 750)
	w.EntityHas("b", "messages", 600)
	w.Post("/v1/usage", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages", "value": 70})
	w.EntityHas("b", "messages", 530)
	w.Post("/v1/usage", JSON{"customer_id": "c", "entity_id": "b", "feature_id": "messages", "value": 20})
	w.EntityHas("b", "messages", 580)
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 1100)
}

func TestENT19CreditsOfEntities(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_credits", "a", "b")
	w.EntityHas("a", "images", 150)
	w.TrackOf("a", "images", 10) // 50 credits
	w.EntityHas("a", "images", 100)
	w.TrackOf("a", "images", 12) // 50 of its own, 10 of the customer's
	w.EntityHas("a", "images", 40)
	w.EntityHas("b", "images", 140)
	w.Track("c", "images", 10) // 40 that are left of the customer's, 10 of the next entity that has any
	w.EntityHas("b", "images", 90)
}

// Uses of several entities in one call, each once.
func TestENT05ABatchOfUses(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	var uses []JSON
	for i := range 10 {
		uses = append(uses, JSON{"customer_id": "c", "entity_id": []string{"a", "b"}[i%2], "feature_id": "messages", "value": 30, "idempotency_key": fmt.Sprint("k", i)})
	}
	uses = append(uses, JSON{"customer_id": "c", "entity_id": "x", "feature_id": "messages"}, JSON{"customer_id": "c", "feature_id": "messages", "value": 100})
	for range 2 {
		a := w.Do(w.Stack.Key, "POST", "/v1/balances.batch_track", uses, IdempotencyKey("batch"))
		if a.Status != 202 || len(a.Body["not_recorded"].([]any)) != 1 || ValueAt(a.Body["not_recorded"], "0.code") != "entity_not_found" {
			t.Fatalf("%d %s", a.Status, a.Text)
		}
	}
	w.EntityHas("a", "messages", 800)
	w.CustomerHas("messages", 800)
}
