package requests

import (
	"testing"

	. "windfall/tests/world"
)

// What the Python client of the first generation sends in its own way means the same, and
// what it can't mean is refused.
func TestSpellingsOfThePythonClient(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")

	seen := w.Post("/v1/checkout", JSON{"customer_id": "new", "products": []JSON{{"product_id": "pro", "quantity": 1}}})
	w.Want("a product of the list", ValueAt(seen, "product.id"), "pro")
	for _, body := range []JSON{
		{"products": []JSON{{"product_id": "pro"}}, "product_id": "pro"}, {"products": []JSON{{"product_id": "pro"}}, "product_ids": []string{"pro"}},
		{"products": []JSON{{"product_id": "pro", "quantity": 2}}}, {"products": []JSON{{}}}, {"products": []JSON{}},
	} {
		body["customer_id"] = "new"
		w.Refused(400, "invalid_inputs", "/v1/checkout", body)
	}

	w.Post("/v1/customers/c/balances", JSON{"feature_id": "messages", "value": 7})
	w.Want("usage", ValueAt(w.Post("/v1/check", JSON{"customer_id": "c", "feature_id": "messages"}), "usage"), 7)
	w.Refused(400, "invalid_request", "/v1/customers/c/balances", JSON{"feature_id": "messages", "value": 7, "balances": []JSON{{"feature_id": "messages", "balance": 1}}})
	w.Refused(400, "invalid_inputs", "/v1/customers/c/balances", JSON{"feature_id": "messages"})
	w.Refused(400, "invalid_inputs", "/v1/customers/c/balances", JSON{"value": 7})
}

// A line of a checkout has the item that it is for, also where it gives something back.
func TestEveryLineOfACheckoutHasItsItem(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	seen := w.Post("/v1/checkout", JSON{"customer_id": "c", "product_id": "premium"})
	var prices []any
	for _, line := range seen["lines"].([]any) {
		prices = append(prices, ValueAt(line, "amount"), ValueAt(line, "item.price"))
	}
	w.Want("amounts and prices", prices, []any{-20.0, 20.0, 50.0, 50.0})
}
