package security

import (
	"fmt"
	"strings"
	"testing"
)

// A URL parameter of a changing call that takes none, and an unreadable query,
// are refused: otherwise the caller would not notice that it has no effect.
func TestQueriesThatAreNotUnderstoodAreRefused(t *testing.T) {
	t.Parallel()
	w, named := shop(t)
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	tried := 0
	for _, c := range named {
		path, _, _ := strings.Cut(c.path, "?")
		queries := []string{"a=%zz", "a=1;b=2", "%", "limit=1&x=%F"}
		if !lenient[c.route] && c.method() != "GET" {
			queries = append(queries, "zzz=1", "dry_run=true", "all_versions=false", "all_versions=true&dry_run=true", "=1", "Cancel=true")
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
	for _, twice := range []string{"/v1/customers?search=c&search=c", "/v1/customers?limit=1&limit=1", "/v1/products?customer_id=c&customer_id=c"} {
		if a := w.Do(w.Stack.Key, "GET", twice, nil); a.Status != 400 {
			t.Errorf("%s: %d %.200s", twice, a.Status, a.Text)
		}
	}
	w.Unchanged(table, objects)
	t.Log(fmt.Sprint(tried, " queries refused, 0 writes"))
}
