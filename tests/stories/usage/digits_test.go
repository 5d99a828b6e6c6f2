package usage

import (
	"encoding/json"
	"net/http"
	"testing"

	. "windfall/tests/world"
)

// Numbers that are too long for the table, alone or added up, are refused and
// count nothing.
func TestNumbersThatAddUpToTooManyDigits(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Feature("dear", "single_use")
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "dear", "credit_cost": json.Number("999999999999999999")}}})
	w.Product("kit", "", Lifetime("credits", 100), Unlimited("storage"), Overage("words", 0, 0.000001, 1000)).AddOn()
	w.CustomerWithCard("c", "kit")
	w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 1_000_000_000_000_000_000})
	most := json.Number("999999999999999999.999999999999999")
	ask := func(path string, body JSON) Answer {
		w.Helper()
		a := w.Do(w.Stack.Key, "POST", path, Merge(JSON{"customer_id": "c"}, body))
		if a.Status >= 500 {
			t.Errorf("POST %s %v: %d %s", path, body, a.Status, a.Text)
		}
		return a
	}
	before := w.Stack.Tables()
	for _, call := range []struct {
		path string
		body JSON
	}{
		{"/v1/track", JSON{"feature_id": "dear", "value": json.Number("123456789012345678.123456789012345")}},
		{"/v1/track", JSON{"feature_id": "dear", "value": json.Number("-123456789012345678")}},
		{"/v1/track", JSON{"feature_id": "dear", "value": most, "idempotency_key": "k"}},
		{"/v1/check", JSON{"feature_id": "dear", "required_balance": most}},
		{"/v1/check", JSON{"feature_id": "dear", "required_balance": most, "send_event": true}},
		{"/v1/track", JSON{"feature_id": "storage", "value": json.Number("1000000000000000000")}},
		{"/v1/track", JSON{"feature_id": "storage", "value": json.Number("0.0000000000000001")}},
		{"/v1/usage", JSON{"feature_id": "storage", "value": json.Number("1e18")}},
		{"/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "credits", "balance": json.Number("1e18")}}}},
	} {
		if a := ask(call.path, call.body); a.Status != http.StatusBadRequest || a.Body["code"] != "invalid_inputs" {
			t.Errorf("POST %s %v: got %d %s", call.path, call.body, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused number left something in the table")
	}
	for _, feature := range []string{"storage", "words"} {
		refused := 0
		for range 15 { // shards fill up one by one
			a := ask("/v1/track", JSON{"feature_id": feature, "value": most})
			if a.Status == http.StatusBadRequest {
				refused++
			}
		}
		w.Want("uses refused once the usage of "+feature+" is full", refused > 0, true)
		w.Want("keyed", ask("/v1/track", JSON{"feature_id": feature, "value": most, "idempotency_key": feature}).Status, 400)
		w.Want("given back", ask("/v1/track", JSON{"feature_id": feature, "value": json.Number("-999999999999999999")}).Status, 200)
		ask("/v1/usage", JSON{"feature_id": feature, "value": 3})
	}
	for range 3 {
		w.Want("a balance set", w.Do(w.Stack.Key, "POST", "/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "credits", "balance": most}}}).Status, 200)
		ask("/v1/track", JSON{"feature_id": "dear", "value": 1})
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers/c", nil); a.Status != http.StatusOK {
		t.Errorf("the customer can't be read: %d %s", a.Status, a.Text)
	}
}
