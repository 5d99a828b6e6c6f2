package chaos

import (
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

var reserveThirty = JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 30, "lock": JSON{"enabled": true, "lock_id": "l"}}

// posted is a call without an Idempotency-Key: its own id makes it count once.
func posted(path string, body JSON) act {
	return act{sweep: true, do: func(w *World) []Answer { return []Answer{w.Do(w.Stack.Key, "POST", path, body)} }}
}

func locked(w *World) { w.Lock("c", "messages", "l", 30) }

func gifted(w *World) { w.GiveBalance("c", "messages", JSON{"included_grant": 50}) }

func lockedThenEnded(w *World) {
	overdrawn(w)
	w.Lock("c", "messages", "l", 30)
	w.Cancel("c", "use", Immediately())
	w.WaitIdle()
}

func creditsOfC(w *World) {
	w.Feature("call", "single_use")
	w.Feature("credits", "credit_system", JSON{"config": JSON{"schema": []JSON{{"metered_feature_id": "call", "credit_cost": 2}}}})
	w.Product("calls", "calls", Consumable("call", 10), Consumable("credits", 100))
	w.Attach("c", "calls")
}

// spendWhatIsLeft shows that what a lock reserved, and nothing else, is out of reach.
func spendWhatIsLeft(w *World) {
	for _, feature := range []string{"messages", "credits"} {
		w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": feature, "value": 20})
	}
}

// Twenty locks and tracks of one customer at once, each of them tried again as often as its
// client likes: what is reserved and used is never more than there is, and each lock counts once.
func TestACrowdOfLocks(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.HasBalance("c", "messages", true, 100)
	allowed, done := make(chan int, 40), make(chan struct{})
	for i := range 20 {
		go func() {
			defer func() { done <- struct{}{} }()
			id := strings.Repeat("x", i+1)
			n, first := 0, false
			for try := range 2 { // the second answers the same, or finds what another gave back meanwhile
				a := w.Do(w.Stack.Key, "POST", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "required_balance": 7, "lock": JSON{"enabled": true, "lock_id": id, "expires_at": T0.Add(time.Hour).UnixMilli()}})
				if a.Status != 200 {
					t.Errorf("%d %s", a.Status, a.Text)
				}
				if a.Body["allowed"] == true {
					n++
					first = first || try == 0
				}
			}
			if n == 1 && first {
				t.Errorf("lock %s was allowed, and then not", id)
			}
			for range 2 * min(n, 1) {
				action := []string{"confirm", "release"}[i%2]
				if a := w.Do(w.Stack.Key, "POST", "/v1/balances.finalize", JSON{"lock_id": id, "action": action}); a.Status != 200 {
					t.Errorf("%d %s", a.Status, a.Text)
				}
			}
			if n > 0 && i%2 == 0 {
				allowed <- 7
			}
		}()
	}
	for range 20 {
		<-done
	}
	close(allowed)
	used := 0
	for n := range allowed {
		used += n
	}
	w.HasUsed("c", "messages", 100-used, used)
	var events []any
	for range used / 7 {
		events = append(events, 7)
	}
	w.HasEvents("c", events...)
}
