package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A publishable key opens pages by billing.attach as by attach: for a plan as it is sold.
func TestAPublishableKeyAttachesAPlanAsItIsSold(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.AllowPublishableCheckout()
	key := w.PublishableKey()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	done := w.Do(key, "POST", "/v1/billing.attach", of("pro", JSON{"redirect_mode": "if_required"}))
	if url, _ := done.Body["payment_url"].(string); done.Status != 200 || url == "" || done.Body["required_action"] != nil {
		t.Errorf("%d %s", done.Status, done.Text)
	}
	w.HasProducts("c", "free active")
	several := func(plan JSON, more ...JSON) JSON {
		return Merge(JSON{"customer_id": "c", "plans": []JSON{Merge(JSON{"plan_id": "g1_pro"}, plan), {"plan_id": "g2_pro"}}}, more...)
	}
	if done = w.Do(key, "POST", "/v1/billing.multi_attach", several(nil)); done.Status != 200 || done.Body["payment_url"] == nil {
		t.Errorf("%d %s", done.Status, done.Text)
	}
	for field, value := range map[string]any{
		"version": 1, "customize": JSON{"price": nil}, "plan_schedule": "immediate", "proration_behavior": "none", "checkout_session_params": JSON{"locale": "de"},
		"metadata": JSON{"a": "b"}, "new_billing_subscription": true, "currency": "eur", "free_trial": nil, "invoice_mode": JSON{"enabled": true},
		"redirect_mode": "never", "discounts": []JSON{{"reward_id": "x"}}, "billing_cycle_anchor": "now", "automatic_tax": true, "customer_data": JSON{"metadata": JSON{"a": 1}},
	} {
		a := w.Do(key, "POST", "/v1/billing.attach", of("pro", JSON{field: value}))
		if text, _ := a.Body["message"].(string); a.Status != 400 || !strings.HasPrefix(text, field) {
			t.Errorf("%s: %d %s", field, a.Status, a.Text)
		}
	}
	for what, body := range map[string]JSON{
		"version":    several(JSON{"version": 1}),
		"behavior":   several(nil, JSON{"billing_behavior": "none"}),
		"discounts":  several(nil, JSON{"discounts": []JSON{{"reward_id": "x"}}}),
		"free trial": several(nil, JSON{"free_trial": nil}),
	} {
		if a := w.Do(key, "POST", "/v1/billing.multi_attach", body); a.Status != 400 {
			t.Errorf("%s: %d %s", what, a.Status, a.Text)
		}
	}
	if a := w.Do(key, "POST", "/v1/billing.attach", of("g2_free")); a.Status != 400 {
		t.Errorf("a free plan: %d %s", a.Status, a.Text)
	}
	for _, path := range []string{"/v1/billing.update", "/v1/billing.multi_update", "/v1/billing.create_schedule", "/v1/billing.preview_attach", "/v1/billing.preview_update"} {
		if a := w.Do(key, "POST", path, of("pro")); a.Status != 401 {
			t.Errorf("%s: %d %s", path, a.Status, a.Text)
		}
	}
}
