package stack

import (
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
)

// stripeKeys matches Stripe's keys; ours begin with am_.
var stripeKeys = regexp.MustCompile(`^(sk|rk|pk)_(test|live)_`)

// stray answers a Stripe client that was pointed at Windfall's own API.
// Stripe's libraries for Node, Python and PHP take a host but no path, so their
// requests for the simulator come here. It reports whether the request was one.
func (s *Stack) stray(w http.ResponseWriter, r *http.Request) bool {
	if !strings.HasPrefix(r.URL.Path, "/v1/") || !isStripeClient(r) {
		return false
	}
	api := httptest.NewRecorder() // the key is refused; the headers let a page read why
	s.Gateway.ServeHTTP(api, r)
	maps.Copy(w.Header(), api.Header())
	w.Header().Del("Content-Length") // of the other answer
	message := "This is the API of Windfall, not Stripe's. " + s.stripeHint()
	answer(w, http.StatusUnauthorized, map[string]any{
		"error":   map[string]string{"type": "invalid_request_error", "message": message}, // for Stripe's libraries
		"message": message, "code": "invalid_secret_key", "env": "sandbox",                // for ours
	})
	return true
}

// stripeHint tells how a Stripe client reaches the simulator.
func (s *Stack) stripeHint() string {
	at := "The Stripe simulator is at " + s.BaseURL + "/_stripe; for a client that takes a host but no path, "
	if s.StripeAddr == "" {
		return at + "start Windfall with -stripe-addr 127.0.0.1:12111 and give it that host and port. Its key is " + simKey + "."
	}
	host, port, _ := net.SplitHostPort(s.StripeAddr) // an address in use
	return at + "give it the host " + host + " and the port " + port + ". Its key is " + simKey + "."
}

func isStripeClient(r *http.Request) bool {
	key, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found {
		key, _, _ = r.BasicAuth()
	}
	itSaysSo := r.Header.Get("X-Stripe-Client-User-Agent") != "" || r.Header.Get("Stripe-Version") != ""
	return stripeKeys.MatchString(key) || itSaysSo && !strings.HasPrefix(key, "am_")
}
