// Package demo fills an empty stack with the products of a small company.
package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"

	"windfall/local/stack"
)

// catalog.json lists API calls: path and body, in order.
//
//go:embed catalog.json
var catalog []byte

type call struct {
	Post string          `json:"post"`
	Body json.RawMessage `json:"body"`
}

// Fill posts the demo catalog through the API. Existing entries stay.
func Fill(ctx context.Context, s *stack.Stack) error {
	var calls []call
	if err := json.Unmarshal(catalog, &calls); err != nil {
		return fmt.Errorf("demo catalog: %w", err)
	}
	status, text, err := s.Call(ctx, http.MethodGet, "/v1/products", nil)
	if err != nil {
		return err
	}
	var products struct{ List []json.RawMessage }
	if err := json.Unmarshal(text, &products); err != nil || status != http.StatusOK {
		return fmt.Errorf("read the catalog: %d %s", status, text)
	}
	if len(products.List) > 0 {
		return nil
	}
	for _, c := range calls {
		status, text, err := s.Call(ctx, http.MethodPost, c.Post, c.Body)
		if err != nil || status != http.StatusOK {
			return fmt.Errorf("demo catalog: POST %s: %d %s %w", c.Post, status, text, err)
		}
	}
	return nil
}

// Titles describe the Commands.
var Titles = []string{"1. Buy: open the checkout_url it answers and pay", "2. Use: 500 messages a month came with it", "3. Refer: Ada's own code to share"}

// Commands are the three calls for a newcomer to paste: buy, use, refer.
func Commands(base, key string) []string {
	post := func(path, body string) string {
		return fmt.Sprintf("curl -s %s%s -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\\n  -d '%s'", base, path, key, body)
	}
	return []string{
		post("/v1/attach", `{"customer_id":"ada","product_id":"pro","customer_data":{"name":"Ada","email":"ada@example.com"}}`),
		post("/v1/check", `{"customer_id":"ada","feature_id":"messages"}`),
		post("/v1/referrals/code", `{"customer_id":"ada","program_id":"invite"}`),
	}
}

// Greet prints the addresses and the first steps.
func Greet(w io.Writer, s *stack.Stack, filled bool) {
	var b strings.Builder
	fmt.Fprintf(&b, "\nWindfall is running. Nothing leaves this machine. Open %s/ in a browser to see it.\n\n", s.BaseURL)
	fmt.Fprintf(&b, "  Dashboard  %s/dashboard   (make demo has one with 200 customers and three months of history)\n", s.BaseURL)
	fmt.Fprintf(&b, "  API        %s/v1\n  API key    %s\n             %s   (publishable, for pages)\n", s.BaseURL, s.Key, stack.PublishableKey)
	fmt.Fprintf(&b, "  SDK 0.x    new Autumn({ secretKey: '%s', url: '%s/v1' })\n", s.Key, s.BaseURL)
	fmt.Fprintf(&b, "  SDK 1.x    new Autumn({ secretKey: '%s', serverURL: '%s' })   (it ignores url, and would ask api.useautumn.com)\n", s.Key, s.BaseURL)
	if s.LiveSim != nil {
		fmt.Fprintf(&b, "  Live       %s, %s   (an environment of its own, with money as simulated)\n", stack.LiveKey, stack.LivePublishableKey)
	}
	if s.StripeKey == "" {
		fmt.Fprintf(&b, "  Stripe     %s/_stripe   (a simulator; its key is sk_test_sim)\n", s.BaseURL)
		fmt.Fprintf(&b, "             %s\n", stripeClient(s.StripeAddr))
	} else {
		fmt.Fprintf(&b, "  Stripe     api.stripe.com, in test mode\n")
	}
	fmt.Fprintf(&b, "  Clock      curl -s %s/_local/clock -H 'Content-Type: application/json' -d '{\"advance\":\"1 month\"}'\n", s.BaseURL)
	if filled {
		fmt.Fprintf(&b, "\nPaste these one after the other:\n")
		for i, command := range Commands(s.BaseURL, s.Key) {
			fmt.Fprintf(&b, "\n# %s\n%s\n", Titles[i], command)
		}
	}
	fmt.Fprintf(&b, "\nCtrl-C ends it; %s.\n\n", kept(s.Dir))
	_, _ = io.WriteString(w, b.String()) // a closed terminal needs no greeting
}

// stripeClient shows how to point a library that takes a host but no path at
// the simulator.
func stripeClient(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "stripe-node and others that take no path need an address of their own: -stripe-addr 127.0.0.1:12111"
	}
	return fmt.Sprintf("new Stripe('sk_test_sim', { host: '%s', port: %s, protocol: 'http' })", host, port)
}

// Farewell prints where the data is, below the ^C of a terminal.
func Farewell(w io.Writer, s *stack.Stack) {
	text := "\nStopped. It was in memory only: nothing is kept.\n"
	if s.Dir != "" {
		text = "\nStopped. The data is kept in " + whole(s.Dir) + ".\n"
	}
	_, _ = io.WriteString(w, text) // a closed terminal needs no farewell
}

func kept(dir string) string {
	if dir == "" {
		return "the data is kept in memory only (-data FOLDER keeps it)"
	}
	return "the data is kept in " + whole(dir) + " (-data FOLDER names another, -data '' keeps none)"
}

func whole(dir string) string {
	if path, err := filepath.Abs(dir); err == nil {
		return path
	}
	return dir
}
