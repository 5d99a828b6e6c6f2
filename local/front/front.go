// Package front is the page at the root of the local address: addresses, the
// calls to paste, and the clock. It is not deployed.
package front

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"slices"
	"time"

	"windfall/local/demo"
	"windfall/local/stack"
	"windfall/local/stripesim/pages"
)

//go:embed front.html
var source string

//go:embed front.js
var script string

var page = template.Must(template.New("front").Funcs(pages.Funcs).Funcs(template.FuncMap{"script": func() template.JS { return template.JS(script) }}).Parse(source))

// policy lets the page load nothing, and call this address only.
var policy = "default-src 'none'; style-src '" + pages.Hash(pages.Style()) + "'; script-src '" + pages.Hash(script) + "'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// mostEvents is the number of latest events on the page.
const mostEvents = 12

type view struct {
	Base, Key, PublishableKey string
	StripeHost, StripePort    string
	RealStripe, Served        bool // Served: the simulator has that address
	Now                       time.Time
	Commands                  []command
	Products                  []product
	Events                    []event
}

type command struct{ Title, Text string }

type event struct{ Type, Object, At, Delivered string }

// New returns the page of a stack.
func New(s *stack.Stack) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := look(r.Context(), s)
		var out bytes.Buffer
		if err == nil {
			err = page.Execute(&out, v)
		}
		if err != nil {
			s.Log.Error("front page", "cause", err)
			http.Error(w, "The page could not be made: "+err.Error(), http.StatusInternalServerError)
			return
		}
		for name, value := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "Content-Security-Policy": policy,
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		} {
			w.Header().Set(name, value)
		}
		_, _ = w.Write(out.Bytes()) // an error means that the browser is gone
	})
}

// look reads the contents of the page.
func look(ctx context.Context, s *stack.Stack) (view, error) {
	v := view{Base: s.BaseURL, Key: s.Key, PublishableKey: stack.PublishableKey, RealStripe: s.StripeKey != "", Now: s.Sim.Now().UTC()}
	v.StripeHost, v.StripePort = "127.0.0.1", "12111" // the address to propose
	if host, port, err := net.SplitHostPort(s.StripeAddr); err == nil {
		v.StripeHost, v.StripePort, v.Served = host, port, true
	}
	status, text, err := s.Call(ctx, http.MethodGet, "/v1/products", nil)
	if err != nil {
		return v, err
	}
	var list struct{ List []product }
	if err := json.Unmarshal(text, &list); err != nil || status != http.StatusOK {
		return v, fmt.Errorf("read the products: %d %s", status, text)
	}
	v.Products = list.List
	if slices.ContainsFunc(v.Products, func(p product) bool { return p.ID == "pro" }) {
		for i, text := range demo.Commands(s.BaseURL, s.Key) {
			v.Commands = append(v.Commands, command{demo.Titles[i], text})
		}
	}
	if !v.RealStripe {
		v.Events = latest(s)
	}
	return v, nil
}

// latest are the newest events of the simulator, newest first.
func latest(s *stack.Stack) []event {
	var out []event
	for _, e := range slices.Backward(s.Sim.Events()) {
		if len(out) == mostEvents {
			break
		}
		row := event{Type: e.Type, Object: e.ObjectID, At: pages.Minute(e.Created), Delivered: "waiting"}
		if n := len(e.Deliveries); n > 0 {
			row.Delivered = fmt.Sprint(e.Deliveries[n-1].Status)
		}
		out = append(out, row)
	}
	return out
}
