package requests

import (
	"testing"

	. "windfall/tests/world"
)

// A key that is empty, or of spaces alone, is no key: a call that repeats by it is refused, and a
// read needs none.
func TestABlankKeyIsRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	for path, body := range map[string]JSON{
		"/v1/track":          {"customer_id": "c", "feature_id": "messages"},
		"/v1/attach":         {"customer_id": "c", "product_id": "booster"},
		"/v1/cancel":         {"customer_id": "c", "product_id": "free"},
		"/v1/balances.track": {"customer_id": "c", "feature_id": "messages"},
		"/v1/billing.attach": {"customer_id": "c", "plan_id": "booster"},
	} {
		for _, key := range []string{"", " ", "   ", "\t"} {
			before, got := w.Stack.Tables(), "0" // the adapter takes blanks off
			if key == "\t" {
				got = "1"
			}
			a := w.Do(w.Stack.Key, "POST", path, body, IdempotencyKey(key))
			w.Want(path, []any{a.Status, a.Body["code"], a.Body["message"]}, []any{400, "invalid_inputs", "Idempotency-Key: 1 to 255 bytes that are not all spaces, got " + got + "."})
			if w.Stack.Tables() != before {
				t.Error(path, "left something behind")
			}
		}
	}
	w.Want("a read", w.Do(w.Stack.Key, "GET", "/v1/customers/c", nil, IdempotencyKey(" ")).Status, 200)
	w.Want("a check", w.Do(w.Stack.Key, "POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages"}, IdempotencyKey("k")).Status, 200)
}
