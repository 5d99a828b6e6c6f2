package requests

import (
	"testing"

	. "windfall/tests/world"
)

// What is out of its range is refused, and never taken for what was left out.
func TestWhatIsOutOfRangeIsNotTakenAsLeftOut(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c", "pro")
	removes := func(more JSON) JSON {
		return JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"remove_items": []JSON{Merge(JSON{"feature_id": "messages", "interval": "month"}, more)}}}
	}
	lock := func(at int64) JSON { return JSON{"enabled": true, "lock_id": "l", "expires_at": at} }
	for _, at := range []int64{-62135596800000, -1, 0, -9_000_000_000_000_000_000} {
		w.Refused(400, "invalid_inputs", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 1, "lock": lock(at)})
		w.Refused(400, "invalid_inputs", "/v1/balances.track", JSON{"customer_id": "c", "feature_id": "messages", "value": 1, "lock": lock(at)})
	}
	for _, count := range []int{-1, 0} {
		w.Refused(400, "invalid_inputs", "/v1/billing.update", removes(JSON{"interval_count": count}))
		w.Refused(400, "invalid_inputs", "/v1/billing.preview_update", removes(JSON{"interval_count": count}))
		w.Refused(400, "invalid_inputs", "/v1/billing.update", JSON{"customer_id": "c", "plan_id": "pro", "customize": JSON{"price": JSON{"amount": 3, "interval": "month", "interval_count": count}}})
	}
	w.Refused(400, "invalid_request", "/v1/billing.update", removes(JSON{"interval_count": 2})) // none has that
	w.Refused(400, "invalid_inputs", "/v1/customers.update", JSON{"customer_id": "c", "new_customer_id": ""})
	w.Refused(400, "invalid_inputs", "/v1/plans.update", JSON{"plan_id": "pro", "new_plan_id": ""})
	w.Refused(400, "invalid_inputs", "/v1/features.update", JSON{"feature_id": "words", "new_feature_id": ""})
	w.Post("/v1/customers.update", JSON{"customer_id": "c", "new_customer_id": nil, "name": "C"})
	w.HasBalance("c", "messages", true, 500)
	w.Post("/v1/customers.update", JSON{"customer_id": "c", "new_customer_id": "d"})
	w.HasProducts("d", "pro active")
}
