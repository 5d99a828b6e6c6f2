package attach

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A product that is scheduled is not attached at once: the refusal says what to do, and that does it.
func TestDWN12AScheduledProductAtOnce(t *testing.T) {
	t.Parallel()
	const todo = " To have it at once, cancel it, and attach it with plan_schedule: immediate."
	for product, billed := range map[string][]int64{"pro": {5000, -1500}, "free": {5000, -2500}} {
		for dialect, of := range map[string]struct {
			attach, cancel string
			body, end      JSON
		}{
			"first dialect":  {"/v1/attach", "/v1/cancel", JSON{"product_id": product}, JSON{"product_id": product}},
			"second dialect": {"/v1/billing.attach", "/v1/billing.update", JSON{"plan_id": product}, JSON{"plan_id": product, "cancel_action": "cancel_end_of_cycle"}},
		} {
			t.Run(product+", "+dialect, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.PlanChangeCatalog()
				w.CustomerWithCard("c", "premium")
				w.Attach("c", product)
				w.Advance("15d")
				now := Merge(JSON{"customer_id": "c"}, immediate, of.body)
				code := "invalid_request"
				text := w.Refused(400, code, of.attach, now)
				if !strings.HasSuffix(text, todo) {
					t.Error(text)
				}
				w.Post(of.cancel, Merge(JSON{"customer_id": "c"}, of.end))
				w.HasProducts("c", "premium active")
				w.Post(of.attach, now)
				w.HasProducts("c", product+" active")
				w.Billed("c", billed...)
			})
		}
	}
}
