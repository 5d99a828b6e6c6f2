package atstripe

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// A gate is a transport to Stripe that answers reads of some objects itself.
type gate struct {
	mu     sync.Mutex
	reads  *regexp.Regexp // which paths; nil is none
	status int
}

func (g *gate) close(paths string, status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.reads, g.status = nil, status
	if paths != "" {
		g.reads = regexp.MustCompile(paths)
	}
}

// stripeErrorCodes are Stripe's codes beside a status.
var stripeErrorCodes = map[int]string{404: "resource_missing", 429: "rate_limit", 401: "api_key_invalid", 500: "api_error"}

func (g *gate) between(inner http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.reads == nil || r.Method != http.MethodGet || !g.reads.MatchString(r.URL.Path) {
			return inner.RoundTrip(r)
		}
		body := `{"error":{"type":"invalid_request_error","code":"` + stripeErrorCodes[g.status] + `","message":"No such object","param":"id"}}`
		return &http.Response{StatusCode: g.status, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// eventTypesSince lists the types of Stripe's events after the first n.
func eventTypesSince(w *World, n int, prefix string) []string {
	var kinds []string
	for _, e := range w.Stack.Sim.Events()[n:] {
		if strings.HasPrefix(e.Type, prefix) && !slices.Contains(kinds, e.Type) {
			kinds = append(kinds, e.Type)
		}
	}
	return kinds
}

// An event of an object that Stripe no longer knows is accepted and changes
// nothing. If Stripe can't answer right now, the event is delivered again.
func TestEventsOfObjectsThatAreGone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		object, events, path string
		happens              func(w *World)
	}{
		{"invoice", "invoice.", `^/v1/invoices/in_`, func(w *World) { w.AdvanceTo(T1); w.Advance("2h") }},
		{"subscription", "customer.subscription.", `^/v1/subscriptions/sub_`, func(w *World) {
			w.Call("DELETE", "/_local/subscriptions/"+w.FirstSubscription("c"), nil)
		}},
		{"schedule", "subscription_schedule.", `^/v1/subscriptions/sub_`, func(w *World) {
			w.CallStripe("POST", "/v1/subscription_schedules/"+ValueAt(w.AtStripe("c"), "schedules.0.id").(string)+"/release", "")
		}},
		{"paid page", "checkout.session.", `^/v1/checkout/sessions/cs_`, func(w *World) { w.Pay(w.Notes["page"]) }},
		{"expired page", "checkout.session.", `^/v1/checkout/sessions/cs_`, func(w *World) { w.ActOnPage(w.Notes["page"], "expire", nil) }},
	} {
		t.Run(c.object, func(t *testing.T) {
			t.Parallel()
			g := &gate{}
			w := With(t, stack.Options{Faults: stack.Faults{Stripe: g.between, Hurry: true}})
			w.StandardCatalog()
			w.CustomerWithCard("c", "premium")
			w.Attach("c", "pro")
			w.Notes["page"] = w.Attach("c", "g1_pro", JSON{"force_checkout": true})["checkout_url"].(string)
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			n := len(w.Stack.Sim.Events())
			c.happens(w)
			kinds := eventTypesSince(w, n, c.events)
			if len(kinds) == 0 {
				t.Fatal("Stripe has nothing to tell")
			}
			before := w.Customer("c")
			for _, kind := range kinds {
				if kind == "invoice.upcoming" {
					continue
				}
				for status, want := range map[int]float64{429: 503, 500: 503, 401: 500} {
					g.close(c.path, status)
					if got := w.Redeliver(kind); !slices.Contains(got, any(want)) {
						t.Errorf("%s while Stripe answers %d: %v, want %v", kind, status, got, want)
					}
				}
				g.close(c.path, 404)
				w.Want(kind+" of what is gone", w.Redeliver(kind), okForEach(w, kind))
				g.close(`.`, 500) // it is recorded: Stripe is not called again
				w.Want(kind+" told again", w.Redeliver(kind), okForEach(w, kind))
				g.close("", 0)
			}
			w.Want("the customer", w.Customer("c"), before)
		})
	}
}

// okForEach is a 200 for each event of a type.
func okForEach(w *World, kind string) []int {
	out := []int{}
	for _, e := range w.Stack.Sim.Events() {
		if e.Type == kind {
			out = append(out, 200)
		}
	}
	return out
}

// Staff make a draft and delete it: it is no longer among the invoices, in any
// order of the events.
func TestADraftThatIsDeletedAtStripe(t *testing.T) {
	t.Parallel()
	for name, told := range map[string][]string{
		"at once":        nil,
		"in order":       {"invoice.created", "invoice.deleted"},
		"in turn":        {"invoice.deleted", "invoice.created"},
		"the first lost": {"invoice.deleted"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.CustomerWithCard("c", "pro")
			if told != nil {
				w.Post("/_local/delivery", JSON{"mode": "hold"})
			}
			draft := w.CallStripe("POST", "/v1/invoices", "customer="+w.Customer("c")["stripe_id"].(string))["id"].(string)
			if told == nil {
				w.Want("invoices", len(w.Customer("c", "invoices")["invoices"].([]any)), 2)
			}
			w.CallStripe("DELETE", "/v1/invoices/"+draft, "")
			for _, kind := range told {
				w.Want(kind, w.Redeliver(kind), okForEach(w, kind))
			}
			if told == nil {
				w.Want("answers", deliveryStatuses(w, "invoice.deleted"), []int{200})
			}
			w.Want("invoices", len(w.Customer("c", "invoices")["invoices"].([]any)), 1)
			w.HasProducts("c", "pro active")
		})
	}
}

// A customer with overage is deleted at Stripe: no customer is left to be charged,
// which the history says. Every event is accepted.
func TestWhatACustomerOwesWhoIsDeletedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 500)
	w.CallStripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "")
	for _, kind := range []string{"customer.subscription.deleted", "customer.deleted"} {
		w.Want("answers to "+kind, deliveryStatuses(w, kind), []int{200})
	}
	w.HasProducts("c", "free active")
	w.Want("the history", []any{newestAuditEntry(w, "c")["action"], newestAuditEntry(w, "c")["rule"], newestAuditEntry(w, "c")["amount"]}, []any{"bill_usage", "usage_not_billed", 40})
	before := w.Stack.Tables()
	w.Advance("12h") // nothing is left for the schedule
	if w.Stack.Tables() != before {
		t.Error("the schedule still finds it due")
	}
}

// A page that is gone blocks its customer no longer than it could be paid.
func TestAPageThatIsGoneEndsWithItsTime(t *testing.T) {
	t.Parallel()
	g := &gate{}
	w := With(t, stack.Options{Faults: stack.Faults{Stripe: g.between, Hurry: true}})
	w.StandardCatalog()
	first := w.Attach("c", "pro")["checkout_url"]
	g.close(`^/v1/checkout/sessions/cs_`, 404)
	w.Refused(404, "stripe_object_gone", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro"})
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Advance("25h")
	if second := w.Attach("c", "pro")["checkout_url"]; second == first || second == nil {
		t.Errorf("the page is %v", second)
	}
}

// Stripe's other types of events are accepted too: charges, payment intents,
// disputes, customers.
func TestEventsThatAreNotListenedToAreTaken(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.CallStripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), "")
	for _, kind := range []string{"charge.succeeded", "payment_intent.succeeded", "customer.updated", "customer.deleted", "price.created"} {
		w.Want("answers to "+kind, deliveryStatuses(w, kind)[0], 200)
	}
	for _, e := range w.Stack.Sim.Events() {
		for _, d := range e.Deliveries {
			w.Want("answer to "+e.Type, d.Status, 200)
		}
	}
}
