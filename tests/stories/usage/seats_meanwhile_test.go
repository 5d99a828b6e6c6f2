package usage

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"windfall/local/stack"
	"windfall/local/stripesim"
	. "windfall/tests/world"
)

// unanswered lets Stripe carry requests out and lose their answers, or refuse them, but
// for the bills of seats.
func unanswered(w *World, f stripesim.Fault) {
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method != "GET" && strings.HasPrefix(path, "/v1/subscriptions") {
			return f
		}
		return stripesim.FaultNone
	})
}

// A change has decided which seats it credits and charges when it is recorded. A seat that
// is taken before it is finished is one of the new product's alone.
func TestUPGASeatTakenBeforeAChangeIsFinished(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		next   []JSON
		ends   bool
		fault  stripesim.Fault
		number float64 // seats taken or freed meanwhile
		sum    int64   // of all invoices
	}{
		"answer lost":      {next: meanwhile(20, "month", 30), fault: stripesim.LoseAnswer, number: 1, sum: 1000 + 6000 + 500 + 1500},
		"not heard":        {next: meanwhile(20, "month", 30), fault: stripesim.RefuseBefore, number: 1, sum: 1000 + 6000 + 500 + 1500},
		"at another price": {next: meanwhile(20, "month", 60), fault: stripesim.LoseAnswer, number: 1, sum: 1000 + 6000 + 500 + 3000 + 3000},
		"a seat freed":     {next: meanwhile(20, "month", 30), fault: stripesim.LoseAnswer, number: -1, sum: 1000 + 6000 + 500},
		"a cancel at once": {ends: true, fault: stripesim.LoseAnswer, number: 1, sum: 1000 + 6000 - 500 - 3000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("a", "main", meanwhile(10, "month", 30)...)
			w.Product("b", "main", tt.next...)
			w.CustomerWithCard("c", "a")
			w.Track("c", "seats", 2)
			w.Advance("15d")
			unanswered(w, tt.fault)
			path, body := "/v1/attach", JSON{"customer_id": "c", "product_id": "b"}
			if tt.ends {
				path, body = "/v1/cancel", JSON{"customer_id": "c", "product_id": "a", "cancel_immediately": true, "prorate": true}
			}
			w.Want("status", w.Do(w.Stack.Key, "POST", path, body).Status, 503)
			w.Track("c", "seats", tt.number)
			w.Stack.Sim.SetFault(nil)
			w.Advance("3h")
			sum := int64(0)
			for _, in := range w.Invoices("c") {
				sum += in.Total
			}
			w.Want("all invoices", sum, tt.sum)
			w.NothingUnbilled("c")
		})
	}
}

func meanwhile(fee float64, interval string, seat float64) []JSON {
	return []JSON{Price(fee), Every(interval, Seats("seats", 0, seat, "prorate_immediately", "prorate_immediately"))}
}

// A change that Stripe refuses in the end leaves the seats with the product that stays.
func TestUPGASeatTakenBeforeAChangeIsRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("a", "main", meanwhile(10, "month", 30)...)
	w.Product("b", "main", meanwhile(20, "month", 30)...)
	w.CustomerWithCard("c", "a")
	w.Track("c", "seats", 2)
	w.Advance("15d")
	unanswered(w, stripesim.RefuseBefore)
	w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "b"})
	w.Track("c", "seats", 1)
	w.Stack.Sim.SetFault(nil)
	w.PutFailingCard("c")
	w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "b"})
	w.WaitIdle()
	w.HasProducts("c", "a active")
	w.PutGoodCard("c")
	w.Advance("3h")
	sum := int64(0)
	for _, in := range w.Invoices("c") {
		if in.Status != "void" {
			sum += in.Total
		}
	}
	w.Want("all invoices", sum, int64(1000+6000+1500))
}

// A customer who is being deleted takes a seat: nobody bills it.
func TestUPGASeatTakenBeforeADeletionIsFinished(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("a", "main", meanwhile(10, "month", 30)...)
	w.CustomerWithCard("c", "a")
	w.Track("c", "seats", 2)
	w.Advance("15d")
	stripe := w.StripeID("c")
	unanswered(w, stripesim.RefuseBefore) // else Stripe's event would finish the deletion
	w.Want("status", w.Do(w.Stack.Key, "DELETE", "/v1/customers/c?cancel=true", nil).Status, 503)
	w.Track("c", "seats", 1)
	w.Stack.Sim.SetFault(nil)
	w.Advance("3h")
	w.Want("invoices", len(ValueAt(w.CallStripe("GET", "/v1/invoices?customer="+stripe, ""), "data").([]any)), 2)
}

// between runs what a test says right before the first request of a kind, once it is armed.
type between struct {
	next   http.RoundTripper
	before string // the request before which it runs
	run    atomic.Pointer[func()]
}

func (b *between) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.Header.Get("X-Amz-Target"), b.before) {
		if run := b.run.Swap(nil); run != nil {
			(*run)()
		}
	}
	return b.next.RoundTrip(r)
}

// A change and a seat that are decided on the same rows: the later one to be saved is
// decided again.
func TestUPGASeatTakenAsAChangeIsRecorded(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"seat", "change"} {
		t.Run(first, func(t *testing.T) {
			t.Parallel()
			b := &between{before: "TransactWriteItems"}
			w := With(t, stack.Options{Clock: T0, Faults: stack.Faults{Hurry: true, DynamoDB: func(next http.RoundTripper) http.RoundTripper {
				b.next = next
				return b
			}}})
			w.Feature("seats", "continuous_use")
			w.Product("a", "main", meanwhile(10, "month", 30)...)
			w.Product("b", "main", meanwhile(20, "month", 30)...)
			w.CustomerWithCard("c", "a")
			w.Track("c", "seats", 2)
			w.Advance("15d")
			change := func() {
				unanswered(w, stripesim.LoseAnswer)
				w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "b"})
			}
			seat := func() { w.Track("c", "seats", 1) }
			before, after := change, seat
			if first == "seat" {
				before, after = seat, change
			}
			b.run.Store(&before)
			after()
			w.Want("interrupted", b.run.Load() == nil, true)
			w.Stack.Sim.SetFault(nil)
			w.Advance("3h")
			sum := int64(0)
			for _, in := range w.Invoices("c") {
				sum += in.Total
			}
			w.Want("all invoices", sum, int64(1000+6000+500+1500))
			w.NothingUnbilled("c")
		})
	}
}

// A customer who is deleted between two reads of a track is a new one to it, as to any later
// track: it does not wait for the old one.
func TestTRKASeatOfACustomerWhoIsDeletedMeanwhile(t *testing.T) {
	t.Parallel()
	b := &between{before: ".Query"}
	w := With(t, stack.Options{Clock: T0, Faults: stack.Faults{Hurry: true, DynamoDB: func(next http.RoundTripper) http.RoundTripper {
		b.next = next
		return b
	}}})
	w.Feature("seats", "continuous_use")
	w.Product("a", "main", meanwhile(10, "month", 30)...)
	w.CustomerWithCard("c", "a")
	w.Track("c", "seats", 2)
	remove := func() {
		w.Want("deletion", w.Do(w.Stack.Key, "DELETE", "/v1/customers/c?cancel=true", nil).Status, 200)
	}
	b.run.Store(&remove)
	w.Want("track", w.Do(w.Stack.Key, "POST", "/v1/track", JSON{"customer_id": "c", "feature_id": "seats", "value": 1}).Status, 200)
	w.Want("products", len(ValueAt(w.Do(w.Stack.Key, "GET", "/v1/customers/c", nil).Body, "products").([]any)), 0)
}
