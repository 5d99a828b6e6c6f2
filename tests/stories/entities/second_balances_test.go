package entities

import (
	"testing"

	. "windfall/tests/world"
)

// toEntity is a request about a feature of an entity of customer c.
func toEntity(entity, feature string, more ...JSON) JSON {
	return Merge(JSON{"customer_id": "c", "entity_id": entity, "feature_id": feature}, more...)
}

// left checks what an entity has left of a feature and has used, with what is its customer's.
func left(w *World, entity, feature string, remaining, usage any) {
	w.Helper()
	b, _ := w.Post("/v1/balances.check", toEntity(entity, feature, JSON{"required_balance": 0}))["balance"].(JSON)
	w.Want(feature+" left for "+entity, b["remaining"], remaining)
	w.Want(feature+" used by "+entity, b["usage"], usage)
}

// sources lists the balances of a feature that an entity may use: remaining and whose each is.
func sources(w *World, entity, feature string) (out []any) {
	w.Helper()
	for _, s := range w.Post("/v1/balances.list", toEntity(entity, feature))["list"].([]any) {
		out = append(out, []any{s.(JSON)["remaining"], s.(JSON)["entity_id"]})
	}
	return out
}

// 50 that belong to no product, for one seat alone: it uses what comes back first, then these, and the
// customer's last.
func TestENT24ABalanceOfAnEntityAlone(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Post("/v1/balances.create", toEntity("a", "messages", JSON{"included_grant": 50, "balance_id": "gift"}))
	left(w, "a", "messages", 1150, 0)
	w.EntityHas("b", "messages", 1100)
	w.CustomerHas("messages", 1250)
	w.TrackOf("a", "messages", 120)
	w.Want("sources", sources(w, "a", "messages"), []any{[]any{0.0, "a"}, []any{30.0, "a"}, []any{1000.0, nil}})
	w.Want("of the other", sources(w, "b", "messages"), []any{[]any{100.0, "b"}, []any{1000.0, nil}})
	w.Refused(409, "duplicate_balance_id", "/v1/balances.create", toEntity("a", "messages", JSON{"included_grant": 5, "balance_id": "gift"}))
	w.Refused(404, "balance_not_found", "/v1/balances.delete", toEntity("b", "messages", JSON{"balance_id": "gift"}))
	w.Refused(404, "entity_not_found", "/v1/balances.create", toEntity("z", "messages", JSON{"included_grant": 5}))
	w.Refused(404, "entity_not_found", "/v1/balances.list", toEntity("z", "messages"))
	w.Attach("c", "team_pro") // it stays where plans change
	w.WaitIdle()
	left(w, "a", "messages", 2330, 20)
	w.Post("/v1/balances.delete", toEntity("a", "messages", JSON{"balance_id": "gift"}))
	left(w, "a", "messages", 2300, 0)
}

// Where no product grants the feature, by the second dialect and the first.
func TestENT24OfAFeatureThatNothingGrants(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Feature("emails", "single_use")
	w.CustomerWithEmailAndCard("c")
	w.Seat("c", "a", "b")
	w.Post("/v1/balances/create", toEntity("a", "emails", JSON{"granted_balance": 7, "reset": JSON{"interval": "week"}}))
	w.Post("/v1/balances.create", toEntity("b", "dashboard"))
	w.EntityHas("a", "emails", 7)
	w.CustomerHas("emails", 7)
	w.Track("c", "emails", 2)
	w.EntityHas("a", "emails", 5)
	w.Want("b has none", w.Check("c", "emails", Of("b"))["allowed"], false)
	w.Want("on", w.Check("c", "dashboard", Of("b"))["allowed"], true)
	w.Want("off", w.Check("c", "dashboard", Of("a"))["allowed"], false)
	w.AdvanceTo(T0.AddDate(0, 0, 7))
	w.EntityHas("a", "emails", 7)
	w.Post("/v1/balances.update", toEntity("a", "emails", JSON{"included_grant": 9}))
	w.EntityHas("a", "emails", 9)
	w.DeleteSeat("a")
	w.Want("gone", w.Check("c", "emails")["allowed"], false)
	w.Seat("c", "a")
	w.Want("and not back", w.Check("c", "emails", Of("a"))["allowed"], false)
	w.Call("PATCH", "/v1/customers/c", JSON{"id": "d"})
	w.Want("renamed", w.Check("d", "dashboard", Of("b"))["allowed"], true)
}

// What is set by hand is the entity's own, and never the customer's.
func TestENT24SetByHand(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Post("/v1/balances.update", toEntity("a", "messages", JSON{"remaining": 40}))
	left(w, "a", "messages", 1040, 0)
	w.Post("/v1/balances.update", toEntity("a", "messages", JSON{"add_to_balance": 20}))
	w.Post("/v1/balances.update", toEntity("a", "messages", JSON{"usage": 25}))
	left(w, "a", "messages", 1035, 25)
	w.EntityHas("b", "messages", 1100)
	dropped := w.Post("/v1/balances.update", toEntity("a", "messages", JSON{"usage": 75}))
	w.Want("dropped", dropped["dropped"], 15)
	left(w, "a", "messages", 1000, 60)
	w.Refused(400, "invalid_request", "/v1/balances.update", toEntity("a", "images", JSON{"remaining": 5}))
	for _, body := range []JSON{toEntity("a", "images", JSON{"included_grant": 5}), {"customer_id": "c", "feature_id": "images", "included_grant": 5}} {
		w.Refused(400, "invalid_request", "/v1/balances.create", body) // credits pay for it
	}
	w.AdvancePastRenewal(t1)
	left(w, "a", "messages", 1100, 0)
}
