package entities

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// ofEntity is a request of the second dialect about a plan of an entity of customer c.
func ofEntity(entity, plan string, more ...JSON) JSON {
	return Merge(JSON{"customer_id": "c", "entity_id": entity, "plan_id": plan}, more...)
}

// sold makes a call after its preview, "attach" after "preview_attach": what it charges is what
// the preview says, and both are about the entity.
func sold(w *World, call string, body JSON) (preview, done JSON) {
	w.Helper()
	before := total(w)
	preview = w.Post("/v1/billing.preview_"+call, body)
	done = w.Post("/v1/billing."+call, body)
	w.WaitIdle()
	w.Want(call+" charged as previewed", total(w)-before, int64(math.Round(100*preview["total"].(float64))))
	if body["entity_id"] != nil {
		w.Want("whose", done["entity_id"], body["entity_id"])
	}
	return preview, done
}

func total(w *World) (sum int64) {
	for _, i := range w.Invoices("c") {
		sum += i.Total
	}
	return sum
}

// its is a subscription of an entity alone.
func its(w *World, entity, plan string) JSON {
	w.Helper()
	for _, s := range w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": entity})["subscriptions"].([]any) {
		if s := s.(JSON); s["entity_id"] == entity && s["plan_id"] == plan {
			return s
		}
	}
	w.Fatalf("%s has no %s", entity, plan)
	return nil
}

// Each has a subscription of its own beside the customer's, who has the same plan.
func TestENT21AttachedToAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	sold(w, "attach", ofEntity("a", "desk"))
	sold(w, "attach", JSON{"customer_id": "c", "plan_id": "desk"})
	w.Billed("c", 2000, 1000, 1000)
	w.HasSubscriptions("c", 3)
	w.EntityHas("a", "messages", 1500)
	w.EntityHas("b", "messages", 1300)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	preview, done := sold(w, "attach", ofEntity("a", "desk_pro"))
	w.Want("half of a month", preview["total"], 10)
	w.Want("in", ValueAt(preview, "incoming.0.plan_id"), "desk_pro")
	w.Want("out", ValueAt(preview, "outgoing.0.plan_id"), "desk")
	w.Want("one goes", len(preview["outgoing"].([]any)), 1)
	w.Want("paid", ValueAt(done, "invoice.total"), 10)
	w.EntityHas("a", "messages", 1800)
	w.CustomerHas("messages", 1900)
	w.Refused(409, "plan_already_attached", "/v1/billing.attach", ofEntity("a", "desk_pro"))
	w.Refused(404, "entity_not_found", "/v1/billing.attach", ofEntity("z", "desk"))
	w.Refused(404, "entity_not_found", "/v1/billing.preview_attach", ofEntity("z", "desk"))
	w.Refused(400, "invalid_inputs", "/v1/billing.attach", ofEntity("a b\n", "desk"))
	w.AdvancePastRenewal(t1)
	w.Billed("c", 2000, 1000, 1000, 1000, 2000, 3000, 1000)
	w.HasProducts("c", "desk active", "desk_pro active", "team active")
}

// $12 for half a month of the seat that comes along, and $10 for the desk; one call makes both.
func TestENT21MadeByTheAttach(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team_seat", "a")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	body := JSON{"customer_id": "c", "entity_id": "b", "entity_data": JSON{"feature_id": "seats", "name": "Desk b"}, "plans": []JSON{{"plan_id": "desk"}}}
	preview, done := sold(w, "multi_attach", body)
	w.Want("seat and desk", preview["total"], 16)
	w.Want("desk", ValueAt(done, "invoice.total"), 10)
	var bills []int64
	for _, i := range w.Invoices("c") {
		bills = append(bills, i.Total)
	}
	slices.Sort(bills) // those of the seat and of the desk are made at the same time
	w.Want("bills", fmt.Sprint(bills), "[600 1000 2000]")
	w.EntityHas("b", "messages", 250)
	w.Want("its name", w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "b"})["name"], "Desk b")
	body["plans"] = []JSON{{"plan_id": "desk", "entity_id": "b"}, {"plan_id": "team", "entity_id": "a"}}
	w.Want("one of them", strings.Contains(w.Refused(400, "invalid_request", "/v1/billing.multi_attach", body), "entity_id"), true)
	sold(w, "multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "desk_pro", "entity_id": "a"}, {"plan_id": "team_pro", "entity_id": "a"}}})
	w.EntityHas("a", "messages", 2850) // 50, 500, 2,000, and the 300 of each seat
	w.EntityHas("b", "messages", 250)
	w.HasSubscriptions("c", 3)
}

// Other quantities, an end and its withdrawal are of the entity's plan, not of the same one that its
// customer has and another entity.
func TestENT22ChangedForAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("packs", "packs", Price(20), Prepaid("messages", 10, 100, "month"))
	w.Team("team", "a", "b")
	units := func(n int) JSON { return JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": n}}} }
	for _, body := range []JSON{ofEntity("a", "packs", units(200)), ofEntity("b", "packs", units(200)), {"customer_id": "c", "plan_id": "packs", "feature_quantities": units(200)["feature_quantities"]}} {
		sold(w, "attach", body)
	}
	w.Billed("c", 2000, 4000, 4000, 4000)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	preview, _ := sold(w, "update", ofEntity("a", "packs", units(500)))
	w.Want("intent", preview["intent"], "update_quantity")
	w.Want("next", ValueAt(preview, "next_cycle.total"), 70)
	w.Billed("c", 2000, 4000, 4000, 4000, 1500)
	w.EntityHas("a", "messages", 1800)
	w.EntityHas("b", "messages", 1500)
	preview, _ = sold(w, "update", ofEntity("b", "packs", units(500), JSON{"proration_behavior": "none"}))
	w.Want("nothing now", preview["total"], 0)
	w.EntityHas("b", "messages", 1800)
	sold(w, "update", ofEntity("a", "packs", JSON{"cancel_action": "cancel_end_of_cycle"}))
	w.Want("it ends", its(w, "a", "packs")["expires_at"], t1.UnixMilli())
	sold(w, "update", ofEntity("a", "packs", JSON{"cancel_action": "uncancel"}))
	sold(w, "update", ofEntity("b", "packs", JSON{"cancel_action": "cancel_end_of_cycle"}))
	w.AdvancePastRenewal(t1)
	w.Billed("c", 2000, 4000, 4000, 4000, 1500, 7000, 2000, 4000)
	w.EntityHas("a", "messages", 1800)
	w.EntityHas("b", "messages", 1300)
	w.Refused(404, "product_not_found", "/v1/billing.update", ofEntity("b", "packs", units(300)))
	w.AdvanceTo(t1.AddDate(0, 0, 15))
	preview, _ = sold(w, "update", ofEntity("a", "packs", JSON{"cancel_action": "cancel_immediately"}))
	w.Want("intent", preview["intent"], "cancel_immediately")
	w.EntityHas("a", "messages", 1300)
	w.HasProducts("c", "packs active", "team active")
}

// A subscription is named by its id with its entity; another entity's is not found.
func TestENT22NamedByItsID(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	for _, id := range []string{"a", "b"} {
		w.Post("/v1/billing.attach", ofEntity(id, "desk"))
	}
	id := its(w, "a", "desk")["id"]
	end := JSON{"customer_id": "c", "subscription_id": id, "cancel_action": "cancel_end_of_cycle"}
	w.Refused(404, "subscription_not_found", "/v1/billing.update", end)
	w.Refused(404, "subscription_not_found", "/v1/billing.update", Merge(JSON{"entity_id": "b"}, end))
	w.Refused(404, "entity_not_found", "/v1/billing.update", Merge(JSON{"entity_id": "z"}, end))
	sold(w, "update", Merge(JSON{"entity_id": "a"}, end))
	sold(w, "update", JSON{"customer_id": "c", "entity_id": "b", "cancel_action": "cancel_end_of_cycle"}) // its only one
	both := JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "desk", "entity_id": "a", "cancel_action": "uncancel"},
		{"plan_id": "desk", "entity_id": "b", "cancel_action": "cancel_immediately"}}}
	preview := w.Post("/v1/billing.preview_multi_update", both)
	w.Want("back", preview["total"], -10)
	w.Post("/v1/billing.multi_update", both)
	w.Billed("c", 2000, 1000, 1000, -1000)
	w.Post("/v1/billing.multi_update", JSON{"customer_id": "c", "entity_id": "a", "updates": []JSON{{"plan_id": "desk", "cancel_action": "cancel_end_of_cycle"}}})
	w.AdvancePastRenewal(t1)
	w.HasProducts("c", "team active")
	w.Billed("c", 2000, 1000, 1000, -1000, 2000)
}

// What follows an entity's plan takes its place, and no other's.
func TestENT23AScheduleOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.Attach("c", "desk_pro")
	month := JSON{"duration_type": "month", "duration_count": 1}
	body := JSON{"customer_id": "c", "entity_id": "a", "phases": []JSON{{"starts_at": "now", "plans": []JSON{{"plan_id": "desk_pro"}}},
		{"starting_after": month, "plans": []JSON{{"plan_id": "desk"}}}}}
	done := w.Post("/v1/billing.create_schedule", body)
	w.Want("whose", done["entity_id"], "a")
	w.Want("paid", ValueAt(done, "invoice.total"), 30)
	w.Want("then", ValueAt(done, "phases.1.starts_at"), t1.UnixMilli())
	w.Want("the same", w.Post("/v1/billing.create_schedule", body)["phases"], done["phases"])
	w.Billed("c", 2000, 3000, 3000)
	w.HasProducts("c", "desk scheduled", "desk_pro active", "desk_pro active", "team active")
	w.Refused(404, "entity_not_found", "/v1/billing.create_schedule", Merge(body, JSON{"entity_id": "z"}))
	body["phases"].([]JSON)[1]["plans"] = []JSON{{"plan_id": "desk", "entity_id": "b"}}
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", body)
	w.AdvancePastRenewal(t1)
	w.EntityHas("a", "messages", 1800) // 1,000 and 100 of team, 500 of the customer's desk_pro, 200
	w.HasProducts("c", "desk active", "desk_pro active", "team active")
}
