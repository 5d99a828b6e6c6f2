package requests

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// hostileIDs can't come back through a path unchanged, or can't be told from
// another id.
var hostileIDs = map[string]string{
	"question mark": "acme?eu", "question mark at the end": "acme?", "escaped letter": "ac%6de", "escaped space": "a%20b",
	"percent": "100%", "slash": "a/b", "backslash": `a\b`, "dot": ".", "two dots": "..", "line break": "a\nb",
	"zero byte": "a\x00b", "control of Latin-1": "a\u0085b", "replacement character": "a\ufffdb", "space before": " acme",
	"space after": "acme ", "line separator": "a\u2028b", "right to left": "a\u202eb", "zero width": "ac\u200bme", "byte order mark": "\ufeffacme",
}

// An id that can't come back through a path is refused in every call that would
// create it.
func TestAnIDThatCannotTravelIsRefusedWhereItIsMade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "acme", "email": "acme@x.io"})
	w.Post("/v1/customers", JSON{"email": "prepared@x.io"})
	before := w.Stack.Tables()
	for name, id := range hostileIDs {
		for _, call := range []struct {
			path string
			body JSON
		}{
			{"/v1/customers", JSON{"id": id}},
			{"/v1/customers", JSON{"id": id, "email": "prepared@x.io"}}, // a claim
			{"/v1/customers/acme", JSON{"id": id}},                      // a new name
			{"/v1/check", JSON{"customer_id": id, "feature_id": "messages"}},
			{"/v1/check", JSON{"customer_id": id, "product_id": "pro"}},
			{"/v1/check", JSON{"customer_id": id, "feature_id": "messages", "send_event": true}},
			{"/v1/entitled", JSON{"customer_id": id, "feature_id": "messages", "customer_data": JSON{"email": "prepared@x.io"}}},
			{"/v1/track", JSON{"customer_id": id, "feature_id": "messages"}},
			{"/v1/track", JSON{"customer_id": id, "feature_id": "messages", "idempotency_key": "k", "customer_data": JSON{"name": "N"}}},
			{"/v1/usage", JSON{"customer_id": id, "feature_id": "messages", "value": 1}},
			{"/v1/attach", JSON{"customer_id": id, "product_id": "pro"}},
			{"/v1/attach/preview", JSON{"customer_id": id, "product_id": "pro"}},
			{"/v1/checkout", JSON{"customer_id": id, "product_id": "pro"}},
			{"/v1/setup_payment", JSON{"customer_id": id}},
		} {
			a := w.Do(w.Stack.Key, "POST", call.path, call.body)
			if a.Status != http.StatusBadRequest || a.Body["code"] != "invalid_request" {
				t.Errorf("%s: POST %s: got %d %s", name, call.path, a.Status, a.Text)
			}
		}
	}
	for name, body := range map[string]string{"lone surrogate": `{"id":"a\ud800b"}`, "invalid UTF-8": "{\"id\":\"a\xffb\"}"} {
		if a := w.Do(w.Stack.Key, "POST", "/v1/customers", body); a.Status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s", name, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused id left something in the table")
	}
}

// Ids of the catalog follow a narrower rule.
func TestCatalogIDsCanTravel(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"}})
	before := w.Stack.Tables()
	for name, id := range hostileIDs {
		for _, call := range []struct {
			path string
			body JSON
		}{
			{"/v1/features", JSON{"id": id, "name": "F", "type": "single_use"}},
			{"/v1/products", JSON{"id": id, "name": "P"}},
			{"/v1/products", JSON{"id": "new", "name": "P", "items": []JSON{{"feature_id": id, "feature_type": "single_use", "included_usage": 1}}}},
			{"/v1/products/pro", JSON{"id": id}},
			{"/v1/rewards", JSON{"id": id, "name": "R", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"}}},
			{"/v1/rewards", JSON{"id": "other", "name": "R", "type": "percentage_discount", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off"}, "promo_codes": []JSON{{"code": "x" + id + "x"}}}},
			{"/v1/reward_programs", JSON{"id": id, "when": "customer_creation", "internal_reward_id": "gift", "received_by": "referrer"}},
		} {
			if a := w.Do(w.Stack.Key, "POST", call.path, call.body); a.Status != http.StatusBadRequest {
				t.Errorf("%s: POST %s: got %d %s", name, call.path, a.Status, a.Text)
			}
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused id left something in the table")
	}
}

// Every accepted id comes back through a path, and no other customer does.
func TestAnIDThatIsTakenTravels(t *testing.T) {
	t.Parallel()
	w := New(t)
	ids := []string{"客户-1", "jo+test@x.io", "jose\u0301", "jos\u00e9", "👩\u200d👩\u200d👧", "می\u200cخواهم", "...", "..a", "a..", strings.Repeat("ä", 127)}
	for c := rune(' '); c < 0x7f; c++ {
		ids = append(ids, "a"+string(c)+"b", string(c)+"-1", "-2"+string(c))
	}
	taken := 0
	for _, id := range ids {
		a := w.Do(w.Stack.Key, "POST", "/v1/customers", JSON{"id": id, "name": "N " + id})
		if a.Status == http.StatusBadRequest {
			continue
		}
		taken++
		got := w.Do(w.Stack.Key, "GET", "/v1/customers/"+url.PathEscape(id), nil)
		if got.Status != http.StatusOK || got.Body["id"] != id || got.Body["name"] != "N "+id {
			t.Errorf("%q comes back as %d %.200s", id, got.Status, got.Text)
		}
		if a := w.Do(w.Stack.Key, "POST", "/v1/customers/"+url.PathEscape(id), JSON{"name": "M " + id}); a.Body["id"] != id {
			t.Errorf("%q is changed as %d %.200s", id, a.Status, a.Text)
		}
	}
	if taken < 270 {
		t.Errorf("only %d of %d ids are taken", taken, len(ids))
	}
	w.Want("customers there are", len(w.Get("/v1/customers?limit=100")["list"].([]any)), 100)
	for _, id := range ids {
		if a := w.Do(w.Stack.Key, "POST", "/v1/check", JSON{"customer_id": id, "feature_id": "none"}); a.Status >= 500 {
			t.Errorf("%q: %s", id, a.Text)
		}
	}
}

// A customer from before the rule is still served by calls that name it in
// their body.
func TestACustomerOfAnOldIDStaysReachable(t *testing.T) {
	t.Parallel()
	for name, old := range map[string]string{"question mark": "acme?eu", "percent": "a%62", "dots": "..", "space": " acme ", "replacement": "a\ufffdb"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			insertOldCustomer(w, old)
			w.Want("the customer that is known", ValueAt(w.Post("/v1/customers", JSON{"id": old}), "name"), "Old")
			w.HasBalance(old, "messages", false, 0)
			w.Post("/v1/attach", JSON{"customer_id": old, "product_id": "bonus"})
			w.Post("/v1/track", JSON{"customer_id": old, "feature_id": "messages", "value": 1})
			w.Post("/v1/attach/preview", JSON{"customer_id": old, "product_id": "pro"})
			w.Post("/v1/events/list", JSON{"customer_id": old})
			w.Post("/v1/setup_payment", JSON{"customer_id": old})
		})
	}
}

// insertOldCustomer writes a customer as it was stored before the rule.
func insertOldCustomer(w *World, id string) {
	w.Helper()
	item := JSON{"PK": JSON{"S": "sandbox#CUS#" + id}, "SK": JSON{"S": "CUSTOMER"}, "id": JSON{"S": id}, "iid": JSON{"S": "cus_old"},
		"name": JSON{"S": "Old"}, "created": JSON{"N": "1790000000000"}, "ver": JSON{"N": "1"}, "v": JSON{"N": "1"},
		"list_pk": JSON{"S": "sandbox#CUSTOMERS"}, "list_sk": JSON{"S": "001790000000000#" + id}}
	body, err := json.Marshal(JSON{"TableName": w.Stack.Template.Table.Name, "Item": item})
	if err != nil {
		w.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/_dynamodb", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", "DynamoDB_20120810.PutItem")
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local")
	rec := httptest.NewRecorder()
	w.Stack.DB.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		w.Fatalf("plant %q: %d %s", id, rec.Code, rec.Body)
	}
}
