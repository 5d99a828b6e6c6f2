package stack

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
)

// simKey is a key of the simulator only.
const simKey = "sk_test_sim"

// Stripe calls the simulator's API as any Stripe client would. path begins
// with /v1/; values may be nil. It returns the status and the JSON answered.
func (s *Stack) Stripe(method, path string, values url.Values) (int, json.RawMessage, error) {
	return s.stripe(simKey, method, path, values)
}

func (s *Stack) stripe(key, method, path string, values url.Values) (int, json.RawMessage, error) {
	target, body := "http://stripe.local"+path, io.Reader(nil)
	if method == http.MethodGet && len(values) > 0 {
		target += "?" + values.Encode()
	} else if values != nil {
		body = strings.NewReader(values.Encode())
	}
	req, err := http.NewRequest(method, target, body)
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := s.simulated().RoundTrip(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, text, err
}

// WebhookSecret signs the events that the functions accept as Stripe's.
func (s *Stack) WebhookSecret() string { return s.webhookSecret }

// registerWebhooks registers the webhook of each account at the simulator.
func (s *Stack) registerWebhooks() (err error) {
	if s.StripeKey != "" {
		s.webhookSecret = s.StripeWebhookSecret
		return nil
	}
	s.webhookSecret, err = s.registerWebhook(simKey)
	if err == nil && s.LiveSim != nil {
		s.liveSecret, err = s.registerWebhook(liveSimKey)
	}
	return err
}

// registerWebhook registers the webhook of the account of a key. Its secret is shown
// only at its creation, so one of an earlier run is replaced.
func (s *Stack) registerWebhook(key string) (secret string, err error) {
	_, text, err := s.stripe(key, http.MethodGet, "/v1/webhook_endpoints", url.Values{"limit": {"100"}})
	if err != nil {
		return "", err
	}
	var list struct {
		Data []struct {
			ID       string
			Metadata map[string]string
		}
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return "", err
	}
	for _, old := range list.Data {
		if old.Metadata["made_by"] == "windfall" {
			if _, _, err := s.stripe(key, http.MethodDelete, "/v1/webhook_endpoints/"+old.ID, nil); err != nil {
				return "", err
			}
		}
	}
	events := s.Events
	if events == nil {
		events = []string{"*"}
	}
	status, text, err := s.stripe(key, http.MethodPost, "/v1/webhook_endpoints", url.Values{
		"url": {s.BaseURL + "/webhooks/stripe"}, "enabled_events[]": events, "metadata[made_by]": {"windfall"},
	})
	var made struct {
		Secret string
		Error  struct{ Message string }
	}
	if err == nil {
		err = json.Unmarshal(text, &made)
	}
	if err != nil || status != http.StatusOK {
		return "", errors.Join(fmt.Errorf("register the webhook: %d: %s", status, made.Error.Message), err)
	}
	return made.Secret, nil
}

// home delivers webhooks: those to the stack itself without a socket, all
// others (a user's own application) over the network.
type home struct{ stack *Stack }

func (h home) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(r.URL.String(), h.stack.BaseURL+"/") {
		return http.DefaultTransport.RoundTrip(r)
	}
	if h.stack.Gateway == nil {
		return nil, fmt.Errorf("the gateway is not up yet")
	}
	w := httptest.NewRecorder()
	inner := r.Clone(r.Context())
	inner.RequestURI, inner.RemoteAddr, inner.Host = r.URL.RequestURI(), "127.0.0.1:1", r.URL.Host
	if inner.Body == nil {
		inner.Body = http.NoBody
	}
	h.stack.ServeHTTP(w, inner)
	res := w.Result()
	res.Request = r
	return res, nil
}
