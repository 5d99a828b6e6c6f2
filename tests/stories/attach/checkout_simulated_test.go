package attach

import (
	"maps"
	"slices"
	"testing"

	. "windfall/tests/world"
)

// docs/api.md lists the parameters of a page that Stripe has and the simulator
// does not: an attach with one is refused with Stripe's sentence, and leaves
// nothing behind.
func TestParametersThatTheSimulatorLacks(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	lacks := JSON{
		"consent_collection": JSON{"promotions": "auto"},
		"custom_fields":      []any{JSON{"key": "a", "type": "text", "label": JSON{"type": "custom", "custom": "A"}}},
		"custom_text":        JSON{"submit": JSON{"message": "hi"}}, "shipping_address_collection": JSON{"allowed_countries": []any{"US"}},
	}
	for _, name := range slices.Sorted(maps.Keys(lacks)) {
		a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "checkout_session_params": JSON{name: lacks[name]}})
		w.Want(name, []any{a.Status, a.Body["code"]}, []any{400, "stripe_error"})
	}
	a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "checkout_session_params": JSON{"locale": "de", "automatic_tax": JSON{"enabled": true}, "tax_id_collection": JSON{"enabled": true}}})
	w.Want("the others", []any{a.Status, a.Body["code"]}, []any{200, "checkout_created"})
}
