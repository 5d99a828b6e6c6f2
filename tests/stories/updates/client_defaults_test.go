package updates

import (
	"testing"

	. "windfall/tests/world"
)

// autumn-sdk sends billing_cycle_anchor: now with every multi_attach and create_schedule. Where no full period can begin, it is
// nothing; billing.attach, where it is somebody's choice, refuses it.
func TestUPD38WhatAClientSendsByItself(t *testing.T) {
	t.Parallel()
	sent := JSON{"billing_cycle_anchor": "now", "redirect_mode": "if_required"}
	for name, c := range map[string]struct {
		plan  string
		bills []int64
		has   []string
	}{
		"a trial":            {"tried", []int64{2000, 0}, []string{"pro active", "tried trialing"}},
		"a downgrade":        {"starter", []int64{2000}, []string{"pro active", "starter scheduled"}},
		"an upgrade":         {"premium", []int64{2000, 4000}, []string{"premium active"}}, // 50, less 10 for the time left
		"what is free":       {"gift", []int64{2000}, []string{"pro active", "gift active"}},
		"what is paid once":  {"once", []int64{2000, 700}, []string{"pro active", "once active"}},
		"something anew":     {"g1_pro", []int64{2000, 3000}, []string{"pro active", "g1_pro active"}},
		"an add-on, sharing": {"addon_words", []int64{2000, 2000}, []string{"pro active", "addon_words active"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := priced(t)
			w.Product("starter", "main", Price(10))
			w.Product("gift", "gifts", Consumable("words", 10))
			w.Product("once", "", JSON{"price": 7, "interval": nil})
			w.Product("tried", "trials", Price(20)).Trial(7)
			w.Attach("c", "pro")
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			body := JSON{"customer_id": "c", "plans": []JSON{{"plan_id": c.plan}}}
			preview := w.Post("/v1/billing.preview_multi_attach", Merge(JSON{}, body, sent))
			before := sum(w)
			w.Post("/v1/billing.multi_attach", Merge(JSON{}, body, sent))
			w.WaitIdle()
			w.Want("charged as previewed", float64(sum(w)-before), 100*preview["total"].(float64))
			w.Billed("c", c.bills...)
			w.HasProducts("c", c.has...)
		})
	}
	w := priced(t)
	w.Product("tried", "trials", Price(20)).Trial(7)
	w.Product("later", "trials", Price(30))
	w.Refused(400, "invalid_request", "/v1/billing.attach", of("tried", sent))
	ends := w.Post("/v1/billing.preview_attach", of("tried"))["next_cycle"].(JSON)["starts_at"]
	w.Post("/v1/billing.create_schedule", Merge(JSON{"customer_id": "c", "phases": []JSON{{"plans": []JSON{{"plan_id": "tried"}}}, {"starts_at": ends, "plans": []JSON{{"plan_id": "later"}}}}}, sent))
	w.HasProducts("c", "free active", "tried trialing", "later scheduled")
}
