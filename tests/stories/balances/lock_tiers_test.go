package balances

import (
	"fmt"
	"testing"

	. "windfall/tests/world"
)

// inTiers are messages of which 100 are included; 150 more cost 0.50 each, and from there 0.10.
func inTiers() JSON {
	return JSON{"feature_id": "messages", "included_usage": 100, "interval": "month", "usage_model": "pay_per_use", "reset_usage_when_enabled": true,
		"billing_units": 1, "tiers": []JSON{{"to": 150, "amount": 0.5}, {"to": "inf", "amount": 0.1}}}
}

// What is reserved beyond an allowance goes on after what was used, in the tiers and packs of its price, also
// where a version, other items or a trial end that: it is billed as if it had been tracked then.
func TestLOCK21TiersGoOnOverAChangeOfItems(t *testing.T) {
	t.Parallel()
	plans := map[string]struct {
		item JSON
		want int64 // for 200 beyond the allowance
	}{
		"tiers": {inTiers(), 15000 - 7000}, // 150 at 0.50, 50 at 0.10
		"packs": {Overage("messages", 100, 3, 50), 1200},
	}
	changes := map[string]func(w *World){
		"a version": func(w *World) {
			w.Post("/v1/products/cheap", JSON{"items": []JSON{Price(15), Overage("messages", 300, 1, 1)}})
			w.Post("/v1/billing.update", JSON{"customer_id": "c", "plan_id": "cheap", "version": 2})
		},
		"items of its own": func(w *World) {
			w.Post("/v1/billing.update", JSON{"customer_id": "c", "plan_id": "cheap", "customize": JSON{"items": []JSON{
				{"feature_id": "messages", "included": 300, "price": JSON{"amount": 1, "billing_units": 1, "interval": "month", "billing_method": "usage_based"}}}}})
		},
		"a trial by staff": func(w *World) {
			w.ChangeSubscription("c", JSON{"trial_end": T0.AddDate(0, 0, 17).Unix(), "proration_behavior": "none"})
		},
	}
	for name, plan := range plans {
		for how, change := range changes {
			for _, used := range []int{60, 180} { // of 300
				for _, reserve := range []bool{false, true} {
					t.Run(fmt.Sprint(name, ", ", how, ", ", used, reserve), func(t *testing.T) {
						t.Parallel()
						w := New(t)
						w.StandardCatalog()
						w.Product("cheap", "main", Price(15), plan.item)
						w.CustomerWithCard("c", "cheap")
						w.Track("c", "messages", used)
						if reserve {
							w.Lock("c", "messages", "l", 300-used)
						} else {
							w.Track("c", "messages", 300-used)
						}
						w.Advance("1h")
						change(w)
						w.WaitIdle()
						if reserve {
							w.Confirm("l")
						}
						w.AdvancePastRenewal(T0.AddDate(0, 0, 17))
						w.AdvancePastRenewal(T0.AddDate(0, 1, 0))
						sum := int64(-1500)
						for _, i := range w.Invoices("c") {
							if sum += i.Total; i.Total >= 1500 && i.ID != w.Invoices("c")[0].ID {
								sum -= 1500
							}
						}
						w.Want("for the use", sum, plan.want)
						w.NothingUnbilled("c")
					})
				}
			}
		}
	}
}
