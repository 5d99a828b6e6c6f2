package payments

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"windfall/shared/catalog"
)

// Secrets are the keys to the Stripe account of one environment.
type Secrets struct {
	APIKey         string
	WebhookSecrets []string // two during a rotation
}

// secretsAge is how long a rotated secret may go unnoticed.
const secretsAge = 5 * time.Minute

// A vault caches secrets, so that a warm function does not pay for reading them
// on every request.
type vault struct {
	read func(context.Context) (map[catalog.Env]Secrets, error)
	now  func() time.Time

	mu   sync.Mutex
	kept map[catalog.Env]Secrets
	at   time.Time
}

// all returns the secrets of every environment, at most five minutes old.
func (v *vault) all(ctx context.Context) (map[catalog.Env]Secrets, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	now := v.now()
	if age := now.Sub(v.at); v.kept != nil && age >= 0 && age < secretsAge {
		return v.kept, nil
	}
	fresh, err := v.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the Stripe secrets: %w", err)
	}
	v.kept, v.at = fresh, now
	return fresh, nil
}

// forget makes the next call read the secrets again: Stripe has just refused
// the key.
func (v *vault) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.kept = nil
}

// of returns the secrets of one environment. It returns errNoConfig for one
// that is not connected to Stripe, and an error of the operator's for a live
// key in the sandbox, which must never cost money.
func (v *vault) of(ctx context.Context, env catalog.Env) (Secrets, error) {
	all, err := v.all(ctx)
	if err != nil {
		return Secrets{}, err
	}
	s := all[env]
	if s.APIKey == "" {
		return Secrets{}, errNoConfig
	}
	if env == catalog.Sandbox && (strings.HasPrefix(s.APIKey, "sk_live_") || strings.HasPrefix(s.APIKey, "rk_live_")) {
		return Secrets{}, fmt.Errorf("the Stripe key of environment %q is a live key", env)
	}
	return s, nil
}

// Connected reports whether an environment has a Stripe key.
func (s *Stripe) Connected(ctx context.Context, env catalog.Env) (bool, error) {
	all, err := s.secrets.all(ctx)
	return all[env].APIKey != "", err
}
