package attach

import (
	"testing"

	. "windfall/tests/world"
)

func TestCustomRefusalsWriteNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	before := w.Stack.Tables()
	for _, call := range []struct {
		code    string
		request JSON
	}{
		{"invalid_inputs", JSON{"items": []JSON{Price(10)}}},
		{"invalid_inputs", JSON{"is_custom": true}},
		{"invalid_inputs", customItems()},
		{"invalid_product_item", customItems(JSON{"price": -1, "interval": "month"})},
		{"invalid_product_item", customItems(JSON{"interval": "month"})},
		{"invalid_inputs", customItems(Price(10), JSON{"price": 10, "interval": "year"})},
		{"invalid_inputs", customItems(JSON{"price": 10, "interval": "hour"})},
		{"invalid_inputs", JSON{"is_custom": true, "items": "none"}},
		{"product_already_attached", customItems(Price(20), Messages(500), BooleanFeature("dashboard"))},
		{"invalid_inputs", JSON{"product_id": nil, "product_ids": []string{"pro"}, "is_custom": true, "items": []JSON{Price(1)}}},
		{"invalid_inputs", JSON{"free_trial": JSON{"length": 0, "duration": "day"}}},
		{"invalid_inputs", JSON{"free_trial": JSON{"length": 7, "duration": "week"}}},
		{"invalid_inputs", JSON{"free_trial": "yes"}},
		{"invalid_request", Merge(customItems(Price(90)), JSON{"free_trial": JSON{"length": 7}})},
		{"invalid_request", JSON{"product_id": "g1_pro", "plan_schedule": "end_of_cycle"}},
		{"invalid_request", Merge(customItems(Price(90)), JSON{"plan_schedule": "end_of_cycle"})},
		{"invalid_inputs", JSON{"product_id": "premium", "plan_schedule": "later"}},
		{"invalid_request", JSON{"product_id": "premium", "billing_cycle_anchor": T1.UnixMilli()}},
		{"invalid_request", JSON{"product_id": "premium", "new_billing_subscription": true}},
		{"invalid_request", JSON{"product_id": "premium", "setup_payment": true}},
	} {
		w.Refused(400, call.code, "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, call.request))
	}
	unknown := customItems(Price(30), Merge(Consumable("nothing", 5), JSON{"feature_type": "single_use"}))
	w.Refused(404, "feature_not_found", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, unknown))
	public := w.PublishableKey()
	with := w.Stack.Tables()
	for _, request := range []JSON{customItems(Price(1)), {"free_trial": JSON{"length": 700}}} {
		a := w.Do(public, "POST", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "g1_pro"}, request))
		w.Want("with a publishable key", []any{a.Status, a.Body["code"]}, []any{401, "endpoint_not_public"})
	}
	if w.Stack.Tables() != with || len(before) == 0 {
		t.Error("a refused call wrote to the table")
	}
	w.Billed("c", 2000)
}
