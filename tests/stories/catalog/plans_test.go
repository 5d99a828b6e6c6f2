package catalog

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// features makes what the plans of these stories grant.
func features(w *World) {
	w.Helper()
	for id, kind := range map[string]string{"messages": "single_use", "words": "single_use", "seats": "continuous_use", "dashboard": "boolean"} {
		w.Feature(id, kind)
	}
}

// studio is a plan with an item of each kind.
var studio = JSON{"plan_id": "studio", "name": "Studio", "description": "For two people.\nAnd a dog.", "group": "main", "add_on": false, "auto_enable": false, "create_in_stripe": true,
	"price": JSON{"amount": 20, "interval": "month"},
	"items": []JSON{
		{"feature_id": "dashboard"},
		{"feature_id": "messages", "included": 100, "reset": JSON{"interval": "month"}},
		{"feature_id": "words", "included": 10, "price": JSON{"amount": 0.5, "interval": "month", "billing_units": 100, "billing_method": "usage_based", "max_purchase": 90}},
		{"feature_id": "seats", "included": 1, "price": JSON{"tiers": []JSON{{"to": 5, "amount": 12}, {"to": "inf", "amount": 10}}, "tier_behavior": "graduated", "interval": "month", "billing_units": 1, "billing_method": "usage_based"},
			"proration": JSON{"on_increase": "prorate_immediately", "on_decrease": "none"}}},
	"free_trial": JSON{"duration_length": 14, "duration_type": "day", "card_required": false, "on_end": "revert"}}

func TestCAT01APlanIsTheProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	features(w)
	made := w.Post("/v1/plans.create", studio)
	w.Want("plan", made, JSON{"id": "studio", "name": "Studio", "description": "For two people.\nAnd a dog.", "group": "main", "version": 1, "add_on": false, "auto_enable": false,
		"price": JSON{"amount": 20, "interval": "month", "interval_count": 1},
		"items": []JSON{
			{"feature_id": "dashboard", "included": 0, "unlimited": false, "pooled": false, "reset": nil, "price": nil},
			{"feature_id": "messages", "included": 100, "unlimited": false, "pooled": false, "reset": JSON{"interval": "month", "interval_count": 1}, "price": nil},
			{"feature_id": "words", "included": 10, "unlimited": false, "pooled": false, "reset": JSON{"interval": "month", "interval_count": 1},
				"price": JSON{"amount": 0.5, "interval": "month", "interval_count": 1, "billing_units": 100, "billing_method": "usage_based", "max_purchase": 90}},
			{"feature_id": "seats", "included": 1, "unlimited": false, "pooled": false, "reset": nil,
				"price":     JSON{"tiers": []JSON{{"to": 5, "amount": 12}, {"to": "inf", "amount": 10}}, "tier_behavior": "graduated", "interval": "month", "interval_count": 1, "billing_units": 1, "billing_method": "usage_based", "max_purchase": nil},
				"proration": JSON{"on_increase": "prorate_immediately", "on_decrease": "none"}}},
		"free_trial": JSON{"duration_length": 14, "duration_type": "day", "card_required": false, "on_end": "revert"},
		"created_at": T0.UnixMilli(), "env": "sandbox", "currency": "usd", "archived": false, "config": JSON{"ignore_past_due": false}, "metadata": JSON{}, "base_variant_id": nil})
	w.Want("read again", w.Post("/v1/plans.get", JSON{"plan_id": "studio"}), made)
	product := w.Get("/v1/products/studio")
	w.Want("description", product["description"], "For two people.\nAnd a dog.")
	kinds := []string{}
	for _, item := range product["items"].([]any) {
		i := item.(JSON)
		kinds = append(kinds, strings.TrimSuffix(i["type"].(string)+" "+text(i["feature_id"]), " "))
	}
	w.Want("items", kinds, []string{"price", "feature dashboard", "feature messages", "priced_feature words", "priced_feature seats"})
	words := product["items"].([]any)[3].(JSON)
	w.Want("words", []any{words["usage_limit"], words["usage_model"], words["billing_units"], words["interval"]}, []any{100, "pay_per_use", 100, "month"})
}

func text(v any) string { s, _ := v.(string); return s }

func TestCAT02APlanChangesPartByPart(t *testing.T) {
	t.Parallel()
	w := New(t)
	features(w)
	w.Product("pro", "main", Price(20), OneTimePrice(5), Messages(100), BooleanFeature("dashboard"))
	before := w.Get("/v1/products/pro")["items"].([]any)
	plan := w.Post("/v1/plans.get", JSON{"plan_id": "pro"})
	w.Want("further prices", plan["further_prices"], []JSON{{"amount": 5, "interval": "one_off"}})
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "price": JSON{"amount": 25, "interval": "month"}})
	after := w.Get("/v1/products/pro")["items"].([]any)
	w.Want("price", after[0].(JSON)["price"], 25)
	w.Want("the rest", after[1:], before[1:])
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "items": []JSON{{"feature_id": "messages", "included": 300, "reset": JSON{"interval": "month"}}}})
	items := w.Get("/v1/products/pro")["items"].([]any)
	w.Want("prices stay", items[:2], after[:2])
	w.Want("items", len(items), 3)
	w.Want("usage is reset still, as nothing was said of it", items[2].(JSON)["reset_usage_when_enabled"], true)
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "price": nil, "further_prices": []JSON{}, "group": nil, "description": nil, "archived": true})
	w.Want("free", w.Get("/v1/products/pro")["properties"].(JSON)["is_free"], true)
	w.Want("list", w.Post("/v1/plans.list", nil)["list"], []JSON{})
	w.Want("archived", len(w.Post("/v1/plans.list", JSON{"include_archived": true})["list"].([]any)), 1)
	w.Want("deleted", w.Post("/v1/plans.delete", JSON{"plan_id": "pro", "all_versions": false}), JSON{"success": true})
	w.Refused(404, "product_not_found", "/v1/plans.get", JSON{"plan_id": "pro"})
}

func TestCAT02PricesAreKnownByTheirAmount(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Product("pro", "", Price(20), Merge(OneTimePrice(5), JSON{"tax_behavior": "inclusive"}), OneTimePrice(7))
	before := w.Get("/v1/products/pro")
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "further_prices": []JSON{{"amount": 7, "interval": "one_off"}, {"amount": 5, "interval": "one_off"}}})
	w.Want("said in another order", w.Get("/v1/products/pro"), before)
}

func TestCAT03VersionsOfAPlan(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	said := w.Refused(400, "invalid_inputs", "/v1/plans.update", JSON{"plan_id": "pro", "disable_version": true, "price": JSON{"amount": 25, "interval": "month"}})
	w.Want("sentence", said, `Customers hold version 1 of plan "pro" or did, so other items or another trial make the next version. Leave disable_version out.`)
	w.Want("no other items", w.Post("/v1/plans.update", JSON{"plan_id": "pro", "disable_version": true, "name": "Pro!"})["version"], 1)
	w.Want("version", w.Post("/v1/plans.update", JSON{"plan_id": "pro", "version": 1, "price": JSON{"amount": 25, "interval": "month"}})["version"], 2)
	w.Refused(400, "invalid_inputs", "/v1/plans.update", JSON{"plan_id": "pro", "version": 1, "name": "Old"})
	w.Refused(404, "product_not_found", "/v1/plans.update", JSON{"plan_id": "pro", "version": 3, "name": "New"})
	w.Want("first", w.Post("/v1/plans.get", JSON{"plan_id": "pro", "version": 1})["price"].(JSON)["amount"], 20)
	w.Want("latest", w.Post("/v1/plans.get", JSON{"plan_id": "pro"})["price"].(JSON)["amount"], 25)
	w.Refused(400, "product_has_customers", "/v1/plans.delete", JSON{"plan_id": "pro"})
	w.Post("/v1/cancel", JSON{"customer_id": "c", "product_id": "pro"})
	want := map[string]JSON{
		"pro":           {"trial_available": false, "status": "active", "canceling": true, "trialing": false, "attach_action": "none"},
		"premium":       {"trial_available": false, "status": nil, "canceling": false, "trialing": false, "attach_action": "upgrade"},
		"free":          {"trial_available": false, "status": "scheduled", "canceling": false, "trialing": false, "attach_action": "none"},
		"topup":         {"trial_available": false, "status": nil, "canceling": false, "trialing": false, "attach_action": "purchase"},
		"booster":       {"trial_available": false, "status": nil, "canceling": false, "trialing": false, "attach_action": "activate"},
		"premium_trial": {"trial_available": true, "status": nil, "canceling": false, "trialing": false, "attach_action": "upgrade"},
	}
	for _, one := range w.Post("/v1/plans.list", JSON{"customer_id": "c"})["list"].([]any) {
		plan := one.(JSON)
		if expected, asked := want[plan["id"].(string)]; asked {
			w.Want("eligibility of "+plan["id"].(string), plan["customer_eligibility"], expected)
			delete(want, plan["id"].(string))
		}
	}
	w.Want("not listed", len(want), 0)
}

func TestCAT04WhatAPlanCannotBe(t *testing.T) {
	t.Parallel()
	w := New(t)
	features(w)
	w.Post("/v1/plans.create", studio)
	priced := func(more JSON) []JSON {
		return []JSON{{"feature_id": "words", "price": Merge(JSON{"amount": 1, "interval": "month", "billing_method": "prepaid"}, more)}}
	}
	for name, tt := range map[string]struct {
		body JSON
		code string
		says string
	}{
		"no id":               {JSON{"plan_id": ""}, "invalid_inputs", "plan_id: required"},
		"two intervals":       {JSON{"items": []JSON{Merge(priced(nil)[0], JSON{"reset": JSON{"interval": "year"}})}}, "invalid_inputs", "items[0].reset and price say different intervals"},
		"no method":           {JSON{"items": priced(JSON{"billing_method": nil})}, "invalid_inputs", "items[0].price.billing_method: required"},
		"a method":            {JSON{"items": priced(JSON{"billing_method": "pay_per_use"})}, "invalid_inputs", "prepaid or usage_based"},
		"no interval":         {JSON{"items": priced(JSON{"interval": nil})}, "invalid_inputs", "items[0].price.interval: required"},
		"volume":              {JSON{"items": priced(JSON{"amount": nil, "tiers": []JSON{{"to": "inf", "amount": 1}}, "tier_behavior": "volume"})}, "invalid_product_item", "tiers are graduated"},
		"flat amounts":        {JSON{"items": priced(JSON{"amount": nil, "tiers": []JSON{{"to": "inf", "amount": 1, "flat_amount": 5}}})}, "invalid_request", "Use amount"},
		"less than none":      {JSON{"items": priced(JSON{"max_purchase": -1})}, "invalid_inputs", "max_purchase: at least 0"},
		"rollover":            {JSON{"items": []JSON{{"feature_id": "words", "rollover": JSON{"max": 5}}}}, "invalid_request", "balances.create"},
		"unlimited and 5":     {JSON{"items": []JSON{{"feature_id": "words", "included": 5, "unlimited": true}}}, "invalid_inputs", "items[0].included: the item is unlimited"},
		"no feature":          {JSON{"items": []JSON{{"included": 5}}}, "invalid_inputs", "items[0].feature_id: required"},
		"an unknown feature":  {JSON{"items": []JSON{{"feature_id": "nothing"}}}, "feature_not_found", "nothing"},
		"a price of nothing":  {JSON{"price": JSON{"interval": "month"}}, "invalid_inputs", "price.amount: required"},
		"a price of no time":  {JSON{"price": JSON{"amount": 5}}, "invalid_inputs", "price.interval: required"},
		"another end":         {JSON{"free_trial": JSON{"duration_length": 3, "on_end": "revert"}}, "invalid_inputs", "free_trial.on_end"},
		"a new id":            {JSON{"new_plan_id": "atelier"}, "invalid_inputs", "id"},
		"licenses":            {JSON{"licenses": []JSON{{"license_plan_id": "x"}}}, "invalid_request", "entities.create"},
		"variants":            {JSON{"variants": []JSON{{"variant_plan_id": "x"}}}, "invalid_request", "plan of its own"},
		"metadata":            {JSON{"metadata": "x"}, "invalid_inputs", "metadata: expected object"},
		"config":              {JSON{"config": JSON{"ignore_past_due": true}}, "invalid_request", "config"},
		"every version":       {JSON{"all_versions": true}, "invalid_request", "Send one for each"},
		"a long description":  {JSON{"description": strings.Repeat("x", 1001)}, "invalid_inputs", "description"},
		"two main and add-on": {JSON{"auto_enable": true, "add_on": true}, "invalid_inputs", "auto_enable"},
	} {
		said := w.Refused(400+4*bit(tt.code == "feature_not_found"), tt.code, "/v1/plans.update", Merge(JSON{"plan_id": "studio"}, tt.body))
		if !strings.Contains(said, tt.says) {
			t.Errorf("%s: %s", name, said)
		}
	}
	w.Refused(400, "product_already_exists", "/v1/plans.create", studio)
	w.Refused(404, "product_not_found", "/v1/plans.update", JSON{"plan_id": "nothing", "name": "n"})
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}
