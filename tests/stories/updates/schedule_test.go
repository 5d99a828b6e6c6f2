package updates

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// twoPhases is a schedule of customer c: what begins now, or runs, and what follows after a month.
func twoPhases(first, second JSON, more ...JSON) JSON {
	return Merge(JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{first}},
		{"starting_after": JSON{"duration_type": "month", "duration_count": 1}, "plans": []JSON{second}}}}, more...)
}

func halfOff(w *World) {
	w.Helper()
	w.Post("/v1/rewards", JSON{"id": "half", "name": "Half", "type": "percentage_discount", "promo_codes": []JSON{{"code": "HALF"}},
		"discount_config": JSON{"discount_value": 50, "duration_type": "months", "duration_value": 3, "apply_to_all": true, "price_ids": []string{}}})
}

// A schedule whose second phase can not be made charges nothing for the first.
func TestUPD25ASecondPhaseThatIsRefused(t *testing.T) {
	t.Parallel()
	w := priced(t, "premium")
	w.Attach("c", "topup", Quantity("messages", 250))
	bills := []int64{5000, 900}
	quantity := func(feature string, n int) JSON {
		return JSON{"feature_quantities": []JSON{{"feature_id": feature, "quantity": n}}}
	}
	for what, c := range map[string]struct {
		status int
		second JSON
	}{
		"no such plan":             {404, JSON{"plan_id": "nosuch"}},
		"no such version":          {404, JSON{"plan_id": "pro", "version": 7}},
		"no quantity":              {400, JSON{"plan_id": "pro_prepaid"}},
		"a negative quantity":      {400, Merge(JSON{"plan_id": "pro_prepaid"}, quantity("messages", -4))},
		"a quantity of nothing":    {400, Merge(JSON{"plan_id": "pro"}, quantity("words", 4))},
		"a quantity of no feature": {404, Merge(JSON{"plan_id": "pro"}, quantity("nosuch", 4))},
		"too much":                 {400, Merge(JSON{"plan_id": "pro_prepaid"}, quantity("messages", 900_000_000))},
		"no such feature":          {404, JSON{"plan_id": "pro", "customize": JSON{"add_items": []JSON{{"feature_id": "nosuch", "included": 4}}}}},
		"an item that is not":      {400, JSON{"plan_id": "pro", "customize": JSON{"remove_items": []JSON{{"feature_id": "seats"}}}}},
		"of another group":         {400, JSON{"plan_id": "g1_pro"}},
	} {
		for first, price := range map[string]JSON{"another plan": {"plan_id": "ultra"}, "another price": {"plan_id": "ultra", "customize": JSON{"price": JSON{"amount": 70, "interval": "month"}}}} {
			a := w.Do(w.Stack.Key, "POST", "/v1/billing.create_schedule", twoPhases(price, c.second))
			w.Want(what+" after "+first, a.Status, c.status)
			w.WaitIdle()
		}
	}
	w.Billed("c", bills...)
	w.HasProducts("c", "premium active", "topup active")
	w.Post("/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "ultra"}, Merge(JSON{"plan_id": "pro_prepaid"}, quantity("messages", 200))))
	w.HasProducts("c", "ultra active", "pro_prepaid scheduled", "topup active")
	w.AdvancePastRenewal(T1)
	w.Billed("c", append(bills, 15000, 4000)...)
}

// So does one for a customer who has nothing, or a trial.
func TestUPD25TheFirstPhaseBeginsAnew(t *testing.T) {
	t.Parallel()
	w := priced(t)
	body := twoPhases(JSON{"plan_id": "pro"}, JSON{"plan_id": "pro_prepaid"})
	w.Refused(400, "invalid_options", "/v1/billing.create_schedule", body)
	w.Refused(404, "product_not_found", "/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "pro"}, JSON{"plan_id": "premium", "version": 2}))
	w.HasProducts("c", "free active")
	w.Billed("c")
}

// Terms of what begins now are refused where the first plan runs, and leave nothing behind.
func TestUPD26TermsOfAPlanThatRuns(t *testing.T) {
	t.Parallel()
	w := priced(t, "premium")
	halfOff(w)
	for field, value := range map[string]any{
		"discounts": []JSON{{"reward_id": "half"}}, "free_trial": JSON{"duration_length": 3, "duration_type": "day"}, "invoice_mode": JSON{"enabled": true},
		"billing_cycle_anchor": 10, "metadata": JSON{"a": "b"}, "new_billing_subscription": true, "redirect_mode": "always",
	} {
		message := w.Refused(400, "invalid_request", "/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"}, JSON{field: value}))
		if !strings.Contains(message, field) {
			t.Errorf("%s: %s", field, message)
		}
	}
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"}, JSON{"discounts": []JSON{{"promotion_code": "NOSUCH"}}}))
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"}, JSON{"free_trial": nil}))
	w.HasProducts("c", "premium active")
	w.Post("/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"}, JSON{"discounts": []JSON{}, "metadata": JSON{}, "redirect_mode": "never",
		"invoice_mode": JSON{"enabled": false}, "billing_cycle_anchor": "now", "success_url": "https://example.com", "billing_behavior": "none"}))
	w.AdvancePastRenewal(T1)
	w.Billed("c", 5000, 2000)
}

// A schedule that was interrupted after its first phase is completed, with the terms of that phase.
func TestUPD26InterruptedWithTerms(t *testing.T) {
	t.Parallel()
	w := priced(t)
	halfOff(w)
	terms := JSON{"discounts": []JSON{{"reward_id": "half"}}}
	w.Post("/v1/billing.attach", of("premium", terms, JSON{"plan_schedule": "immediate"})) // which is the first phase
	w.Post("/v1/billing.create_schedule", twoPhases(JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"}, terms))
	w.HasProducts("c", "premium active", "pro scheduled")
	w.Billed("c", 2500)
}
