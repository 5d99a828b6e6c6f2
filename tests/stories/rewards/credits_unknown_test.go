package rewards

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// foreign answers as Stripe does to the key of another account, while it is armed: it
// knows no customer.
type foreign struct {
	http.RoundTripper
	armed *bool
}

func (f foreign) RoundTrip(r *http.Request) (*http.Response, error) {
	if !*f.armed || !strings.HasPrefix(r.URL.Path, "/v1/customers/cus_") && (r.Method != "POST" || r.URL.Path != "/v1/invoices") {
		return f.RoundTripper.RoundTrip(r)
	}
	return &http.Response{StatusCode: 404, Header: http.Header{"Content-Type": {"application/json"}}, Request: r,
		Body: io.NopCloser(strings.NewReader(`{"error":{"type":"invalid_request_error","code":"resource_missing","param":"customer","message":"No such customer"}}`))}, nil
}

// worldOfForeignKeys has a customer with pro, and a switch for the key.
func worldOfForeignKeys(t *testing.T) (*World, *bool) {
	armed := new(bool)
	w := With(t, stack.Options{Faults: stack.Faults{Stripe: func(to http.RoundTripper) http.RoundTripper { return foreign{to, armed} }}})
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	w.Attach("c", "pro_words")
	return w, armed
}

// A customer whom a wrong key does not know is not lost: once the key is right, Stripe is
// told of all of their credits, each once.
func TestCreditsOfACustomerWhomAWrongKeyDoesNotKnow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before    float64 // credits that Stripe has before
		back      func(w *World)
		balance   any
		due, left float64
	}{
		"looked at a day later":    {0, func(w *World) { w.Advance("25h"); w.Advance("10m") }, -3000.0, 0, 10},
		"others were there before": {5, func(w *World) { w.Advance("25h"); w.Advance("10m") }, -3500.0, 0, 15},
		"an invoice's event comes": {5, func(w *World) {
			w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID, "metadata[note]=staff+wrote")
			w.WaitIdle()
		}, -3500.0, 0, 15},
		"more are given":              {0, func(w *World) { w.Advance("25h"); give(w, "c", "thirty") }, -6000.0, 0, 40},
		"the key is wrong for a week": {5, func(w *World) { w.Advance("10m") }, -3500.0, 0, 15},
	} {
		t.Run(name, func(t *testing.T) {
			w, wrong := worldOfForeignKeys(t)
			credits(w, "five", 5)
			credits(w, "thirty", 30)
			if tt.before > 0 {
				give(w, "c", "five")
			}
			*wrong = true
			give(w, "c", "thirty")
			if strings.HasSuffix(name, "week") {
				w.Advance("7d")
				w.Advance("24h")
			}
			*wrong = false
			if strings.HasSuffix(name, "week") {
				w.Advance("25h")
			}
			tt.back(w)
			told := 0
			for _, entry := range w.Get("/v1/customers/c/audit?limit=100")["list"].([]any) {
				if ValueAt(entry, "rule") == "stripe_customer_unknown" {
					told++
				}
			}
			w.Want("told of once", told, 1)
			w.Want("the balance at Stripe", balance(w, "c"), tt.balance)
			w.AdvancePastRenewal(T1)
			w.Want("due", due(w, "c"), []float64{20, tt.due})
			w.Want("left", left(w, "c"), tt.left)
		})
	}
}

// What was used is not booked once more when the customer is known again, and what has
// expired meanwhile is taken off.
func TestAWrongKeyForgetsNothingOfCredits(t *testing.T) {
	t.Parallel()
	w, wrong := worldOfForeignKeys(t)
	credits(w, "fifty", 50, JSON{"credits_expire_months": 2})
	credits(w, "one", 1)
	give(w, "c", "fifty")
	w.AdvancePastRenewal(T1)
	w.Want("left", left(w, "c"), 30.0)
	*wrong = true
	give(w, "c", "one")
	w.AdvancePastRenewal(T2.Add(1e9))
	*wrong = false
	w.Advance("2d")
	w.Want("due", due(w, "c"), []float64{20, 0, 0})
	grant := ValueAt(w.Customer("c", "rewards"), "rewards.credits.0")
	w.Want("of the 50.00", []any{ValueAt(grant, "applied"), ValueAt(grant, "remaining"), ValueAt(grant, "expired")}, []any{40.0, 0.0, 10.0})
	w.Want("left", left(w, "c"), 1.0)
	w.Want("the balance at Stripe", balance(w, "c"), -100.0)
}

// Use is not written off because a wrong key does not know who is to pay for it.
func TestAWrongKeyWritesNoUseOff(t *testing.T) {
	t.Parallel()
	w, wrong := worldOfForeignKeys(t)
	wordCredits(w, "three", 3)
	give(w, "c", "three")
	w.Track("c", "words", 300) // 5.00
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.CallStripe("DELETE", "/v1/subscriptions/"+w.FirstSubscription("c"), "")
	*wrong = true
	w.Redeliver("customer.subscription.deleted")
	*wrong = false
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Advance("1h")
	w.Want("due", due(w, "c"), []float64{20, 2})
	w.Want("left", left(w, "c"), 0.0)
}
