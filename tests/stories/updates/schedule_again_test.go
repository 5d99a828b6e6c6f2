package updates

import (
	"testing"

	. "windfall/tests/world"
)

// A schedule that is complete is answered again to the same call, with the terms of its first phase; any
// other terms are refused, as they would have no effect.
func TestUPD35AScheduleIsRepeated(t *testing.T) {
	t.Parallel()
	premium, pro := JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"}
	half := JSON{"discounts": []JSON{{"reward_id": "half"}}}
	for what, c := range map[string]struct {
		first, terms JSON
		bill         int64
	}{
		"nothing":      {premium, JSON{}, 5000},
		"a discount":   {premium, half, 2500},
		"an invoice":   {premium, JSON{"invoice_mode": JSON{"enabled": true}}, 5000},
		"notes":        {premium, JSON{"metadata": JSON{"a": "b"}}, 5000},
		"a price":      {Merge(JSON{}, premium, JSON{"customize": JSON{"price": JSON{"amount": 70, "interval": "month"}}}), JSON{}, 7000},
		"a quantity":   {Merge(JSON{"plan_id": "pro_prepaid"}, units(200)), JSON{}, 4000},
		"several":      {Merge(JSON{}, premium, JSON{"version": 1}), Merge(JSON{}, half, JSON{"metadata": JSON{"a": "b"}, "billing_cycle_anchor": "now"}), 2500},
		"of an entity": {premium, Merge(JSON{}, half, JSON{"entity_id": "a"}), 2500},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := priced(t)
			halfOff(w)
			w.Post("/v1/entities.create", JSON{"customer_id": "c", "entity_id": "a", "feature_id": "seats"})
			body := twoPhases(c.first, pro, c.terms)
			made := w.Post("/v1/billing.create_schedule", body)
			for _, later := range []string{"1s", "2m", "20h"} {
				w.Advance(later)
				again := w.Post("/v1/billing.create_schedule", body)
				w.Want("schedule", again["schedule_id"], made["schedule_id"])
				w.Want("phases", again["phases"], made["phases"])
				w.Want("nothing more", again["invoice"], nil)
			}
			w.Refused(400, "invalid_request", "/v1/billing.create_schedule", Merge(JSON{}, body, JSON{"metadata": JSON{"another": "note"}}))
			w.WaitIdle()
			w.Billed("c", c.bill)
		})
	}
}

// Terms that the first phase did not begin with are not taken for those of the call before.
func TestUPD35TermsOfAnotherCall(t *testing.T) {
	t.Parallel()
	w := priced(t, "premium")
	halfOff(w)
	body := twoPhases(JSON{"plan_id": "premium"}, JSON{"plan_id": "pro"})
	w.Post("/v1/billing.create_schedule", body)
	w.Refused(400, "invalid_request", "/v1/billing.create_schedule", Merge(JSON{}, body, JSON{"discounts": []JSON{{"reward_id": "half"}}}))
	w.Post("/v1/billing.create_schedule", body)
	w.Billed("c", 5000)
}
