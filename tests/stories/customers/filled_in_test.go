package customers

import (
	"testing"

	. "windfall/tests/world"
)

// What any call says of a customer makes one who is not there, and fills blanks of one who is;
// what is known stays.
func TestCUS05EveryCallFillsBlanks(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]JSON{
		"/v1/attach":               {"product_id": "booster"},
		"/v1/checkout":             {"product_id": "pro"},
		"/v1/check":                {"feature_id": "messages"},
		"/v1/track":                {"feature_id": "messages"},
		"/v1/usage":                {"feature_id": "messages", "value": 3},
		"/v1/setup_payment":        {},
		"/v1/customers/c/entities": {"id": "e", "feature_id": "seats"},
		"/v1/billing.attach":       {"plan_id": "booster"},
		"/v1/billing.multi_attach": {"plans": []JSON{{"plan_id": "booster"}}},
		"/v1/balances.check":       {"feature_id": "messages"},
		"/v1/balances.track":       {"feature_id": "messages"},
		"/v1/entities.create":      {"entity_id": "e", "feature_id": "seats"},
	} {
		for _, known := range []bool{false, true} {
			t.Run(path, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.StandardCatalog()
				if known {
					w.Post("/v1/customers", JSON{"id": "c", "name": "Ann"})
				}
				name := map[bool]string{false: "Ann", true: "Bob"}[known]
				ask := Merge(JSON{"customer_id": "c", "customer_data": JSON{"name": name, "email": "a@x.io"}}, body)
				if path == "/v1/customers/c/entities" {
					delete(ask, "customer_id")
				}
				w.Post(path, ask)
				w.WaitIdle()
				got := w.Customer("c")
				w.Want("customer", []any{got["name"], got["email"]}, []any{"Ann", "a@x.io"})
			})
		}
	}
}
