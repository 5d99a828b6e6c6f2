package entities

import (
	"testing"

	. "windfall/tests/world"
)

// Seats that are used by an entity are billed with the plan of that entity.
func TestENT35SeatsWithinAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Feature("rooms", "continuous_use")
	w.Product("house", "houses", Price(30), Seats("rooms", 1, 10, "prorate_immediately", "prorate_immediately"))
	w.Team("team", "a", "b")
	sold(w, "attach", ofEntity("a", "house"))
	sold(w, "attach", ofEntity("b", "house"))
	w.Billed("c", 2000, 3000, 3000)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.TrackOf("a", "rooms", 3)
	w.WaitIdle()
	w.Billed("c", 2000, 3000, 3000, 1000)
	left(w, "b", "rooms", 1, 0)
	w.Want("of a", totals(w, Of("a")), []any{[]any{10.0, "a"}, []any{30.0, "a"}})
	w.TrackOf("a", "rooms", -1)
	w.WaitIdle()
	w.AdvancePastRenewal(t1)
	w.Advance("2h")
	w.Want("of a, of the next month", ValueAt(w.Post("/v1/invoices.list", JSON{"customer_id": "c", "entity_id": "a"}), "list.0.total"), 40-5)
	w.Want("of b", totals(w, Of("b")), []any{[]any{30.0, "b"}, []any{30.0, "b"}})
}

// A card that is refused for one entity's plan stops that one.
func TestENT36AFailedPaymentOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.Attach("c", "desk", Of("a"))
	w.AdvanceTo(T0.AddDate(0, 0, 20))
	w.Attach("c", "desk", Of("b"))
	w.WaitIdle()
	w.AdvancePastRenewal(t1)
	w.PutFailingCard("c")
	w.AdvancePastRenewal(t1.AddDate(0, 0, 10))
	w.Want("past due", its(w, "a", "desk")["past_due"], true)
	w.Want("the other", its(w, "b", "desk")["past_due"], false)
	w.EntityHas("a", "messages", 1100)
	w.EntityHas("b", "messages", 1300)
	w.CustomerHas("messages", 1400)
	w.Refused(400, "unpaid_invoice", "/v1/billing.attach", ofEntity("a", "desk_pro"))
	w.PutGoodCard("c")
	w.Advance("96h")
	w.EntityHas("a", "messages", 1300)
}

// A publishable key opens a page for an entity that is there, and makes none.
func TestENT37APublishableKey(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.AllowPublishableCheckout()
	w.Team("team", "a")
	key := w.PublishableKey()
	data := JSON{"entity_data": JSON{"feature_id": "seats"}}
	for _, path := range []string{"billing.attach", "billing.multi_attach"} {
		body := ofEntity("a", "desk")
		if path == "billing.multi_attach" {
			body = JSON{"customer_id": "c", "entity_id": "a", "plans": []JSON{{"plan_id": "desk"}}}
		}
		a := w.Do(key, "POST", "/v1/"+path, body)
		w.Want(path+" a page", a.Status == 200 && a.Body["payment_url"] != nil, true)
		a = w.Do(key, "POST", "/v1/"+path, Merge(JSON{}, body, Of("new"), data))
		w.Want(path+" makes none", a.Status, 404)
	}
	w.Want("check", w.Do(key, "POST", "/v1/balances.check", toEntity("a", "messages")).Body["allowed"], true)
	w.Want("check makes none", w.Do(key, "POST", "/v1/balances.check", toEntity("new", "messages", data)).Status, 404)
	w.Want("no lock", w.Do(key, "POST", "/v1/balances.check", toEntity("a", "messages", JSON{"lock": JSON{"enabled": true, "lock_id": "l"}})).Status, 401)
	for path, body := range map[string]JSON{"billing.update": ofEntity("a", "desk", JSON{"cancel_action": "uncancel"}), "balances.create": toEntity("a", "messages", JSON{"included_grant": 1}),
		"balances.track": toEntity("a", "messages"), "balances.list": toEntity("a", "messages"), "events.list": {"customer_id": "c", "entity_id": "a"}, "invoices.list": {"customer_id": "c", "entity_id": "a"},
		"entities.get": {"customer_id": "c", "entity_id": "a"}, "entities.create": {"customer_id": "c", "entity_id": "x", "feature_id": "seats"}, "billing.setup_payment": {"customer_id": "c", "entity_id": "a"}} {
		w.Want(path, w.Do(key, "POST", "/v1/"+path, body).Status, 401)
	}
	w.CustomerHas("seats", 4)
}

// Locks and uses where the customer's own balance is spread over several rows.
func TestENT25ALockWithShards(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Post("/v1/features/messages", JSON{"write_shards": 4})
	w.Track("c", "messages", 10)
	for i := range 8 {
		w.TrackOf("a", "messages", 20+i)
	}
	left(w, "a", "messages", 1100-10-188, 10+188)
	lock(w, "b", "l", 300)
	w.Track("c", "messages", 7)
	left(w, "b", "messages", 1100-10-88-7-300, 10+88+7+300)
	w.Confirm("l", JSON{"override_value": 250})
	w.TrackOf("b", "messages", 5)
	w.CustomerHas("messages", 1200-10-188-7-250-5)
}
