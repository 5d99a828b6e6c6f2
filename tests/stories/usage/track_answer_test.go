package usage

import (
	"net/http"
	"testing"

	. "windfall/tests/world"
)

// hasFields compares some fields of an answer.
func hasFields(w *World, what string, answer JSON, want JSON) {
	w.Helper()
	for field, v := range want {
		w.Want(what+": "+field, answer[field], v)
	}
}

// Usage beyond the balance is dropped in part, and the answer says so.
func TestTrackSaysWhatWasDropped(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("calls", "single_use", JSON{"event_names": []string{"request"}})
	w.Feature("bytes", "single_use", JSON{"event_names": []string{"request"}})
	w.Feature("pages", "single_use")
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "pages", "credit_cost": 3}}})
	w.Product("kit", "", Lifetime("calls", 10), Lifetime("bytes", 4), Lifetime("credits", 100), Unlimited("storage")).AddOn()
	w.Post("/v1/customers", JSON{"id": "c"}) // 100 messages
	w.Attach("c", "kit")
	track := func(path string, more JSON) JSON {
		w.Helper()
		return w.Post(path, Merge(JSON{"customer_id": "c"}, more))
	}
	messages := func(value any) JSON { return JSON{"feature_id": "messages", "value": value} }
	all := func(recorded, dropped, balance any) JSON {
		return JSON{"code": "event_received", "recorded": recorded, "dropped": dropped, "balance": balance}
	}
	hasFields(w, "a use that fits", track("/v1/track", messages(3)), all(3, 0, 97))
	hasFields(w, "under its old name", track("/v1/events", messages(1)), all(1, 0, 96))
	hasFields(w, "a part of a unit", track("/v1/track", messages(0.5)), all(0.5, 0, 95.5))
	hasFields(w, "more than is left", track("/v1/track", messages(3000)), all(95.5, 2904.5, 0))
	hasFields(w, "nothing is left", track("/v1/track", messages(5)), all(0, 5, 0))
	hasFields(w, "what was used comes back", track("/v1/track", messages(-40)), all(-40, 0, 40))
	hasFields(w, "more comes back than was used", track("/v1/track", messages(-1000)), all(-60, -940, 100))
	hasFields(w, "nothing", track("/v1/track", messages(0)), all(0, 0, 100))
	hasFields(w, "no end", track("/v1/track", JSON{"feature_id": "storage", "value": 7}), all(7, 0, nil))
	hasFields(w, "nothing of it is held", track("/v1/track", JSON{"feature_id": "words", "value": 7}), all(0, 7, 0))
	hasFields(w, "credits pay", track("/v1/track", JSON{"feature_id": "pages", "value": 2}), Merge(all(2, 0, 94), JSON{"balance_feature_id": "credits"}))
	hasFields(w, "credits pay for a part", track("/v1/track", JSON{"feature_id": "pages", "value": 40}), Merge(all(31.333333333333333, 8.666666666666667, 0), JSON{"balance_feature_id": "credits"}))
	several := track("/v1/track", JSON{"event_name": "request", "value": 6})
	hasFields(w, "several features", several, all(4, 2, nil))
	w.Want("the features", several["features"], []JSON{
		{"feature_id": "bytes", "recorded": 4, "dropped": 2, "balance": 0}, {"feature_id": "calls", "recorded": 6, "dropped": 0, "balance": 4}})
	w.Refused(400, "insufficient_balance", "/v1/track", JSON{"customer_id": "c", "feature_id": "calls", "value": 5, "overage_behavior": "reject"})
}

// A repeated call with a key gets the same answer.
func TestTrackSaysTheSameAgain(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	use := JSON{"customer_id": "c", "feature_id": "messages", "value": 130}
	first := w.Do(w.Stack.Key, "POST", "/v1/track", use, IdempotencyKey("k"))
	again := w.Do(w.Stack.Key, "POST", "/v1/track", use, IdempotencyKey("k"))
	hasFields(w, "with a header", first.Body, JSON{"recorded": 100, "dropped": 30, "balance": 0})
	w.Want("the answer to the second call", again.Text, first.Text)
	w.Track("c", "messages", -100)
	inBody := Merge(use, JSON{"idempotency_key": "b"})
	hasFields(w, "with a key in the body", w.Post("/v1/track", inBody), JSON{"recorded": 100, "dropped": 30, "balance": 0})
	w.Refused(409, "duplicate_idempotency_key", "/v1/track", inBody)
	w.Track("c", "messages", -100)
	// One transaction counts it, and tells no balance: that would be a second request.
	hasFields(w, "with a key and all of it", w.Post("/v1/track", Merge(use, JSON{"value": 1, "idempotency_key": "d"})), JSON{"recorded": 1, "dropped": 0, "balance": nil})
}

// A boolean feature has no balance to use.
func TestABooleanFeatureIsNotTracked(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	before := w.Stack.Tables()
	for _, call := range []struct {
		path string
		body JSON
	}{
		{"/v1/track", JSON{"value": 1}}, {"/v1/track", JSON{"value": -1}}, {"/v1/track", JSON{"value": 1, "idempotency_key": "k"}},
		{"/v1/track", JSON{"customer_id": "new"}}, {"/v1/events", JSON{}}, {"/v1/usage", JSON{"value": 1}},
		{"/v1/check", JSON{"send_event": true}}, {"/v1/entitled", JSON{"send_event": true, "required_balance": 2}},
		{"/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "dashboard", "balance": 1}}}},
		{"/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "dashboard", "unlimited": true}}}},
	} {
		body := call.body
		if body["balances"] == nil {
			body = Merge(JSON{"customer_id": "c", "feature_id": "dashboard"}, body)
		}
		a := w.Do(w.Stack.Key, "POST", call.path, body)
		if a.Status != http.StatusBadRequest || a.Body["code"] != "invalid_request" {
			t.Errorf("POST %s %v: got %d %s", call.path, call.body, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused use wrote to the table")
	}
	w.Want("allowed", w.Check("c", "dashboard")["allowed"], true)
}
