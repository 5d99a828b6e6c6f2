package chaos

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"windfall/shared/billing"

	. "windfall/tests/world"
)

// TestTheSweepSurvivesACrashAnywhere dies before and after each external call
// with which the schedule makes up for lost events: a subscription ended at
// Stripe with overage to bill, and one changed to its scheduled product. The
// next runs finish it, and the last bill is made once.
func TestTheSweepSurvivesACrashAnywhere(t *testing.T) {
	t.Parallel()
	dieEverywhere(t, "sweep", runSweep)
}

func runSweep(t *testing.T, n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := scheduled(t)
	w.Feature("messages", "single_use")
	w.Product("free", "main", Messages(100)).Default()
	w.Product("use", "main", Price(20), Overage("messages", 100, 1, 10))
	w.Product("premium", "main", Price(50), Messages(1000))
	w.Product("pro", "main", Price(20), Messages(500))
	w.CustomerWithCard("c", "use")
	w.Track("c", "messages", 155) // 6 packs: $6
	w.CustomerWithCard("d", "premium")
	w.Attach("d", "pro")
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
	if err := w.Stack.Sim.AdvanceTo(w.Context(), theRenewal.Add(billing.Grace)); err != nil {
		t.Fatal(err)
	}
	k.strike(n, what)
	_, err := w.Stack.Gateway.InvokeScheduled(w.Context(), "close_periods", w.Stack.Sim.Now())
	if what == calm && err != nil {
		t.Fatal(err)
	}
	calls = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := w.Stack.Due(w.Context(), w.Stack.Sim.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		w.Advance("10m")
	}
	for _, id := range []string{"c", "d"} {
		for _, p := range w.Customer(id)["products"].([]any) {
			end += fmt.Sprint(ValueAt(p, "id"), " ", ValueAt(p, "status"), ", ")
		}
		for _, i := range w.Invoices(id) {
			end += fmt.Sprint(i.Total, " ", i.Status, ", ")
		}
	}
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(end, "closed and unbilled ", len(s.Balances["messages"].Closed)), calls
}

// pastTheIndex does not count reads of the due index: those of the empty shards
// come in any order between the calls that matter.
func (k *killer) pastTheIndex(inner http.RoundTripper) http.RoundTripper {
	return passing{wire{k, "dynamodb", inner}}
}

type passing struct{ wire }

func (p passing) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	dead := p.dead
	p.mu.Unlock()
	if !dead && bytes.Contains(body, []byte(`"IndexName":"due"`)) {
		return p.inner.RoundTrip(r)
	}
	return p.wire.RoundTrip(r)
}
