package v1_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Lambda answers at most 6 MB. A page that would have more ends earlier, and
// has the cursor of the next one, whatever the rows contain.
func TestPagesOfCustomersAreCutBySize(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	const n = 18
	for i := range n { // a row is 300 KB; one "<" is six bytes of JSON, and seven in the answer of a function
		must(t, s.app.Store.Commit(t.Context(), catalog.Sandbox, app.SaveCustomer{Customer: billing.Customer{ID: fmt.Sprint("u", i),
			InternalID: fmt.Sprintf("cus_%02d", i), Name: "Big", CreatedAt: april, Metadata: map[string]any{"note": strings.Repeat("<", 50_000)}}}))
	}
	for _, query := range []string{"limit=100", "limit=100&search=u", "limit=100&search=big", "limit=3"} {
		seen, pages, cursor := map[string]bool{}, 0, ""
		for ; pages == 0 || cursor != ""; pages++ {
			out := s.ok("GET", "/v1/customers?"+query+"&cursor="+url.QueryEscape(cursor), "")
			text, err := json.Marshal(out)
			must(t, err)
			if quoted, _ := json.Marshal(string(text)); len(quoted) > 5<<20 {
				t.Fatalf("%s: page %d has %d bytes", query, pages, len(quoted))
			}
			for _, c := range out["list"].([]any) {
				id := c.(map[string]any)["id"].(string)
				if seen[id] {
					t.Fatalf("%s: %s is on two pages", query, id)
				}
				seen[id] = true
			}
			if cursor, _ = out["next_cursor"].(string); pages > n {
				t.Fatalf("%s: the pages have no end", query)
			}
		}
		if len(seen) != n || pages < 2 {
			t.Errorf("%s: %d customers on %d pages", query, len(seen), pages)
		}
	}
}
