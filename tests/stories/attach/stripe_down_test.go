package attach

import (
	"sync"
	"testing"

	"windfall/local/stripesim"

	. "windfall/tests/world"
)

// Stripe does not answer: the caller is told to retry, and the recorded
// operation is finished later, without a second charge.
func TestStripeUnreachable(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	for _, fault := range []stripesim.Fault{stripesim.RefuseBefore, stripesim.LoseAnswer} {
		w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
			if method == "POST" && path == "/v1/subscriptions" {
				return fault
			}
			return stripesim.FaultNone
		})
		a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
		if a.Status != 503 || a.Body["code"] != "stripe_unavailable" || a.Header.Get("Retry-After") == "" {
			t.Errorf("%v: got %d %s, Retry-After %q", fault, a.Status, a.Text, a.Header.Get("Retry-After"))
		}
		w.HasProducts("c", "free active")
	}
	w.Stack.Sim.SetFault(nil)
	w.Advance("5m") // the schedule finishes it
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
}

func TestStripeUnreachableBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	before := w.Stack.Tables()
	w.Stack.Sim.SetFault(func(string, string, int) stripesim.Fault { return stripesim.RefuseBefore })
	w.Refused(503, "stripe_unavailable", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
	if w.Stack.Tables() != before {
		t.Error("a read that failed left something behind")
	}
	w.Stack.Sim.SetFault(nil)
}

func TestParallelAttachesMakeOneSubscription(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	var all sync.WaitGroup
	answers := make([]Answer, 6)
	for i := range answers {
		all.Go(func() {
			answers[i] = w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "g1_pro"})
		})
	}
	all.Wait()
	w.WaitIdle()
	for _, a := range answers {
		if a.Status != 200 && a.Body["code"] != "product_already_attached" && a.Status != 409 {
			t.Errorf("an unclear answer: %d %s", a.Status, a.Text)
		}
	}
	w.HasProducts("c", "free active", "g1_pro active")
	w.Billed("c", 3000)
	w.HasSubscriptions("c", 1)
	w.HasBalance("c", "words", true, 10)
}
