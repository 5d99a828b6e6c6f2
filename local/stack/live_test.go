package stack

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// Each environment has an account of its own at the simulator, by the key that asks; both are there after a restart.
func TestTheAccountsOfBothEnvironments(t *testing.T) {
	t.Parallel()
	o := Options{Dir: t.TempDir(), Live: true, Clock: time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	made := map[string]string{}
	for _, key := range []string{simKey, liveSimKey} {
		status, text, err := s.stripe(key, http.MethodPost, "/v1/customers", url.Values{"name": {"by " + key}})
		var c struct{ ID string }
		if err != nil || status != http.StatusOK || json.Unmarshal(text, &c) != nil {
			t.Fatalf("%d %s: %v", status, text, err)
		}
		made[key] = c.ID
	}
	if made[simKey] == made[liveSimKey] {
		t.Errorf("two accounts make one id: %v", made)
	}
	if err := s.AdvanceStripe(t.Context(), o.Clock.AddDate(0, 1, 0)); err != nil || !s.LiveSim.Now().Equal(s.Sim.Now()) {
		t.Errorf("%s and %s: %v", s.Sim.Now(), s.LiveSim.Now(), err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(o); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for key, id := range made {
		for _, asks := range []string{simKey, liveSimKey} {
			want := http.StatusOK
			if asks != key {
				want = http.StatusNotFound
			}
			if status, text, err := s.stripe(asks, http.MethodGet, "/v1/customers/"+id, nil); status != want || err != nil {
				t.Errorf("%s asks for a customer of %s: %d %s %v", asks, key, status, text, err)
			}
		}
	}
	if !s.Sim.Now().Equal(o.Clock.AddDate(0, 1, 0)) {
		t.Errorf("the clock is at %s", s.Sim.Now())
	}
	secrets, err := s.secrets(t.Context())
	if err != nil || len(secrets) != 2 || slices.Contains(secrets["live"].WebhookSecrets, s.webhookSecret) {
		t.Errorf("%d secrets: %v", len(secrets), err)
	}
}

// A live environment is simulated: it goes with no key of Stripe's, and without it the live key opens nothing.
func TestALiveEnvironmentIsSimulated(t *testing.T) {
	t.Parallel()
	if _, err := Open(Options{Live: true, StripeKey: "sk_test_x"}); err == nil || !strings.Contains(err.Error(), "simulated") {
		t.Errorf("with a key of Stripe's: %v", err)
	}
	s, err := Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if status, _, err := s.stripe(liveSimKey, http.MethodGet, "/v1/customers", nil); status != http.StatusUnauthorized || err != nil {
		t.Errorf("the live key of the simulator: %d %v", status, err)
	}
}
