package api

import (
	"context"
	"net/http"
	"strings"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// An access says which keys may call a route.
type Access int

const (
	Secret Access = iota // a secret key
	Public               // a publishable key, too; it reads and writes nothing
	Pages                // a publishable key, too, where the setting publishable_checkout is on
	Open                 // no key: Stripe's webhook, which signs instead
)

var (
	errNoKey = &Refusal{Status: http.StatusUnauthorized, Code: "no_secret_key",
		Message: "No API key was sent. Use the header \"Authorization: Bearer am_sk_…\"."}
	errBadKey = &Refusal{Status: http.StatusUnauthorized, Code: "invalid_secret_key",
		Message: "This API key is not valid."}
	ErrNotPublic = &Refusal{Status: http.StatusUnauthorized, Code: "endpoint_not_public",
		Message: "This endpoint needs a secret key; it can't be called with a publishable one."}
)

// authenticate identifies the caller. A wrong, a revoked and an unknown key get
// the same answer.
func authenticate(ctx context.Context, store app.Store, r *http.Request, need Access) (app.Caller, error) {
	key := bearer(r)
	if key == "" {
		return app.Caller{}, errNoKey
	}
	if !strings.HasPrefix(key, "am_sk_") && !strings.HasPrefix(key, "am_pk_") {
		return app.Caller{}, errBadKey
	}
	known, found, err := store.Key(ctx, HashKey(key))
	if err != nil {
		return app.Caller{}, err
	}
	if !found || !known.RevokedAt.IsZero() {
		return app.Caller{}, errBadKey
	}
	caller := app.Caller{Env: known.Env, Publishable: known.Publishable, KeyHash: known.Hash, Actor: known.Prefix}
	if known.Publishable {
		return caller, admit(ctx, store, caller.Env, need)
	}
	return caller, nil
}

// bearer is the key that a request carries, or "". The name of the scheme is
// read in any case (RFC 9110, section 11.1).
func bearer(r *http.Request) string {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimLeft(key, " ")
}

// admit checks the rights of a publishable key: public routes, and routes that
// open a checkout page if the environment allows it.
func admit(ctx context.Context, store app.Store, env catalog.Env, need Access) error {
	if need == Public {
		return nil
	}
	if need == Pages {
		cat, err := store.Catalog(ctx, env, false)
		if err != nil || cat.Settings.PublishableCheckout {
			return err
		}
	}
	return ErrNotPublic
}

// claimedEnv is the environment that the key's prefix claims. It is for the
// body of a refusal only.
func claimedEnv(r *http.Request) catalog.Env {
	key := bearer(r)
	switch {
	case strings.HasPrefix(key, "am_sk_test_"), strings.HasPrefix(key, "am_pk_test_"):
		return catalog.Sandbox
	case strings.HasPrefix(key, "am_sk_live_"), strings.HasPrefix(key, "am_pk_live_"):
		return catalog.Live
	}
	return ""
}

// HashKey is the form under which a key is stored.
func HashKey(key string) string { return app.HashKey(key) }

// KeyPrefix is the part of a key that is stored in clear.
func KeyPrefix(key string) string { return app.KeyPrefix(key) }
