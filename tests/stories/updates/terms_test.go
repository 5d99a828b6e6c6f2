package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

func TestUPD09OtherItems(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Advance("15d")
	preview := update(w, of("pro", JSON{"customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}}))
	w.Want("intent", preview["intent"], "update_plan")
	w.Billed("c", 2000, 1000)
	w.HasBalance("c", "messages", true, 500)
	storage := JSON{"feature_id": "storage", "included": 7, "reset": JSON{"interval": "month"}}
	update(w, of("pro", JSON{"customize": JSON{"add_items": []JSON{storage}, "remove_items": []JSON{{"feature_id": "dashboard"}}}}))
	w.HasBalance("c", "storage", true, 7)
	w.Want("dashboard", w.Check("c", "dashboard")["allowed"], false)
	w.Billed("c", 2000, 1000)
	update(w, of("pro", JSON{"customize": JSON{"items": []JSON{storage}}}))
	w.HasBalance("c", "messages", false, 0)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1000, 4000) // the price stays what it was made
	w.Refused(400, "invalid_request", "/v1/billing.update", of("pro", JSON{"customize": JSON{"remove_items": []JSON{{"feature_id": "seats"}}}}))
	w.Refused(404, "feature_not_found", "/v1/billing.update", of("pro", JSON{"customize": JSON{"items": []JSON{{"feature_id": "nothing"}}}}))
}

func TestUPD09AnotherPriceWithoutACharge(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Advance("15d")
	update(w, of("pro", none, JSON{"customize": JSON{"price": JSON{"amount": 40, "interval": "month"}}}))
	w.Billed("c", 2000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 4000)
	w.Refused(400, "invalid_request", "/v1/billing.update", of("pro", none, JSON{"customize": JSON{"price": JSON{"amount": 400, "interval": "year"}}}))
}

// oneMore attaches what was bought a moment ago: without a key it would be taken for a repetition.
func oneMore(w *World, body JSON) {
	w.Helper()
	w.Want("one more", w.Do(w.Stack.Key, "POST", "/v1/billing.attach", body, IdempotencyKey("one more")).Status, 200)
	w.WaitIdle()
}

func TestUPD10OneOfSeveral(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Post("/v1/billing.attach", of("addon_words"))
	oneMore(w, of("addon_words"))
	message := w.Refused(400, "invalid_request", "/v1/billing.update", of("addon_words", JSON{"cancel_action": "cancel_immediately"}))
	if !strings.Contains(message, "subscription_id") {
		t.Error(message)
	}
	subscriptions := w.Post("/v1/customers.get", JSON{"customer_id": "c"})["subscriptions"].([]any)
	last := ValueAt(subscriptions, "2.id")
	w.Advance("15d")
	update(w, JSON{"customer_id": "c", "subscription_id": last, "cancel_action": "cancel_immediately"})
	w.Billed("c", 2000, 2000, 2000, -1000)
	w.HasProducts("c", "pro active", "addon_words active")
	w.Refused(404, "subscription_not_found", "/v1/billing.update", JSON{"customer_id": "c", "subscription_id": last, "cancel_action": "cancel_immediately"})
	w.Refused(400, "invalid_request", "/v1/billing.update", JSON{"customer_id": "c", "cancel_action": "cancel_immediately"})
	update(w, JSON{"customer_id": "c", "subscription_id": ValueAt(subscriptions, "0.id"), "cancel_action": "cancel_end_of_cycle"})
	w.HasProducts("c", "free scheduled", "pro active", "addon_words active")
}

func TestUPD11SeveralPlans(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Attach("c", "g2_starter")
	w.Post("/v1/customers", JSON{"id": "d"})
	w.PutGoodCard("d")
	w.Attach("d", "g1_pro") // so that an edit makes another version
	w.Post("/v1/products/g1_pro", JSON{"items": []JSON{Price(35), Consumable("words", 20)}})
	body := JSON{"customer_id": "c", "plans": []JSON{
		{"plan_id": "pro_prepaid", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 300}}}, {"plan_id": "g1_pro", "version": 1}}}
	preview := w.Post("/v1/billing.preview_multi_attach", body)
	w.Want("total", preview["total"], 80)
	w.Want("plans", len(preview["incoming"].([]any)), 2)
	w.Post("/v1/billing.multi_attach", body)
	w.Billed("c", 2000, 8000)
	w.HasBalance("c", "messages", true, 300)
	w.HasBalance("c", "words", true, 10)
	w.Refused(409, "plan_already_attached", "/v1/billing.multi_attach", body)
	twice := JSON{"customer_id": "d", "plans": []JSON{
		{"plan_id": "pro_prepaid", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 300}}},
		{"plan_id": "topup", "feature_quantities": []JSON{{"feature_id": "messages", "quantity": 250}}}}}
	w.Refused(400, "invalid_options", "/v1/billing.multi_attach", twice)
	w.Refused(400, "invalid_request", "/v1/billing.multi_attach", JSON{"customer_id": "c", "plans": []JSON{{"plan_id": "ultra"}, {"plan_id": "g2_pro"}}})
}

func TestUPD12Pages(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@example.com"})
	w.Refused(402, "payment_method_required", "/v1/billing.attach", of("pro", JSON{"redirect_mode": "never"}))
	preview := w.Post("/v1/billing.preview_attach", of("pro"))
	w.Want("a page", preview["redirect_to_checkout"], true)
	w.Want("Stripe's", preview["checkout_type"], "stripe_checkout")
	done := w.Post("/v1/billing.attach", of("pro"))
	w.Want("why", ValueAt(done, "required_action.code"), "payment_method_required")
	w.Want("no invoice", done["invoice"], nil)
	w.Pay(done["payment_url"].(string))
	w.HasProducts("c", "pro active")
	done = w.Post("/v1/billing.attach", of("g1_pro"))
	w.Want("no page", done["payment_url"], nil)
	w.Want("nothing to do", done["required_action"], nil)
	w.Want("paid", ValueAt(done, "invoice.status"), "paid")
	w.Want("total", ValueAt(done, "invoice.total"), 30)
	done = w.Post("/v1/billing.attach", of("g2_pro", JSON{"redirect_mode": "always"}))
	w.Want("asked for", done["required_action"], nil)
	if done["payment_url"] == nil {
		t.Error("always a page")
	}
	w.PutFailingCard("c")
	w.Refused(402, "stripe_card_declined", "/v1/billing.attach", of("addon_words", JSON{"redirect_mode": "never"}))
	done = w.Post("/v1/billing.attach", of("addon_words"))
	w.Want("why", ValueAt(done, "required_action.code"), "payment_failed")
	w.Refused(400, "invalid_request", "/v1/billing.attach", of("premium", JSON{"redirect_mode": "always"}))
	w.Refused(402, "stripe_card_declined", "/v1/billing.attach", of("premium"))
	w.HasProducts("c", "pro active", "g1_pro active")
}

func TestUPD12ByInvoice(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@example.com"})
	done := w.Post("/v1/billing.attach", of("pro", JSON{"invoice_mode": JSON{"enabled": true, "enable_plan_immediately": false, "finalize": true}}))
	w.Want("open", ValueAt(done, "invoice.status"), "open")
	w.Want("total", ValueAt(done, "invoice.total"), 20)
	w.HasProducts("c", "pro active")
	w.Refused(400, "invalid_inputs", "/v1/billing.attach", of("g1_pro", JSON{"invoice_mode": JSON{"enabled": true, "net_terms_days": 7}}))
}

func TestUPD13Schedule(t *testing.T) {
	t.Parallel()
	w := priced(t)
	body := JSON{"customer_id": "c", "phases": []JSON{{"starts_at": "now", "plans": []JSON{{"plan_id": "pro"}}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{{"plan_id": "premium"}}}}}
	done := w.Post("/v1/billing.create_schedule", body)
	w.Want("status", done["status"], "created")
	w.Want("paid", ValueAt(done, "invoice.total"), 20)
	w.Want("then", ValueAt(done, "phases.1.starts_at"), T1.UnixMilli())
	w.HasProducts("c", "pro active", "premium scheduled")
	again := w.Post("/v1/billing.create_schedule", body)
	w.Want("the same", again["schedule_id"], done["schedule_id"])
	w.Want("phases", again["phases"], done["phases"])
	w.Billed("c", 2000)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "premium active")
	w.Billed("c", 2000, 5000)
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "premium"}}},
		{"starts_at": T4.UnixMilli(), "plans": []JSON{{"plan_id": "pro"}}}}})
	w.Post("/v1/billing.create_schedule", JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "premium"}}},
		{"starts_at": T2.UnixMilli(), "plans": []JSON{{"plan_id": "pro"}}}}})
	w.HasProducts("c", "premium active", "pro scheduled")
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 5000, 2000)
}

func TestUPD13WhatIsNoSchedule(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	month := JSON{"duration_type": "month", "duration_count": 1}
	phases := func(first, second string) JSON {
		return JSON{"customer_id": "c", "phases": []JSON{{"starts_at": "now", "plans": []JSON{{"plan_id": first}}}, {"starting_after": month, "plans": []JSON{{"plan_id": second}}}}}
	}
	message := w.Refused(400, "invalid_request", "/v1/billing.create_schedule", phases("pro", "premium"))
	if !strings.Contains(message, "page") {
		t.Error(message)
	}
	w.PutGoodCard("c")
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", phases("pro", "g1_pro"))
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", phases("pro_year", "pro"))
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", phases("pro", "pro"))
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", phases("addon_words", "pro"))
	w.HasProducts("c", "free active")
	w.Billed("c")
}

func TestUPD14SeveralAtOnce(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro", "g1_pro")
	w.Advance("15d")
	body := JSON{"customer_id": "c", "updates": []JSON{{"plan_id": "pro", "cancel_action": "cancel_immediately"}, {"plan_id": "g1_pro", "cancel_action": "cancel_end_of_cycle"}}}
	preview := w.Post("/v1/billing.preview_multi_update", body)
	w.Want("total", preview["total"], -10)
	w.Want("each", len(preview["subscriptions"].([]any)), 2)
	w.Refused(404, "product_not_found", "/v1/billing.multi_update", JSON{"customer_id": "c", "updates": []JSON{
		{"plan_id": "pro", "cancel_action": "cancel_immediately"}, {"plan_id": "ultra", "cancel_action": "cancel_immediately"}}})
	w.HasProducts("c", "pro active", "g1_pro active") // nothing of a call that can't be done
	w.Post("/v1/billing.multi_update", body)
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 2000, 3000, -1000)
	w.AdvancePastRenewal(T1)
	w.HasProducts("c", "free active")
	w.Billed("c", 2000, 3000, -1000)
}

func TestUPD15Discounts(t *testing.T) {
	t.Parallel()
	w := priced(t)
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten", "name": "Ten"}, PromoCodes("TEN")))
	w.Attach("c", "pro_prepaid", Quantity("messages", 200))
	w.Advance("15d")
	preview := update(w, of("pro_prepaid", units(500), JSON{"discounts": []JSON{{"promotion_code": "TEN"}}}))
	w.Want("subtotal", preview["subtotal"], 15)
	w.Want("total", preview["total"], 12.5) // of what comes, 25, and not of what goes
	w.Billed("c", 4000, 1250)
	w.Refused(404, "reward_not_found", "/v1/billing.update", of("pro_prepaid", units(600), JSON{"discounts": []JSON{{"promotion_code": "NONE"}}}))
}

func TestUPD16WhatIsNotChanged(t *testing.T) {
	t.Parallel()
	w := priced(t, "pro")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Attach("c", "g1_pro")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_id": "g1_starter"}) // waits
	for what, body := range map[string]JSON{
		"one-off":   of("topup", units(500)),
		"scheduled": of("g1_starter", JSON{"cancel_action": "uncancel"}),
		"both":      of("pro", units(5), JSON{"cancel_action": "cancel_immediately"}),
		"trial":     of("pro", JSON{"free_trial": nil}),
		"action":    of("pro", JSON{"cancel_action": "pause"}),
		"proration": of("pro", JSON{"proration_behavior": "later"}),
		"later":     of("pro", JSON{"plan_schedule": "end_of_cycle"}),
		"a period":  of("pro", JSON{"billing_cycle_anchor": "now"}),
		"a day":     of("pro", JSON{"billing_cycle_anchor": 15}),
	} {
		for _, path := range []string{"/v1/billing.update", "/v1/billing.preview_update"} {
			if a := w.Do(w.Stack.Key, "POST", path, body); a.Status != 400 {
				t.Errorf("%s: %s: %d %s", what, path, a.Status, a.Text)
			}
		}
	}
	w.Refused(404, "customer_not_found", "/v1/billing.update", Merge(of("pro", JSON{"cancel_action": "uncancel"}), JSON{"customer_id": "nobody"}))
	w.Refused(400, "price_not_found", "/v1/billing.update", of("pro", units(5)))
}
