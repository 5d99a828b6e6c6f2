package usage

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Every way in that counts a use has a largest one. What is refused counts
// nothing, and the sentence names the setting that raises it.
func TestOneCallCountsSoMuchAndNoMore(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use", JSON{"event_names": []string{"written"}})
	w.Product("use", "main", Price(20), Overage("words", 0, 0.000001, 1))
	w.CustomerWithCard("c", "use")
	calls := map[string]func(n float64) (path string, body JSON){
		"track": func(n float64) (string, JSON) { return "/v1/track", JSON{"feature_id": "words", "value": n} },
		"a keyed track": func(n float64) (string, JSON) {
			return "/v1/track", JSON{"feature_id": "words", "value": n, "idempotency_key": "k"}
		},
		"events":           func(n float64) (string, JSON) { return "/v1/events", JSON{"feature_id": "words", "value": n} },
		"an event by name": func(n float64) (string, JSON) { return "/v1/track", JSON{"event_name": "written", "value": n} },
		"given back":       func(n float64) (string, JSON) { return "/v1/track", JSON{"feature_id": "words", "value": -n} },
		"a dated track": func(n float64) (string, JSON) {
			return "/v1/track", JSON{"feature_id": "words", "value": n, "timestamp": T0.UnixMilli()}
		},
		"check that counts": func(n float64) (string, JSON) {
			return "/v1/check", JSON{"feature_id": "words", "required_balance": n, "send_event": true}
		},
		"the usage set": func(n float64) (string, JSON) { return "/v1/usage", JSON{"feature_id": "words", "value": n} },
		"a new customer's": func(n float64) (string, JSON) {
			return "/v1/track", JSON{"customer_id": "new", "customer_data": JSON{"name": "New"}, "feature_id": "words", "value": n}
		},
	}
	before := w.Stack.Tables()
	for name, call := range calls {
		for _, n := range []float64{1_000_000_001, 1_806_796_800_000, 999_999_999_999_999_900} { // one more; a time in milliseconds; the largest
			path, body := call(n)
			message := w.Refused(400, "usage_too_large", path, Merge(JSON{"customer_id": "c"}, body))
			if !strings.Contains(message, "max_usage_per_call") || !strings.Contains(message, "1000000000") {
				t.Errorf("%s: %s", name, message)
			}
		}
	}
	w.WaitIdle()
	w.Want("the table", w.Stack.Tables(), before)
	w.Post("/v1/check", JSON{"customer_id": "c", "feature_id": "words", "required_balance": 1e15}) // counts nothing
	for _, name := range []string{"track", "given back", "the usage set", "check that counts"} {
		path, body := calls[name](1_000_000_000)
		w.Post(path, Merge(JSON{"customer_id": "c"}, body))
	}
	w.HasBalance("c", "words", true, -2_000_000_000)
}

// The setting has its effect on the next call, and what was counted before can
// be set right under any.
func TestTheLargestUseOfACallIsASetting(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("words", "single_use")
	w.Product("use", "main", Price(20), Overage("words", 0, 0.000001, 1))
	w.CustomerWithCard("c", "use")
	w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 1e13})
	w.Track("c", "words", 5e12)
	w.Call("PATCH", "/v1/settings", JSON{"max_usage_per_call": 100})
	w.Refused(400, "usage_too_large", "/v1/track", JSON{"customer_id": "c", "feature_id": "words", "value": 100.5})
	w.Refused(400, "usage_too_large", "/v1/track", JSON{"customer_id": "c", "feature_id": "words", "value": -5e12})
	w.Track("c", "words", 100)
	w.HasBalance("c", "words", true, -5e12-100)
	w.Post("/v1/usage", JSON{"customer_id": "c", "feature_id": "words", "value": 7})
	w.HasBalance("c", "words", true, -7)
	w.Refused(400, "usage_too_large", "/v1/usage", JSON{"customer_id": "c", "feature_id": "words", "value": 108})
}
