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

// seatsOfATeam are paid for in advance, and the period is half over.
func seatsOfATeam(w *World) {
	card(w)
	w.Feature("seats", "continuous_use")
	w.Product("team", "teams", Price(20), Seats("seats", 1, 50, "bill_immediately", "prorate_immediately"))
	w.Attach("c", "team")
	w.Advance("15d")
}

// trackSeatsBatch takes and frees seats between other uses: each is a transaction with its own charge.
func trackSeatsBatch(w *World) []Answer {
	use := func(feature string, value int, more ...JSON) JSON {
		return Merge(JSON{"customer_id": "c", "feature_id": feature, "value": value}, more...)
	}
	key := JSON{"idempotency_key": "seat"}
	a := w.Do(w.Stack.Key, "POST", "/v1/balances.batch_track", []JSON{use("seats", 2), use("messages", 1), use("seats", -1), use("seats", 3, key),
		use("messages", 2), use("seats", 1, key), use("seats", 1)}, IdempotencyKey("once"))
	if a.Status == http.StatusAccepted {
		w.Want("recorded", a.Body["recorded"], 6)
	}
	return []Answer{a}
}
