package world

// Check asks for a feature; more is merged into the request.
func (w *World) Check(customer, feature string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/check", Merge(JSON{"customer_id": customer, "feature_id": feature}, more...))
}

// HasBalance checks the answer of check: allowed, and the balance as encoded.
func (w *World) HasBalance(customer, feature string, allowed bool, balance any) {
	w.Helper()
	got := w.Check(customer, feature)
	if got["allowed"] != allowed {
		w.Errorf("check %s for %s: allowed %v, want %v", feature, customer, got["allowed"], allowed)
	}
	w.Want("balance of "+feature+" for "+customer, got["balance"], balance)
}

// Track records usage.
func (w *World) Track(customer, feature string, value any) JSON {
	w.Helper()
	return w.Post("/v1/track", JSON{"customer_id": customer, "feature_id": feature, "value": value})
}
