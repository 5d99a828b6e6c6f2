package requests

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A page of customers can be sent whatever their metadata, and stored metadata
// comes back unchanged.
func TestAFullPageOfCustomersCanBeSent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	full := map[string]string{"angle brackets": strings.Repeat("<", 16_000), "quotes": strings.Repeat(`"`, 8_000), "controls": strings.Repeat("\x01", 2_700), "text": strings.Repeat("ä", 8_000)}
	i := 0
	for name, text := range full {
		for range 25 {
			i++
			got := w.Post("/v1/customers", JSON{"id": fmt.Sprint("c", i), "metadata": JSON{"k": text}})
			w.Want(name, ValueAt(got, "metadata.k") == text, true)
		}
	}
	page := w.Get("/v1/customers?limit=100")
	found := len(page["list"].([]any))
	for next, more := page["next_cursor"].(string); more; next, more = page["next_cursor"].(string) {
		page = w.Get("/v1/customers?limit=100&cursor=" + next)
		found += len(page["list"].([]any))
	}
	w.Want("customers on the pages", found, 100)
}

// Metadata beyond today's limit may become smaller, but not larger.
func TestMetadataGrowUpToTheirLimit(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c", "metadata": JSON{"a": LongText(9000)}})
	w.Refused(400, "invalid_inputs", "/v1/customers/c", JSON{"metadata": JSON{"b": LongText(9000)}})
	w.Post("/v1/customers/c", JSON{"metadata": JSON{"a": nil, "b": LongText(9000)}})
	w.Post("/v1/customers/c", JSON{"name": "N"})
	w.Want("what is kept", len(ValueAt(w.Customer("c"), "metadata.b").(string)), 9000)
}

// A refusal quotes the caller's input, but not a quarter of a megabyte of it.
func TestARefusalStaysASentence(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	for _, call := range []struct {
		path string
		body JSON
	}{
		{"/v1/attach", JSON{"customer_id": "c", "product_id": strings.Repeat("ä\x01", 25_000)}},
		{"/v1/track", JSON{"customer_id": "c", "feature_id": strings.Repeat("ä", 100_000)}},
		{"/v1/cancel", JSON{"customer_id": "c", "product_id": LongText(200_000)}},
		{"/v1/rewards", JSON{"id": "r", "name": "R", "type": "free_product", "free_product_id": LongText(200_000)}},
		{"/v1/products", JSON{"id": LongText(200_000), "name": "P"}},
	} {
		a := w.Do(w.Stack.Key, "POST", call.path, call.body, IdempotencyKey(call.path))
		if a.Status < 400 || a.Status >= 500 || len(a.Text) > 2000 {
			t.Errorf("POST %s: %d, %d bytes: %.200s", call.path, a.Status, len(a.Text), a.Text)
		}
		if again := w.Do(w.Stack.Key, "POST", call.path, call.body, IdempotencyKey(call.path)); again.Text != a.Text || again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("POST %s again: %d %.200s", call.path, again.Status, again.Text)
		}
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/products/"+LongText(5000), nil); a.Status != http.StatusNotFound || len(a.Text) > 1000 {
		t.Errorf("a long path: %d, %d bytes", a.Status, len(a.Text))
	}
}
