package attach

import (
	"testing"

	. "windfall/tests/world"
)

// ownTrial is a trial of the call's own.
func ownTrial(n int, more ...JSON) JSON {
	return JSON{"free_trial": Merge(JSON{"length": n, "duration": "day"}, more...)}
}

func TestTrialOfTheCallsOwn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	preview := w.Post("/v1/attach/preview", Merge(JSON{"customer_id": "c", "product_id": "pro"}, ownTrial(30)))
	w.Want("preview", []any{ValueAt(preview, "due_today.total"), ValueAt(preview, "free_trial.length"), ValueAt(preview, "due_next_cycle.due_at")},
		[]any{0, 30, T0.AddDate(0, 0, 30).UnixMilli()})
	w.Attach("c", "pro", ownTrial(30))
	w.HasProducts("c", "pro trialing")
	w.Want("trial ends", w.CustomerProduct("c", "pro")["trial_ends_at"], T0.AddDate(0, 0, 30).UnixMilli())
	w.Billed("c", 0)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 30))
	w.HasProducts("c", "pro active")
	w.Billed("c", 0, 2000)
}

func TestTrialOfTheCallsOwnInsteadOfTheProducts(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Attach("c", "pro_trial", ownTrial(3, JSON{"card_required": false}))
	w.HasProducts("c", "pro_trial trialing")
	w.Want("trial ends", w.CustomerProduct("c", "pro_trial")["trial_ends_at"], T0.AddDate(0, 0, 3).UnixMilli())
	w.AdvancePastRenewal(T0.AddDate(0, 0, 3))
	w.HasProducts("c", "free active")
}

// The call sets the terms of a trial, but not the right to one: otherwise an
// application that always sends one would give it after each cancel.
func TestTrialOfTheCallsOwnIsOncePerProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro", ownTrial(7))
	w.Cancel("c", "pro", Immediately())
	w.Attach("c", "pro", ownTrial(7))
	w.HasProducts("c", "pro active")
	w.Billed("c", 0, 2000)
	for _, id := range []string{"a", "b"} {
		w.Post("/v1/customers", JSON{"id": id, "fingerprint": "device"})
		w.PutGoodCard(id)
		w.Attach(id, "g1_pro", ownTrial(7, JSON{"unique_fingerprint": true}))
	}
	w.Billed("a", 0)
	w.Billed("b", 3000)
}

func TestTrialOfTheCallsOwnWithCustomItems(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro", Merge(customItems(Price(15), Messages(750)), ownTrial(10)))
	w.HasProducts("c", "pro trialing")
	w.HasBalance("c", "messages", true, 750)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 10))
	w.Billed("c", 0, 1500)
	w.CustomerWithCard("d")
	w.Attach("d", "pro", Merge(JSON{"is_custom": true}, ownTrial(10)))
	w.HasProducts("d", "pro trialing")
}

func TestTrialOfTheCallsOwnWithAnUpgradeAndADowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	w.Refused(400, "invalid_request", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, ownTrial(5), JSON{"version": 1}, customItems(Price(21))))
	w.Refused(400, "invalid_request", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "free"}, ownTrial(5)))
	w.Attach("c", "premium", ownTrial(5))
	w.HasProducts("c", "premium trialing")
	w.Billed("c", 2000, -2000)
	w.AdvancePastRenewal(T0.AddDate(0, 0, 5))
	w.HasProducts("c", "premium active")
	w.Refused(400, "invalid_inputs", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "topup"}, Quantity("messages", 250), ownTrial(5)))
}

// A trial of a product without a price is once per device as well: without it
// the product is given, not refused for good.
func TestAFreeProductsTrialOfAnotherDevicesCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("taster", "main", JSON{"feature_id": "messages", "included_usage": 500, "interval": "month"})
	w.Post("/v1/products/taster", JSON{"free_trial": JSON{"length": 7, "duration": "day", "unique_fingerprint": true, "card_required": false}})
	for _, id := range []string{"ada", "bea"} {
		w.Post("/v1/customers", JSON{"id": id, "fingerprint": "one device"})
		w.Attach(id, "taster")
	}
	w.HasProducts("ada", "free scheduled", "taster trialing")
	w.HasProducts("bea", "taster active")
}
