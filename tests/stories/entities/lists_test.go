package entities

import (
	"testing"

	. "windfall/tests/world"
)

// totals are the totals and the entities of invoices, newest first.
func totals(w *World, more ...JSON) (out []any) {
	w.Helper()
	for _, i := range w.Post("/v1/invoices.list", Merge(JSON{"customer_id": "c"}, more...))["list"].([]any) {
		out = append(out, []any{i.(JSON)["total"], i.(JSON)["entity_id"]})
	}
	return out
}

// What a subscription of an entity bills is that entity's, and so is what is bought for it once; its seat
// is paid with the plan of its customer.
func TestENT27InvoicesOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Product("topup", "", OneTimePrice(7), Messages(50)).AddOn()
	w.Team("team_seat", "a", "b")
	step := func() { w.Helper(); w.Advance("1h") }
	step()
	w.Attach("c", "desk_use", Of("a"))
	step()
	w.Attach("c", "desk", Of("b"))
	step()
	w.Post("/v1/billing.attach", ofEntity("a", "topup"))
	w.WaitIdle()
	w.Want("all", totals(w), []any{[]any{7.0, "a"}, []any{10.0, "b"}, []any{10.0, "a"}, []any{12.0, nil}, []any{20.0, nil}})
	w.Want("of a", totals(w, Of("a")), []any{[]any{7.0, "a"}, []any{10.0, "a"}})
	w.Refused(404, "entity_not_found", "/v1/invoices.list", JSON{"customer_id": "c", "entity_id": "z"})
	w.TrackOf("a", "messages", 150) // 50 of the plan, 10 of the desk, 50 bought once: 40 beyond
	w.Post("/v1/billing.update", ofEntity("b", "desk", JSON{"cancel_action": "cancel_immediately"}))
	w.AdvancePastRenewal(t1)
	w.Advance("2h")
	w.Want("of b", totals(w, Of("b")), []any{[]any{-9.99, "b"}, []any{10.0, "b"}})
	w.Want("of a", totals(w, Of("a")), []any{[]any{14.0, "a"}, []any{7.0, "a"}, []any{10.0, "a"}})
	page := w.Post("/v1/invoices.list", JSON{"customer_id": "c", "entity_id": "a", "limit": 1})
	w.Want("the newest", ValueAt(page, "list.0.total"), 14)
	page = w.Post("/v1/invoices.list", JSON{"customer_id": "c", "entity_id": "a", "limit": 2, "start_cursor": page["next_cursor"]})
	w.Want("the others", len(page["list"].([]any)), 2)
	w.Want("no more", page["next_cursor"], nil)
	got := w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "a", "expand": []string{"invoices"}})
	w.Want("with the entity", len(got["invoices"].([]any)), 3)
	old := w.Get("/v1/customers/c/entities/b?expand=invoices")
	w.Want("in the first dialect", len(old["invoices"].([]any)), 2)
	w.Want("the customer's are all", len(w.Customer("c", "invoices")["invoices"].([]any)), len(totals(w)))
	w.DeleteSeat("b")
	w.Seat("c", "b")
	w.Want("of another b", totals(w, Of("b")), []any(nil))
}

// Whose group, trial and plan it is decides what a plan would mean.
func TestENT28WhatAPlanWouldMean(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Attach("c", "desk", Of("a"))
	w.Attach("c", "desk_trial", Of("b"))
	w.WaitIdle()
	means := func(entity JSON) JSON {
		out := JSON{}
		for _, p := range w.Post("/v1/plans.list", Merge(JSON{"customer_id": "c"}, entity))["list"].([]any) {
			e := p.(JSON)["customer_eligibility"].(JSON)
			out[p.(JSON)["id"].(string)] = []any{e["attach_action"], e["status"], e["trial_available"]}
		}
		return out
	}
	customer, a, b := means(nil), means(Of("a")), means(Of("b"))
	for plan, want := range map[string][]any{
		"desk":       {[]any{"activate", nil, false}, []any{"none", "active", false}, []any{"downgrade", nil, false}},
		"desk_pro":   {[]any{"activate", nil, false}, []any{"upgrade", nil, false}, []any{"upgrade", nil, false}},
		"desk_trial": {[]any{"activate", nil, true}, []any{"downgrade", nil, true}, []any{"none", "active", false}},
		"team":       {[]any{"none", "active", false}, []any{"activate", nil, false}, []any{"activate", nil, false}},
	} {
		w.Want(plan, []any{customer[plan], a[plan], b[plan]}, want)
	}
	w.Refused(404, "entity_not_found", "/v1/plans.list", JSON{"customer_id": "c", "entity_id": "z"})
	w.Refused(400, "invalid_inputs", "/v1/plans.list", JSON{"entity_id": "a"})
	offer := w.Check("c", "", Of("a"), JSON{"feature_id": nil, "product_id": "desk_pro", "with_preview": true})["preview"]
	w.Want("offered to a", ValueAt(offer, "scenario"), "upgrade")
	w.Want("instead of", ValueAt(offer, "current_product_name"), "desk")
	w.Advance("1h")
	w.Want("the rest of a month", ValueAt(offer, "due_today.price"), 20)
}

// A card is its customer's, and pays for what is attached to entities.
func TestENT21ACardForAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Seat("c", "a")
	page := w.Post("/v1/billing.setup_payment", JSON{"customer_id": "c", "entity_id": "a"})
	w.Want("whose", page["entity_id"], "a")
	w.Refused(404, "entity_not_found", "/v1/billing.setup_payment", JSON{"customer_id": "c", "entity_id": "z"})
	w.Refused(404, "customer_not_found", "/v1/billing.setup_payment", JSON{"customer_id": "new", "entity_id": "z"})
	w.Want("nobody new", w.Do(w.Stack.Key, "GET", "/v1/customers/new", nil).Status, 404)
	w.Pay(page["url"].(string))
	sold(w, "attach", ofEntity("a", "desk"))
	w.Billed("c", 1000)
}
