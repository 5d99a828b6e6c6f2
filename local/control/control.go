// Package control is the local stack's own API under /_local/: it moves the
// clock, acts as a person at Stripe's dashboard, and shuffles webhooks. It is
// not in template.yaml and can't be deployed.
//
//	What moves with the clock?       clock.go, test_clock.go; clock_page.go is its page in the dashboard
//	How far is a move?               progress.go
//	What can be seen at Stripe?      stripe_objects.go
//	What can be done at Stripe?      stripe_actions.go, refund.go
//	How do events reach the webhook? events.go
//	What is refused?                 read.go
//
// It also mounts the front page; see package front.
package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"windfall/local/front"
	"windfall/local/stack"
)

// A Control serves the control API of one stack.
type Control struct {
	stack *stack.Stack
	mux   *http.ServeMux
	demo  func() error // fills an empty stack again after a reset; may be nil
	moves moves

	// Progress gets a line every few seconds while the clock moves; nil for none.
	Progress io.Writer
}

// New returns the control API. demo is called after a reset; it may be nil.
func New(s *stack.Stack, demo func() error) *Control {
	c := &Control{stack: s, mux: http.NewServeMux(), demo: demo}
	for pattern, handle := range c.routes() {
		c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { c.serve(w, r, handle) })
	}
	c.mux.Handle("GET /{$}", front.New(s))
	c.mux.HandleFunc("POST "+stack.AdvanceTestClock, c.advanceTestClock)
	s.AddPages(c.clockPage().Routes())
	c.mux.HandleFunc("/_local/", func(w http.ResponseWriter, r *http.Request) { c.serve(w, r, noRoute) })
	return c
}

func (c *Control) routes() map[string]handler {
	return map[string]handler{
		"GET /_local/clock":                             c.now,
		"POST /_local/clock":                            c.move,
		"DELETE /_local/clock":                          c.stop,
		"POST /_local/reset":                            c.reset,
		"POST /_local/customers/{id}/payment_method":    c.paymentMethod,
		"GET /_local/customers/{id}/stripe":             c.stripeObjects,
		"GET /_local/customers/{id}/invoices":           c.invoices,
		"POST /_local/invoices/{id}/pay":                c.invoiceAction("pay"),
		"POST /_local/invoices/{id}/void":               c.invoiceAction("void"),
		"POST /_local/invoices/{id}/mark_uncollectible": c.invoiceAction("mark_uncollectible"),
		"POST /_local/invoices/{id}/refund":             c.refund,
		"POST /_local/invoices/{id}/dispute":            c.dispute,
		"POST /_local/disputes/{id}/close":              c.closeDispute,
		"POST /_local/subscriptions/{id}":               c.changeSubscription,
		"DELETE /_local/subscriptions/{id}":             c.deleteSubscription,
		"GET /_local/events":                            c.events,
		"POST /_local/events/deliver":                   c.deliver,
		"POST /_local/delivery":                         c.delivery,
	}
}

// A handler returns a value to encode as JSON.
type handler func(*http.Request) (any, error)

// ServeHTTP implements http.Handler.
func (c *Control) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// serve refuses what no handler checks, and encodes errors like the API. The
// cause of an internal error goes to the log alone.
func (c *Control) serve(w http.ResponseWriter, r *http.Request, handle handler) {
	err := admit(r)
	var out any
	if err == nil {
		out, err = handle(r)
	}
	w.Header().Set("Content-Type", "application/json")
	if err != nil {
		var known *failure
		if !errors.As(err, &known) {
			c.stack.Log.Error("control", "call", r.Method+" "+r.URL.Path, "cause", err)
			known = &failure{http.StatusInternalServerError, "internal_error", "The local stack could not do this. Its log has the cause."}
		}
		w.WriteHeader(known.status)
		out = map[string]string{"message": brief(known.Message), "code": known.Code, "env": "sandbox"}
	}
	_ = json.NewEncoder(w).Encode(out) // an error means that the caller is gone
}

func noRoute(r *http.Request) (any, error) {
	return nil, &failure{http.StatusNotFound, "route_not_found", "There is no control call " + r.Method + " " + r.URL.Path + "."}
}
