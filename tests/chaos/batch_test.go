package chaos

import (
	"net/http"

	. "windfall/tests/world"
)

// trackBatch records events of two customers under one Idempotency-Key: more than one
// transaction takes for c, of whom some are refused and some dropped.
func trackBatch(w *World) []Answer {
	var events []JSON
	for i := range 120 {
		e := JSON{"customer_id": "c", "feature_id": "messages", "value": 1}
		switch i % 10 {
		case 0:
			e["customer_id"], e["value"] = "d", i/10 // d is not known before
		case 1:
			e["value"], e["overage_behavior"] = 60, "reject"
		case 2:
			e["idempotency_key"] = []string{"x", "y"}[i%20/10]
		}
		events = append(events, e)
	}
	a := w.Do(w.Stack.Key, "POST", "/v1/balances.batch_track", events, IdempotencyKey("once"))
	if a.Status == http.StatusAccepted {
		w.Want("events that are not recorded", len(a.Body["not_recorded"].([]any)), 11+10)
		w.Want("events that are dropped", len(a.Body["dropped"].([]any)), 46)
	}
	return []Answer{a}
}
