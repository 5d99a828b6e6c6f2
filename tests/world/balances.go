package world

import "time"

// Lock reserves units of a feature by balances.check; more is merged into the lock.
func (w *World) Lock(customer, feature, id string, units any, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/balances.check", JSON{"customer_id": customer, "feature_id": feature, "required_balance": units,
		"lock": Merge(JSON{"enabled": true, "lock_id": id}, more...)})
}

// ExpiresAt is the end of a lock.
func ExpiresAt(t time.Time) JSON { return JSON{"expires_at": t.UnixMilli()} }

// Confirm ends a lock as a use; more is merged into the request.
func (w *World) Confirm(id string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/balances.finalize", Merge(JSON{"lock_id": id, "action": "confirm"}, more...))
}

// Release ends a lock without a use.
func (w *World) Release(id string) JSON {
	w.Helper()
	return w.Post("/v1/balances.finalize", JSON{"lock_id": id, "action": "release"})
}

// GiveBalance gives a customer a balance that belongs to no product.
func (w *World) GiveBalance(customer, feature string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/balances.create", Merge(JSON{"customer_id": customer, "feature_id": feature}, more...))
}

// HasUsed checks what is left of a feature and what was used, reserved units included.
func (w *World) HasUsed(customer, feature string, remaining, usage any) {
	w.Helper()
	b, _ := w.Post("/v1/balances.check", JSON{"customer_id": customer, "feature_id": feature, "required_balance": 0})["balance"].(JSON)
	w.Want(feature+" left for "+customer, b["remaining"], remaining)
	w.Want(feature+" used by "+customer, b["usage"], usage)
}

// HasEvents checks the values of a customer's usage events, newest first.
func (w *World) HasEvents(customer string, want ...any) {
	w.Helper()
	w.WaitIdle()
	var got []any
	for _, e := range w.Post("/v1/events/list", JSON{"customer_id": customer, "limit": 100})["list"].([]any) {
		got = append(got, e.(JSON)["value"])
	}
	if len(got) != len(want) {
		w.Errorf("events of %s: %v, want %v", customer, got, want)
		return
	}
	for i := range want {
		w.Want("an event of "+customer, got[i], want[i])
	}
}
