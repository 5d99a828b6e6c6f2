package v1_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// catalogKeys are the fields of features, products and items, and some unknown
// ones.
var catalogKeys = []string{"id", "name", "type", "config", "filters", "value", "schema", "usage_type", "credit_schema",
	"metered_feature_id", "credit_cost", "feature_amount", "credit_amount", "event_names", "display", "singular", "archived", "write_shards",
	"group", "is_default", "is_add_on", "items", "feature_id", "feature_type", "included_usage", "interval", "interval_count",
	"price", "tiers", "to", "amount", "usage_model", "billing_units", "usage_limit", "entity_feature_id", "on_increase",
	"rollover", "free_trial", "length", "duration", "card_required", "version", "unknown", ""}

var catalogWords = []any{nil, true, false, "", "inf", "pro", "messages", "boolean", "single_use", "credit_system", "month", "year",
	"prepaid", "pay_per_use", "day", "7", "a/b", "\x00", "\u202e", "💰", strings.Repeat("x", 70_000),
	json.Number("0"), json.Number("-0"), json.Number("1"), json.Number("-1"), json.Number("0.1"), json.Number("1e400"),
	json.Number("99999999999999999999"), json.Number("0.0000000000000001"), json.Number("12345678901234567.123456789012345")}

// anyJSON draws a value from the vocabulary of the catalog, in no sensible
// order.
func anyJSON(depth int) *rapid.Generator[any] {
	word := rapid.SampledFrom(catalogWords)
	if depth == 0 {
		return word
	}
	return rapid.OneOf(word,
		rapid.Map(rapid.SliceOfN(anyJSON(depth-1), 0, 3), func(s []any) any { return s }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom(catalogKeys), anyJSON(depth-1), 0, 6), func(m map[string]any) any { return m }))
}

// Every body is answered with success, or with a refusal that has a code and a
// sentence; never with a 5xx.
func TestNonsenseIsRefusedNotSuffered(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/features", `{"id":"messages","type":"single_use"}`)
	s.ok("POST", "/v1/products", `{"id":"pro"}`)
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.MapOfN(rapid.SampledFrom(catalogKeys), anyJSON(3), 1, 8).Draw(t, "body")
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		path := rapid.SampledFrom([]string{"/v1/features", "/v1/features/messages", "/v1/products", "/v1/products/pro"}).Draw(t, "path")
		status, out := s.call(secretKey, "POST", path, string(text))
		if status == http.StatusOK {
			return
		}
		if status >= 500 || out["code"] == "" || out["message"] == "" {
			t.Fatalf("%.2000s: %d %.300v", text, status, out)
		}
	})
}
