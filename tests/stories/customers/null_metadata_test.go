package customers

import (
	"testing"

	. "windfall/tests/world"
)

// A key of metadata that is null is no key: whatever makes a customer leaves it out, and an
// update deletes it.
func TestCUS09AKeyThatIsNull(t *testing.T) {
	t.Parallel()
	given := JSON{"team": 7, "plan": nil}
	for name, c := range map[string]struct {
		path string
		body JSON
	}{
		"create":            {"/v1/customers", JSON{"id": "c", "metadata": given}},
		"get or create":     {"/v1/customers.get_or_create", JSON{"customer_id": "c", "metadata": given}},
		"data of a check":   {"/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "customer_data": JSON{"metadata": given}}},
		"data of a track":   {"/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "customer_data": JSON{"metadata": given}}},
		"data of an attach": {"/v1/attach", JSON{"customer_id": "c", "product_id": "booster", "customer_data": JSON{"metadata": given}}},
	} {
		for _, known := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.StandardCatalog()
				if known {
					w.Post("/v1/customers", JSON{"id": "c"})
				}
				w.Post(c.path, c.body)
				w.WaitIdle()
				w.Want("metadata", w.Customer("c")["metadata"], map[string]any{"team": 7.0})
				w.Call("PATCH", "/v1/customers/c", JSON{"metadata": JSON{"team": nil, "seat": "a"}})
				w.Want("metadata after an update", w.Customer("c")["metadata"], map[string]any{"seat": "a"})
			})
		}
	}
}
