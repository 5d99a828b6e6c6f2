package requests

import (
	"net/http"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A parameter that is there and says nothing is refused where it must be a number or
// a truth value: it would be ignored in silence.
func TestAnEmptyNumberInTheURLIsRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "g", "type": "free_product", "free_product_id": "bonus"})
	for _, path := range []string{"/v1/customers?limit=", "/v1/customers?offset=", "/v1/rewards?limit=", "/v1/products/pro?version=", "/v1/rewards/gift/promo_codes?active=", "/v1/products?all_versions="} {
		if a := w.Do(w.Stack.Key, "GET", path, nil); a.Status != 400 || a.Body["code"] != "invalid_inputs" {
			t.Errorf("%s: %d %s", path, a.Status, a.Text)
		}
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers?cursor=&search=", nil); a.Status != 200 {
		t.Errorf("an empty text: %d %s", a.Status, a.Text)
	}
}

// A key is too long for a call that happens to change nothing, too.
func TestALongIdempotencyKeyIsRefusedByACheck(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for length, status := range map[int]int{255: 200, 256: 400} {
		a := w.Do(w.Stack.Key, http.MethodPost, "/v1/check", JSON{"customer_id": "c", "feature_id": "messages"}, IdempotencyKey(strings.Repeat("k", length)))
		if a.Status != status {
			t.Errorf("%d bytes: %d %s", length, a.Status, a.Text)
		}
	}
}

// expand takes names: null is none, and nothing would be added in silence.
func TestNullIsNoNameToExpand(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Post("/v1/customers", JSON{"id": "c"})
	if message := w.Refused(400, "invalid_inputs", "/v1/customers.get", JSON{"customer_id": "c", "expand": []any{nil}}); !strings.HasPrefix(message, "expand") {
		t.Error(message)
	}
}
