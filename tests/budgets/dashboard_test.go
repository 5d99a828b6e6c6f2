package budgets

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"windfall/local/dynamodb"
	"windfall/local/stack"
	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// A crowded stack of the dashboard: customers, products of one of them, rewards.
const (
	crowd    = 10_000
	held     = 50
	rewards  = 200
	coldLoad = 100_000 // bytes, compressed
)

// many makes calls at once, each of which must succeed.
func many(w *World, n int, path string, body func(i int) string) {
	w.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				r := httptest.NewRequestWithContext(w.Context(), http.MethodPost, w.Stack.BaseURL+path, strings.NewReader(body(i)))
				r.Header.Set("Authorization", "Bearer "+w.Stack.Key)
				r.Header.Set("Content-Type", "application/json")
				a := httptest.NewRecorder()
				if w.Stack.Gateway.ServeHTTP(a, r); a.Code != http.StatusOK {
					w.Errorf("POST %s %s: %d %s", path, body(i), a.Code, a.Body)
					return
				}
			}
		})
	}
	all.Wait()
}

// crowded fills a stack as far as a company may come. Nobody watches its calls: there are many, all alike.
func crowded(t *testing.T) *World {
	t.Helper()
	w := With(t, stack.Options{})
	dashboard.Fill(w)
	many(w, rewards, "/v1/rewards", func(i int) string {
		return fmt.Sprintf(`{"id":"reward%d","name":"Reward number %d","type":"percentage_discount","discount_config":{"discount_value":10,"duration_type":"one_off","apply_to_all":true},"promo_codes":[{"code":"CROWD%d"}]}`, i, i, i)
	})
	many(w, held, "/v1/products", func(i int) string {
		return fmt.Sprintf(`{"id":"addon%d","name":"Add-on number %d","is_add_on":true,"items":[{"feature_id":"messages","included_usage":%d,"interval":"month"}]}`, i, i, i+1)
	})
	many(w, crowd, "/v1/customers", func(i int) string {
		return fmt.Sprintf(`{"id":"crowd-%d","name":"Customer number %d","email":"crowd-%d@example.com"}`, i, i, i)
	})
	for i := range held { // one after the other: they are of one customer
		w.Attach("crowd-7", fmt.Sprintf("addon%d", i))
	}
	return w
}

// Each page keeps to its budget in the crowd: bytes, and requests to the database in a warm function.
func TestEveryPageKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	w := crowded(t)
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	pages := dashboard.Pages(t, "../dashboard")
	for _, tab := range []string{"overview", "usage", "invoices", "referrals", "timeline"} {
		pages = append(pages, dashboard.Listed{Path: "/dashboard/customers/crowd-7?tab=" + tab, H1: "Customer number 7", Requests: dashboard.MaxRequests})
	}
	var asked atomic.Int64
	w.Stack.DB.Observe(func(dynamodb.Call, dynamodb.Capacity) { asked.Add(1) })
	defer w.Stack.DB.Observe(nil)
	gzip := func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip") }
	var table strings.Builder
	for _, l := range pages {
		b.Try(l.Path) // the catalog and the session are read
		asked.Store(0)
		began := time.Now()
		p := b.Get(l.Path).Titled(l.H1)
		took := time.Since(began) // for the table alone: no budget
		requests := int(asked.Load())
		packed := b.Raw(http.MethodGet, l.Path, nil, gzip).Body.Len()
		fmt.Fprintf(&table, "%-70s %d of %d requests  %6d bytes of %d, %5d compressed  %5.1f ms\n", l.Path, requests, l.Requests, p.Bytes, dashboard.MaxBytes, packed, float64(took.Microseconds())/1000)
		if requests > l.Requests || requests != p.Requests {
			t.Errorf("%s: %d requests, and Server-Timing says %d; at most %d", l.Path, requests, p.Requests, l.Requests)
		}
		if packed > coldLoad-25_000 {
			t.Errorf("%s: %d bytes compressed leave no room for style and script", l.Path, packed)
		}
	}
	t.Log("\n" + table.String())
}
