package entities

import (
	"testing"

	. "windfall/tests/world"
)

// Another entity that has the id buys at once what the one before had: it is no repetition.
func TestENT40AnotherEntityBuysTheSame(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.Product("extra", "", Consumable("messages", 10)).AddOn()
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
	for _, body := range []JSON{ofEntity("a", "extra"), ofEntity("a", "topup", JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}})} {
		for range 2 {
			w.Post("/v1/billing.attach", body)
			w.WaitIdle()
			w.Refused(409, "purchase_repeated", "/v1/billing.attach", body)
			w.DeleteSeat("a")
			w.Seat("c", "a")
		}
	}
	w.Billed("c", 2000, 900, 900)
	w.EntityHas("a", "messages", 1100) // 100 of its own anew, and nothing of what was bought
}

// A trial is once for an id: to delete an entity and make it again brings no second one.
func TestENT40ATrialIsOnceForAnID(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a")
	w.Attach("c", "desk_trial", Of("a"))
	w.Cancel("c", "desk_trial", Of("a"), Immediately())
	w.WaitIdle()
	w.DeleteSeat("a")
	w.Seat("c", "a", "b")
	for entity, c := range map[string]struct {
		total any
		trial bool
	}{"a": {10, false}, "b": {0, true}} {
		w.Want("due of "+entity, w.Post("/v1/billing.preview_attach", ofEntity(entity, "desk_trial"))["total"], c.total)
		for _, p := range w.Post("/v1/plans.list", JSON{"customer_id": "c", "entity_id": entity})["list"].([]any) {
			if ValueAt(p, "id") == "desk_trial" {
				w.Want("trial of "+entity, ValueAt(p, "customer_eligibility.trial_available"), c.trial)
			}
		}
	}
	w.Attach("c", "desk_trial", Of("a"))
	w.WaitIdle()
	w.Billed("c", 2000, 0, 1000)
}

// What ended of the one before is not listed of another entity that has its id, nor is an end of it
// taken for one that was made. What an entity that is gone had is listed with the customer's.
func TestENT40WhatEndedOfTheOneBefore(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Product("topup", "", Prepaid("messages", 9, 250, "")).AddOn()
	packs := JSON{"feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}}
	w.Attach("c", "desk", Of("a"))
	w.Attach("c", "desk", Of("b"))
	w.Post("/v1/billing.attach", ofEntity("a", "topup", packs))
	w.Cancel("c", "desk", Of("a"), Immediately())
	w.WaitIdle()
	had := func(more JSON) []any {
		var plans []any
		for _, kind := range []string{"subscriptions", "purchases"} {
			for _, row := range w.Post("/v1/"+kind+".list", Merge(JSON{"customer_id": "c", "statuses": []string{"expired"}}, more))["list"].([]any) {
				plans = append(plans, ValueAt(row, "plan_id"))
			}
		}
		return plans
	}
	w.Want("while it is there", had(Of("a")), []any{"desk"})
	w.DeleteSeat("a")
	for _, kind := range []string{"subscriptions", "purchases"} {
		w.Refused(404, "entity_not_found", "/v1/"+kind+".list", JSON{"customer_id": "c", "entity_id": "a"})
	}
	w.Want("of the customer", had(JSON{}), []any{"desk", "team_free", "topup"})
	w.Seat("c", "a")
	w.Want("of another one", had(Of("a")), []any(nil))
	ends := JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "desk", "entity_id": "a", "cancel_action": "cancel_immediately"}, {"plan_id": "desk", "entity_id": "b", "cancel_action": "cancel_immediately"}}}
	w.Refused(404, "product_not_found", "/v1/billing.multi_update", ends)
	w.HasProducts("c", "desk active", "team active")
}
