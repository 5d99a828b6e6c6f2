package requests

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Two fields that can't both be meant are refused by name: to follow one of
// them would sell, charge or give something else than was asked for.
func TestContradictionsAreRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	w.CustomerWithCard("holder", "pro")
	_, text, err := w.Stack.Stripe("POST", "/v1/customers", nil)
	if err != nil {
		t.Fatal(err)
	}
	another := ValueAt(ParseJSON(t, text), "id") // nobody's yet
	w.Feature("action", "single_use")
	w.Feature("points", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "action", "credit_cost": 2}}})
	attach := func(more JSON) JSON { return Merge(JSON{"customer_id": "c", "product_id": "pro"}, more) }
	product := func(items ...JSON) JSON { return JSON{"id": "new", "name": "New", "items": items} }
	feature := func(kind string, more JSON) JSON { return Merge(JSON{"id": "new", "name": "New", "type": kind}, more) }
	credits := func(rows ...JSON) JSON { return JSON{"credit_schema": rows} }
	filters := JSON{"filters": []JSON{{"property": "event_name", "operator": "in", "value": []string{"a"}}}}
	discount := func(kind string, d, more JSON) JSON {
		return Merge(JSON{"id": "new", "name": "New", "type": kind,
			"discount_config": Merge(JSON{"discount_value": 10, "duration_type": "one_off"}, d)}, more)
	}
	codes := func(code JSON) JSON { return JSON{"promo_codes": []JSON{Merge(JSON{"code": "FALL"}, code)}} }
	balances := func(sets ...JSON) JSON { return JSON{"balances": sets} }
	for _, ask := range []struct {
		path  string
		body  JSON
		code  string
		named string
	}{
		{"/v1/attach", attach(JSON{"finalize_invoice": false}), "invalid_inputs", "finalize_invoice"},
		{"/v1/attach", attach(JSON{"force_checkout": true, "invoice_only": true}), "invalid_inputs", "force_checkout"},
		{"/v1/attach", attach(JSON{"force_checkout": true, "invoice": true}), "invalid_inputs", "force_checkout"},
		{"/v1/attach", attach(JSON{"success_url": "https://a.io", "checkout_session_params": JSON{"success_url": "https://b.io"}}), "invalid_inputs", "success_url"},
		{"/v1/setup_payment", JSON{"customer_id": "c", "success_url": "https://a.io", "checkout_session_params": JSON{"success_url": "https://b.io"}}, "invalid_inputs", "success_url"},
		{"/v1/events/list", JSON{"customer_id": "c", "cursor": "a", "start_cursor": "b"}, "invalid_inputs", "start_cursor"},
		{"/v1/products", JSON{"id": "new", "name": "New", "is_default": true, "group": "main", "items": []JSON{{"feature_id": "dashboard"}}}, "invalid_inputs", "\"free\""},
		{"/v1/attach/preview", attach(JSON{"finalize_invoice": false}), "invalid_inputs", "finalize_invoice"},
		{"/v1/checkout", attach(JSON{"force_checkout": true, "invoice": true}), "invalid_inputs", "force_checkout"},
		{"/v1/attach", attach(JSON{"is_custom": true, "items": []JSON{{"price": 999999.99, "interval": "month"}, {"price": 999999.99}}}), "invalid_inputs", "999999.99"},
		{"/v1/attach", attach(JSON{"is_custom": true, "items": []JSON{{"price": 10, "interval_count": 3}}}), "invalid_product_item", "interval_count"},

		{"/v1/products", product(JSON{"price": 10, "interval_count": 3}), "invalid_product_item", "interval_count"},
		{"/v1/products", product(JSON{"price": 600000, "interval": "month"}, JSON{"price": 400000}), "invalid_inputs", "999999.99"},
		{"/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 1, "required_quantity": 2}, "invalid_inputs", "required_quantity"},
		{"/v1/products", product(JSON{"feature_id": "messages", "included_usage": 10, "interval_count": 3}), "invalid_product_item", "interval_count"},
		{"/v1/products", product(JSON{"type": "priced_feature", "feature_id": "messages", "included_usage": 10}), "invalid_product_item", "type"},
		{"/v1/products", product(JSON{"type": "feature", "feature_id": "messages", "price": 1, "interval": "month"}), "invalid_product_item", "type"},
		{"/v1/products", product(JSON{"type": "price", "feature_id": "messages", "price": 1, "interval": "month"}), "invalid_product_item", "type"},
		{"/v1/products", product(JSON{"type": "feature", "price": 1, "interval": "month"}), "invalid_product_item", "type"},
		{"/v1/products", product(JSON{"type": "fee", "price": 1, "interval": "month"}), "invalid_product_item", "type"},
		{"/v1/products", product(JSON{"price": 1, "feature_type": "single_use"}), "invalid_product_item", "feature_type"},
		{"/v1/products", product(JSON{"feature_id": "messages", "included_usage": 10, "entity_feature_id": "words"}), "invalid_product_item", "entity_feature_id"},
		{"/v1/products", product(JSON{"feature_id": "seats", "entity_feature_id": "seats"}), "invalid_product_item", "entity_feature_id"},
		{"/v1/products/pro", JSON{"items": []JSON{Merge(Overage("messages", 10, 1, 1), JSON{"entity_feature_id": "seats"})}}, "invalid_product_item", "entity_id"},

		{"/v1/features", feature("single_use", JSON{"consumable": false}), "invalid_feature", "consumable"},
		{"/v1/features", feature("continuous_use", JSON{"consumable": true}), "invalid_feature", "consumable"},
		{"/v1/features", feature("boolean", JSON{"consumable": true}), "invalid_feature", "consumable"},
		{"/v1/features", feature("static", JSON{"consumable": true}), "invalid_feature", "consumable"},
		{"/v1/features", feature("credit_system", Merge(JSON{"consumable": false}, credits(JSON{"metered_feature_id": "action", "credit_cost": 1}))), "invalid_feature", "consumable"},
		{"/v1/features/points", Merge(credits(JSON{"metered_feature_id": "action", "credit_cost": 2}), JSON{"config": JSON{"schema": []JSON{{"metered_feature_id": "action", "credit_amount": 3}}}}), "invalid_feature", "config.schema"},
		{"/v1/features/points", credits(JSON{"metered_feature_id": "action", "credit_cost": 2, "credit_amount": 3}), "invalid_feature", "credit_cost"},
		{"/v1/features/points", credits(JSON{"metered_feature_id": "action", "credit_cost": 2, "feature_amount": 10}), "invalid_feature", "credit_cost"},
		{"/v1/features", feature("single_use", JSON{"event_names": []string{"b"}, "config": filters}), "invalid_feature", "event_names"},
		{"/v1/features", feature("single_use", JSON{"event_names": []string{}, "config": filters}), "invalid_feature", "event_names"},
		{"/v1/features", feature("single_use", JSON{"config": JSON{"aggregate": JSON{"type": "count"}}}), "invalid_feature", "aggregate"},

		{"/v1/rewards", discount("fixed_discount", JSON{"apply_to_all": true, "price_ids": []string{"no_such"}}, nil), "invalid_reward", "price_ids"},
		{"/v1/rewards", discount("fixed_discount", JSON{"duration_value": 3}, nil), "invalid_reward", "duration_value"},
		{"/v1/rewards", discount("fixed_discount", JSON{"duration_type": "forever", "duration_value": 3}, nil), "invalid_reward", "duration_value"},
		{"/v1/rewards", discount("fixed_discount", nil, JSON{"free_product_id": "bonus"}), "invalid_reward", "free_product_id"},
		{"/v1/rewards", discount("free_product", nil, JSON{"free_product_id": "bonus"}), "invalid_reward", "discount_config"},
		{"/v1/rewards", discount("fixed_discount", nil, codes(JSON{"global_max_redemption": 5, "max_redemptions": 6})), "invalid_inputs", "max_redemptions"},
		{"/v1/reward_programs", JSON{"id": "new", "when": "customer_creation", "reward_id": "gift", "received_by": "all", "product_ids": []string{"pro"}}, "invalid_request", "product_ids"},

		{"/v1/customers/c", JSON{"name": "New", "stripe_id": another}, "invalid_inputs", "stripe_id"},
		{"/v1/customers", JSON{"id": "c", "fingerprint": "device", "stripe_id": another}, "invalid_inputs", "stripe_id"},
		{"/v1/customers/c", JSON{"name": "Ada\u202eecila"}, "invalid_inputs", "name"},
		{"/v1/customers/c", JSON{"name": "Ada\nby card"}, "invalid_inputs", "name"},
		{"/v1/customers", JSON{"id": "new", "name": "Ada\u2066"}, "invalid_inputs", "name"},
		{"/v1/check", JSON{"customer_id": "new", "feature_id": "messages", "customer_data": JSON{"name": "Ada\x01"}}, "invalid_inputs", "name"},
		{"/v1/products", JSON{"id": "new", "name": "Pro\u202eorP"}, "invalid_inputs", "name"},
		{"/v1/features", feature("single_use", JSON{"name": "M\u200fessages"}), "invalid_feature", "name"},

		{"/v1/customers/holder/balances", balances(JSON{"feature_id": "messages", "balance": 3}, JSON{"feature_id": "messages", "balance": 5}), "invalid_request", "balances[1]"},
		{"/v1/customers/holder/balances", balances(JSON{"feature_id": "messages", "balance": 3, "interval": "month"}, JSON{"feature_id": "messages", "balance": 5, "interval": "month", "interval_count": 1}), "invalid_request", "balances[1]"},
		{"/v1/customers/holder/balances", balances(JSON{"feature_id": "messages", "balance": 3, "interval": "month"}, JSON{"feature_id": "messages", "unlimited": true}), "invalid_request", "balances[1]"},
		{"/v1/customers/holder/balances", balances(JSON{"feature_id": "messages", "balance": 3, "interval_count": 2}), "invalid_request", "interval_count"},
		{"/v1/customers/holder/balances", balances(JSON{"feature_id": "messages", "balance": 3, "interval": "lifetime", "interval_count": 2}), "invalid_request", "interval_count"},
	} {
		table, objects := w.Stack.Tables(), w.Stack.Objects()
		a := w.Do(w.Stack.Key, "POST", ask.path, ask.body)
		message, _ := a.Body["message"].(string)
		if a.Status != 400 || a.Body["code"] != ask.code || !strings.Contains(message, ask.named) {
			t.Errorf("%s %v: got %d %s, want 400 %s that names %s", ask.path, ask.body, a.Status, a.Text, ask.code, ask.named)
		}
		w.Unchanged(table, objects)
	}
}

// The same said in two ways is no contradiction: clients of different ages
// spell it both ways at once.
func TestTheSameSaidTwiceIsUnderstood(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.Feature("action", "single_use", JSON{"consumable": true, "event_names": []string{"a"},
		"config": JSON{"filters": []JSON{{"property": "event_name", "operator": "in", "value": []string{"a"}}}, "aggregate": JSON{"type": "sum", "property": "value"}}})
	w.Feature("points", "credit_system", JSON{"credit_schema": []JSON{{"metered_feature_id": "action", "credit_cost": 0.2, "feature_amount": 5, "credit_amount": 1}},
		"config": JSON{"schema": []JSON{{"metered_feature_id": "action", "feature_amount": 5, "credit_amount": 1}}}})
	w.Post("/v1/products", JSON{"id": "spelled", "name": "Spelled", "items": []JSON{
		{"type": "price", "price": 10, "interval_count": 1}, {"type": "feature", "feature_id": "action", "included_usage": 5, "interval": nil, "interval_count": nil},
		{"type": "priced_feature", "feature_id": "messages", "feature_type": "single_use", "price": 1, "usage_model": "prepaid"}}})
	w.Post("/v1/rewards", JSON{"id": "ten", "name": "Ten", "type": "fixed_discount", "free_product_id": nil,
		"promo_codes":     []JSON{{"code": "TEN", "global_max_redemption": 5, "max_redemptions": 5}},
		"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true, "price_ids": []string{}}})
	stripeID := w.Customer("c")["stripe_id"]
	w.Want("the name beside the same stripe_id", w.Post("/v1/customers/c", JSON{"name": "Ada", "stripe_id": stripeID})["name"], "Ada")
	w.Post("/v1/customers", JSON{"id": "c", "stripe_id": stripeID})
	w.Attach("c", "topup", JSON{"finalize_invoice": true}, Quantity("messages", 250))
}

// A Stripe customer is one customer's. To name it for another is refused before
// anything else of the call is saved.
func TestAStripeCustomerIsLinkedOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("owner")
	taken := w.Customer("owner")["stripe_id"]
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Post("/v1/customers", JSON{"email": "prepared@x.io"})
	table, objects := w.Stack.Tables(), w.Stack.Objects()
	w.Refused(409, "duplicate_customer_id", "/v1/customers/c", JSON{"name": "Ada", "stripe_id": taken})
	w.Refused(409, "duplicate_customer_id", "/v1/customers", JSON{"id": "c", "fingerprint": "device", "stripe_id": taken})
	w.Refused(409, "duplicate_customer_id", "/v1/customers", JSON{"id": "new", "stripe_id": taken})
	w.Refused(409, "duplicate_customer_id", "/v1/customers", JSON{"id": "new", "email": "prepared@x.io", "stripe_id": taken})
	w.Refused(409, "duplicate_customer_id", "/v1/customers", JSON{"email": "prepared@x.io", "name": "Ada", "stripe_id": taken})
	w.Refused(409, "duplicate_customer_id", "/v1/customers", JSON{"email": "new@x.io", "stripe_id": taken})
	w.Unchanged(table, objects)
}
