package second

import (
	"net/http"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// An id that no entity can have is a refusal wherever it stands, though the customer has entities.
func TestNoEntityHasSoLongAnID(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.Feature("desks", "continuous_use")
	w.Post("/v1/customers/c/entities", JSON{"id": "x", "feature_id": "desks"})
	end := []JSON{{"plan_id": "pro", "cancel_action": "cancel_end_of_cycle"}}
	for _, id := range []string{strings.Repeat("y", 256), strings.Repeat("y", 1020), strings.Repeat("é", 600), "a\x00b"} {
		for path, body := range map[string]JSON{
			"/v1/billing.setup_payment":        {},
			"/v1/billing.multi_update":         {"updates": end},
			"/v1/billing.preview_multi_update": {"updates": end},
			"/v1/billing.update":               {"plan_id": "pro", "cancel_action": "cancel_end_of_cycle"},
			"/v1/billing.preview_attach":       {"plan_id": "pro"},
			"/v1/cancel":                       {"product_id": "pro"},
			"/v1/setup_payment":                {},
			"/v1/balances.list":                {},
			"/v1/events.list":                  {},
			"/v1/invoices.list":                {},
			"/v1/subscriptions.list":           {},
		} {
			body["customer_id"], body["entity_id"] = "c", id
			if a := w.Do(w.Stack.Key, "POST", path, body); a.Status < 400 || a.Status >= 500 {
				t.Errorf("%s with %d bytes: %d %s", path, len(id), a.Status, a.Text)
			}
		}
	}
}

// A refusal names the place in the list that was sent, whatever stands beside that list.
func TestARefusalNamesTheItemThatWasSent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	good, bad := JSON{"feature_id": "messages", "included": 5}, JSON{"feature_id": "nope", "included": 5}
	price := JSON{"amount": 3, "interval": "month"}
	plan := func(more JSON) JSON {
		more["plan_id"], more["name"] = "n", "N"
		return more
	}
	attach := func(customize JSON) JSON { return JSON{"customer_id": "c", "plan_id": "pro", "customize": customize} }
	for _, c := range []struct {
		path string
		body JSON
		says string
	}{
		{"/v1/plans.create", plan(JSON{"price": price, "items": []JSON{bad}}), "items[0]: "},
		{"/v1/plans.create", plan(JSON{"items": []JSON{bad}}), "items[0]: "},
		{"/v1/plans.create", plan(JSON{"price": price, "items": []JSON{good, bad}}), "items[1]: "},
		{"/v1/plans.create", plan(JSON{"price": price, "further_prices": []JSON{{"amount": -1, "interval": "one_off"}}, "items": []JSON{good}}), "further_prices[0]: "},
		{"/v1/plans.create", plan(JSON{"price": JSON{"amount": -3, "interval": "month"}, "items": []JSON{good}}), "price: "},
		{"/v1/plans.update", JSON{"plan_id": "pro", "items": []JSON{bad}}, "items[0]: "},
		{"/v1/billing.preview_attach", attach(JSON{"items": []JSON{good, bad}}), "customize.items[1]: "},
		{"/v1/billing.preview_attach", attach(JSON{"add_items": []JSON{bad}}), "customize.add_items[0]: "},
		{"/v1/billing.preview_attach", attach(JSON{"price": JSON{"amount": -3, "interval": "month"}}), "customize.price: "},
		{"/v1/catalog.update", JSON{"plans": []JSON{plan(JSON{"price": price, "items": []JSON{bad}})}, "skip_deletions": true}, ": items[0]: "},
	} {
		if a := w.Do(w.Stack.Key, "POST", c.path, c.body); a.Status < 400 || !strings.Contains(a.Body["message"].(string), c.says) || strings.Contains(a.Text, "[2]") {
			t.Errorf("%s %v: %s", c.path, c.body, a.Text)
		}
	}
}

// A cursor is of one list: of its customer, and of what narrowed it down.
func TestACursorOfEntitiesIsOfItsList(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("desks", "continuous_use")
	for _, c := range []string{"a", "b"} {
		w.Post("/v1/customers", JSON{"id": c})
		w.Post("/v1/customers/"+c+"/entities", []JSON{{"id": "x", "feature_id": "desks"}, {"id": "xy", "feature_id": "desks"}})
	}
	cursor := w.Post("/v1/entities.list", JSON{"customer_id": "a", "limit": 1})["next_cursor"]
	for _, other := range []JSON{{"customer_id": "b"}, {"customer_id": "a", "search": "x"}, {"customer_id": "a", "subscription_status": "active"},
		{"customer_id": "a", "plans": []JSON{{"id": "pro"}}}} {
		other["limit"], other["start_cursor"] = 1, cursor
		w.Refused(400, "invalid_cursor", "/v1/entities.list", other)
	}
	w.Want("the second", ValueAt(w.Post("/v1/entities.list", JSON{"customer_id": "a", "limit": 1, "start_cursor": cursor}), "list.0.id"), "xy")
}

// Clients say of every trial that a bill follows; without a card the plan ends with its trial.
func TestATrialAsClientsSendIt(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	price := JSON{"amount": 3, "interval": "month"}
	trial := JSON{"duration_length": 14, "duration_type": "day", "card_required": false, "on_end": "bill"}
	made := w.Post("/v1/plans.create", JSON{"plan_id": "n", "name": "N", "price": price, "free_trial": trial})
	w.Want("end", ValueAt(made, "free_trial.on_end"), "revert")
	w.Post("/v1/customers", JSON{"id": "c"})
	for _, own := range []JSON{trial, {"duration_length": 14, "card_required": false, "on_end": "revert"}, {"duration_length": 14, "on_end": "bill"}} {
		w.Post("/v1/billing.preview_attach", JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"free_trial": own}})
	}
	for _, never := range []JSON{{"duration_length": 14, "on_end": "revert"}, {"duration_length": 14, "on_end": "stay"}} {
		for path, body := range map[string]JSON{"/v1/plans.create": {"plan_id": "m", "name": "M", "price": price, "free_trial": never},
			"/v1/billing.preview_attach": {"customer_id": "c", "plan_id": "pro", "customize": JSON{"free_trial": never}}} {
			if got := w.Refused(400, "invalid_inputs", path, body); !strings.Contains(got, "free_trial.on_end: ") {
				t.Error(path, got)
			}
		}
	}
}

// What is added to an answer is named in the body or in the URL, and a name that is not known is
// refused in both.
func TestExpandInTheURL(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("desks", "continuous_use")
	w.Post("/v1/customers", JSON{"id": "a"})
	w.Post("/v1/customers/a/entities", JSON{"id": "x", "feature_id": "desks"})
	for path, body := range map[string]JSON{"entities.get": {"customer_id": "a", "entity_id": "x"}, "entities.list": {"customer_id": "a"}, "customers.get": {"customer_id": "a"},
		"customers.get_or_create": {"customer_id": "a"}, "catalog.preview_update": {"skip_deletions": true}, "catalog.update": {"skip_deletions": true}} {
		w.Post("/v1/"+path+"?expand=", body)
		w.Refused(400, "invalid_expand", "/v1/"+path+"?expand=nonsense", body)
		w.Refused(400, "invalid_expand", "/v1/"+path+"?expand[]=nonsense", body)
		body["expand"] = "nonsense"
		w.Refused(400, "invalid_expand", "/v1/"+path, body)
	}
	got := w.Post("/v1/entities.get?expand=invoices", JSON{"customer_id": "a", "entity_id": "x"})
	w.Want("invoices", got["invoices"], []any{})
}

func TestAVersionThatThereIsNot(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	for _, version := range []string{"9.9", "2.4.0, 9", "2.4.0,2.4.0"} {
		for _, path := range []string{testClock, "/v1/customers.get", "/v1/check"} {
			a := w.Do(w.Stack.Key, "POST", path, JSON{"zzz": 1}, func(r *http.Request) { r.Header.Set("x-api-version", version) })
			if a.Status != 400 || a.Body["code"] != "invalid_api_version" {
				t.Errorf("%s %s: %d %s", path, version, a.Status, a.Text)
			}
		}
	}
	for path, body := range map[string]JSON{"/v1/plans.get": {"plan_id": "pro"}, "/v1/billing.preview_attach": {"customer_id": "c", "plan_id": "pro"}, "/v1/plans.update": {"plan_id": "pro"},
		"/v1/attach/preview": {"customer_id": "c", "product_id": "pro"}, "/v1/billing.preview_update": {"customer_id": "c", "plan_id": "pro"}} {
		body["version"] = 0
		if got := w.Refused(400, "invalid_inputs", path, body); got != "version: a whole number from 1." {
			t.Error(path, got)
		}
	}
}

func TestWordsThatFitTheRequest(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	for _, c := range []struct {
		path, body, says string
	}{
		{"events.aggregate", `{"customer_id": "c", "feature_id": "messages", "range": "7d", "group_by": "model"}`, `POST /v1/features.update {"feature_id": "messages", "group_by": ["model"]}, with`},
		{"billing.preview_attach", `{"customer_id": "c", "plan_id": "pro", "discounts": [{"reward_id": "nope"}]}`, `Reward "nope" was not found.`},
		{"plans.create", `{"plan_id": "n", "name": "N", "price": {"amount": 3, "interval": "month", "additional_currencies": [{"currency": "eur", "amount": "WINTER"}]}}`, `"WINTER" is not a number`},
	} {
		a := w.Do(w.Stack.Key, "POST", "/v1/"+c.path, c.body)
		if message, _ := a.Body["message"].(string); a.Status < 400 || !strings.Contains(message, c.says) || strings.Contains(message, `\`) {
			t.Errorf("%s: %s", c.path, a.Text)
		}
	}
	a := w.Do(w.Stack.Key, "POST", "/v1/customers.get", `{"customer_id": "c"}`, func(r *http.Request) { r.Header.Set("Content-Type", "application/json; charset=utf-16") })
	w.Want("UTF-16", a.Status, 415)
	a = w.Do(w.Stack.Key, "GET", testClock, nil)
	w.Want("another method", a.Body["code"], "route_not_found")
}
