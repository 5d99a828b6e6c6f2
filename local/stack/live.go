package stack

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"windfall/local/stripesim"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// The keys of the live environment, where the stack has one. Its money is as simulated as that of the sandbox: an
// account of its own at the simulator, under the same clock. As at Stripe, the key of a request says whose it is.
const (
	LiveKey            = "am_sk_live_local"
	LivePublishableKey = "am_pk_live_local"

	liveSimKey  = "sk_live_sim"
	liveSimPath = "/_stripe_live" // of its hosted pages
)

// openLive opens the account of the live environment.
func (s *Stack) openLive() (err error) {
	if !s.Options.Live {
		return nil
	}
	if s.StripeKey != "" || s.Options.Binaries != "" {
		return errors.New("a live environment is simulated, and in this process: it goes neither with a key of Stripe's nor with built functions")
	}
	s.LiveSim, err = s.account(liveSimKey, liveSimPath, "live/stripe.jsonl", 1)
	return err
}

// accounts are those of the simulator: one for each environment.
func (s *Stack) accounts() []*stripesim.Sim {
	if s.LiveSim == nil {
		return []*stripesim.Sim{s.Sim}
	}
	return []*stripesim.Sim{s.Sim, s.LiveSim}
}

// apiKeys are the keys that every stack of these options has.
func (s *Stack) apiKeys() map[string]app.Key {
	keys := map[string]app.Key{PublishableKey: {Env: catalog.Sandbox, Publishable: true}, s.Key: {Env: catalog.Sandbox}}
	if s.Options.Live {
		keys[LivePublishableKey], keys[LiveKey] = app.Key{Env: catalog.Live, Publishable: true}, app.Key{Env: catalog.Live}
	}
	return keys
}

// accountOf is the account that a request of Stripe's API is for.
func (s *Stack) accountOf(r *http.Request) *stripesim.Sim {
	key, _, _ := r.BasicAuth()
	if s.LiveSim != nil && (key == liveSimKey || strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") == liveSimKey) {
		return s.LiveSim
	}
	return s.Sim
}

// byKey asks the account whose key a request has.
type byKey struct{ stack *Stack }

func (b byKey) RoundTrip(r *http.Request) (*http.Response, error) {
	return b.stack.accountOf(r).Transport().RoundTrip(r)
}

// simulated is the way to the simulator's API.
func (s *Stack) simulated() http.RoundTripper {
	if s.LiveSim == nil {
		return s.Sim.Transport()
	}
	return byKey{s}
}

// NextAtStripe is the earliest thing that falls due in an account.
func (s *Stack) NextAtStripe() (next time.Time, ok bool) {
	for _, account := range s.accounts() {
		if due, any := account.NextDue(); any && (!ok || due.Before(next)) {
			next, ok = due, true
		}
	}
	return next, ok
}

// AdvanceStripe moves the clock of the accounts to a moment, through what falls due in each.
func (s *Stack) AdvanceStripe(ctx context.Context, to time.Time) error {
	for _, account := range s.accounts() {
		if err := account.AdvanceTo(ctx, to); err != nil {
			return err
		}
	}
	return nil
}
