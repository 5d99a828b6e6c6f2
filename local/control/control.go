// Package control is the local stack's own API under /_local/: it moves the
// clock, plays the person at Stripe's dashboard, and shuffles webhooks. It is
// not in template.yaml and can't be deployed.
//
//	What moves with the clock?       clock.go
//	What can be seen at Stripe?      stripe_objects.go
//	What can be done at Stripe?      stripe_actions.go
//	How do events reach the webhook? events.go
//
// It also mounts the front page; see package front.
package control

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"

	"windfall/local/front"
	"windfall/local/loopback"
	"windfall/local/stack"
)

// A Control serves the control API of one stack.
type Control struct {
	stack *stack.Stack
	mux   *http.ServeMux
	demo  func() error // fills an empty stack again after a reset; may be nil
}

// New returns the control API. demo is called after a reset; it may be nil.
func New(s *stack.Stack, demo func() error) *Control {
	c := &Control{stack: s, mux: http.NewServeMux(), demo: demo}
	for pattern, handle := range map[string]handler{
		"GET /_local/clock":                             c.now,
		"POST /_local/clock":                            c.move,
		"POST /_local/reset":                            c.reset,
		"POST /_local/customers/{id}/payment_method":    c.paymentMethod,
		"GET /_local/customers/{id}/stripe":             c.stripeObjects,
		"GET /_local/customers/{id}/invoices":           c.invoices,
		"POST /_local/invoices/{id}/pay":                c.invoiceAction("pay"),
		"POST /_local/invoices/{id}/void":               c.invoiceAction("void"),
		"POST /_local/invoices/{id}/mark_uncollectible": c.invoiceAction("mark_uncollectible"),
		"POST /_local/subscriptions/{id}":               c.changeSubscription,
		"DELETE /_local/subscriptions/{id}":             c.deleteSubscription,
		"GET /_local/events":                            c.events,
		"POST /_local/events/deliver":                   c.deliver,
		"POST /_local/delivery":                         c.delivery,
	} {
		c.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { c.serve(w, r, handle) })
	}
	c.mux.Handle("GET /{$}", front.New(s))
	c.mux.HandleFunc("/_local/", func(w http.ResponseWriter, r *http.Request) {
		c.serve(w, r, func(*http.Request) (any, error) {
			return nil, &failure{http.StatusNotFound, "route_not_found", "There is no control call " + r.Method + " " + r.URL.Path + "."}
		})
	})
	return c
}

// A handler returns what is written as JSON.
type handler func(*http.Request) (any, error)

// ServeHTTP implements http.Handler.
func (c *Control) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

type failure struct {
	status        int
	Code, Message string
}

func (f *failure) Error() string { return f.Code + ": " + f.Message }

func invalid(message string) error {
	return &failure{http.StatusBadRequest, "invalid_inputs", message}
}

func (c *Control) serve(w http.ResponseWriter, r *http.Request, handle handler) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method == http.MethodPost && !loopback.IsJSON(r) {
		handle = notJSON
	}
	out, err := handle(r)
	var known *failure
	switch {
	case errors.As(err, &known):
		w.WriteHeader(known.status)
		out = map[string]string{"message": known.Message, "code": known.Code, "env": "sandbox"}
	case err != nil:
		w.WriteHeader(http.StatusInternalServerError)
		out = map[string]string{"message": err.Error(), "code": "internal_error", "env": "sandbox"}
	}
	_ = json.NewEncoder(w).Encode(out) // a caller that is gone needs no answer
}

// notJSON refuses a POST that a form of any web page could send, with a body or
// without.
func notJSON(r *http.Request) (any, error) {
	return nil, &failure{http.StatusUnsupportedMediaType, "unsupported_media_type",
		"Send the header Content-Type: application/json, with curl: -H 'Content-Type: application/json'. It came with " + sent(r) + "."}
}

func sent(r *http.Request) string {
	if kind := r.Header.Get("Content-Type"); kind != "" {
		return strconv.Quote(kind)
	}
	return "none"
}

func read(r *http.Request, into any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil || len(body) == 0 {
		return err
	}
	if err := json.Unmarshal(body, into); err != nil {
		return invalid("The body is not the JSON this call takes: " + err.Error() + ".")
	}
	return nil
}
