package security

import (
	"fmt"
	"strings"
	"testing"
)

// parameters are what the calls take in the URL.
var parameters = map[string][]string{
	"GET /v1/customers": {"limit=1", "offset=0", "search=c", "with_autumn_id=true"}, "GET /v1/customers/{customer_id}": {"with_autumn_id=true"},
	"GET /v1/customers/{customer_id}/audit": {"limit=1"}, "GET /v1/settings/audit": {"limit=1"},
	"GET /v1/customers/{customer_id}/billing_portal": {"return_url=https://app.example"},
	"GET /v1/products":                 {"customer_id=c", "include_archived=true", "all_versions=true"},
	"GET /v1/products_beta":            {"customer_id=c", "include_archived=true", "all_versions=true"},
	"GET /v1/components/pricing_table": {"customer_id=c", "include_archived=true", "all_versions=true"},
	"GET /v1/products/{product_id}":    {"customer_id=c", "version=1"},
	"GET /v1/rewards":                  {"limit=1"}, "GET /v1/reward_programs": {"limit=1"},
	"GET /v1/redemptions":                {"limit=1", "status=held", "program_id=both", "customer_id=c"},
	"POST /v1/customers":                 {"with_autumn_id=true"},
	"DELETE /v1/customers/{customer_id}": {"cancel=true", "delete_in_stripe=true"},
	"DELETE /v1/products/{product_id}":   {"all_versions=true"},
}

// A URL parameter that a call does not take, one in other letters, one given
// twice, and an unreadable query are refused by every route: otherwise the
// caller would not notice that it has no effect.
func TestQueriesThatAreNotUnderstoodAreRefused(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	tried := 0
	for _, c := range named {
		path, _, _ := strings.Cut(c.path, "?")
		queries := []string{"a=%zz", "a=1;b=2", "%", "limit=1&x=%F"}
		if !lenient[c.route] {
			queries = append(queries, "zzz=1", "dry_run=true", "all_versions=true&dry_run=true", "=1", "Cancel=true", "zzz=1&zzz=2")
		}
		for _, known := range parameters[c.route] {
			queries = append(queries, known+"&"+known, strings.ToUpper(known[:1])+known[1:], known+"&zzz=1")
		}
		for _, query := range queries {
			tried++
			var body any
			if c.body != nil {
				body = c.body
			}
			if a := w.Do(w.Stack.Key, c.method(), path+"?"+query, body); a.Status != 400 || a.Body["code"] != "invalid_inputs" {
				t.Errorf("%s %s?%s: %d %.200s", c.method(), path, query, a.Status, a.Text)
			}
		}
	}
	w.Unchanged(table, objects)
	t.Log(fmt.Sprint(tried, " queries refused, 0 writes"))
}
