package requests

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// An id that a list names twice means nothing, or two things. It is refused with
// a sentence that names the list and the id, and nothing is written.
func TestAnIDGivenTwiceInAListIsRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	w.CustomerWithCard("packs")
	w.Attach("packs", "pro_prepaid", Quantity("messages", 100))
	w.Feature("credits", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "words", "credit_cost": 1}}})
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}))
	price := ValueAt(w.Get("/v1/products/pro"), "items.0.price_id").(string)
	twice := func(feature string) []JSON {
		return []JSON{{"feature_id": feature, "quantity": 100}, {"feature_id": feature, "quantity": 200}}
	}
	discount := JSON{"discount_value": 5, "duration_type": "one_off", "apply_to_all": false, "price_ids": []string{price, price}}
	program := JSON{"id": "p", "when": "checkout", "received_by": "referrer", "reward_id": "ten", "product_ids": []string{"pro", "premium", "pro"}}
	messages := func(more JSON) []JSON { return []JSON{Messages(5), Merge(Messages(9), more)} }
	for name, c := range map[string]struct {
		code, path string
		body       JSON
		says       []string
	}{
		"options":               {"invalid_options", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro_prepaid", "options": twice("messages")}, []string{"options", "messages"}},
		"the same options":      {"invalid_options", "/v1/attach", JSON{"customer_id": "c", "product_id": "topup", "options": append(twice("messages")[:1], twice("messages")[:1]...)}, []string{"options", "messages"}},
		"options of a change":   {"invalid_options", "/v1/attach", JSON{"customer_id": "packs", "product_id": "pro_prepaid", "options": twice("messages")}, []string{"options", "messages"}},
		"options of a preview":  {"invalid_options", "/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro_prepaid", "options": twice("messages")}, []string{"options", "messages"}},
		"options of a checkout": {"invalid_options", "/v1/checkout", JSON{"customer_id": "c", "product_id": "pro_prepaid", "options": twice("messages")}, []string{"options", "messages"}},
		"products":              {"invalid_inputs", "/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g2_pro", "g1_pro"}}, []string{"product_ids", "g1_pro"}},
		"products of a preview": {"invalid_inputs", "/v1/attach/preview", JSON{"customer_id": "c", "product_ids": []string{"g1_pro", "g1_pro"}}, []string{"product_ids", "g1_pro"}},
		"items of one's own":    {"invalid_inputs", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "is_custom": true, "items": append(messages(nil), Price(20))}, []string{"items[1]", "messages"}},
		"items of a product":    {"invalid_inputs", "/v1/products", JSON{"id": "x", "name": "x", "items": messages(nil)}, []string{"items[1]", "messages"}},
		"a boolean item":        {"invalid_inputs", "/v1/products", JSON{"id": "x", "name": "x", "items": []JSON{BooleanFeature("admin"), BooleanFeature("admin")}}, []string{"items[1]", "admin"}},
		"a credit schema":       {"invalid_feature", "/v1/features", JSON{"id": "x", "name": "x", "type": "credit_system", "credit_schema": []JSON{{"metered_feature_id": "words", "credit_cost": 1}, {"metered_feature_id": "words", "credit_cost": 2}}}, []string{"credit_schema", "words"}},
		"event names":           {"invalid_feature", "/v1/features", JSON{"id": "x", "name": "x", "type": "single_use", "event_names": []string{"a", "a"}}, []string{"event name", "a"}},
		"balances":              {"invalid_request", "/v1/customers/packs/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 1}, {"feature_id": "messages", "balance": 2}}}, []string{"balances[1]", "messages"}},
		"promotion codes":       {"duplicate_promo_code", "/v1/rewards", TenPercentOff(JSON{"id": "x"}, PromoCodes("A", "a")), []string{"A"}},
		"prices of a discount":  {"invalid_reward", "/v1/rewards", JSON{"id": "x", "name": "x", "type": "fixed_discount", "discount_config": discount}, []string{"price_ids", price}},
		"products of a program": {"invalid_request", "/v1/reward_programs", program, []string{"product_ids", "pro"}},
	} {
		before := w.Stack.Tables()
		a := w.Do(w.Stack.Key, "POST", c.path, c.body)
		message, _ := a.Body["message"].(string)
		if a.Status != 400 || a.Body["code"] != c.code {
			t.Errorf("%s: %d %s", name, a.Status, a.Text)
		}
		for _, word := range c.says {
			if !strings.Contains(message, word) {
				t.Errorf("%s: the sentence does not name %q: %s", name, word, message)
			}
		}
		w.WaitIdle()
		w.Want("the table after "+name, w.Stack.Tables() == before, true)
	}
}
