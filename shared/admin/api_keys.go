package admin

import (
	"context"
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// keyName matches the allowed names; one that looks like a key is refused too.
var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$`)

// CheckKeyName returns why a text is no name of an API key.
func CheckKeyName(name string) error {
	if !keyName.MatchString(name) || LooksLikeKey(name) {
		return refusal.Invalid(app.ReasonKeyName, name)
	}
	return nil
}

// LooksLikeKey reports whether a text begins as an API key does: it may be a secret.
func LooksLikeKey(s string) bool { return strings.HasPrefix(strings.ToLower(s), "am_") }

// keyRandom is how many random characters a key has.
const keyRandom = 42

// keyLetters are 32 that nobody takes for another one.
const keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// KeyText is a key: its kind, its environment and 42 characters, letters and digits, of random bits that nobody can guess.
func KeyText(env catalog.Env, publishable bool, random [32]byte) string {
	kind, opens := "am_sk_", "test_"
	if publishable {
		kind = "am_pk_"
	}
	if env == catalog.Live {
		opens = "live_"
	}
	var chosen [keyRandom]byte
	for i, rest := 0, new(big.Int).SetBytes(random[:]); i < keyRandom; i++ {
		chosen[i] = keyLetters[rest.Uint64()%uint64(len(keyLetters))]
		rest.Rsh(rest, 5)
	}
	return kind + opens + string(chosen[:])
}

// KeyOf is what the table keeps of a key.
func KeyOf(text, name string, env catalog.Env, publishable bool) app.Key {
	return app.Key{Hash: app.HashKey(text), Prefix: app.KeyPrefix(text), Name: name, Env: env, Publishable: publishable}
}

// Keys makes and revokes API keys.
type Keys struct {
	store  app.KeyStore
	newID  func() string
	random func() [32]byte
}

// KeysOf is for functions that may write keys. Those that answer an application's calls must not.
func KeysOf(a *app.App) *Keys {
	store, _ := a.Store.(app.KeyStore) // a test lists the routes without a store
	return &Keys{store, a.NewID, a.Random}
}

// A NewKey is a key to make in the caller's environment.
type NewKey struct {
	Name        string
	Publishable bool
}

// mostKeys bounds how many keys are read for one list.
const mostKeys = 1000

// List reads a page of the keys of the caller's environment, newest first.
func (k *Keys) List(ctx context.Context, caller app.Caller, cursor string, limit int) (page []app.Key, next string, err error) {
	next = cursor
	for read := 0; read < mostKeys; read += limit {
		var part []app.Key
		if part, next, err = k.store.Keys(ctx, next, limit-len(page)); err != nil {
			return nil, "", err
		}
		for _, one := range part {
			if one.Env == caller.Env {
				page = append(page, one)
			}
		}
		if next == "" || len(page) >= limit {
			break
		}
	}
	return page, next, nil
}

// Make stores a new key and returns it: it can't be read again. The errors are
// invalid_key_name and duplicate_key_name, which a key that is good has.
func (k *Keys) Make(ctx context.Context, caller app.Caller, cmd NewKey) (text string, err error) {
	if err := CheckKeyName(cmd.Name); err != nil {
		return "", err
	}
	if _, found, err := k.find(ctx, caller, func(one app.Key) bool { return one.Name == cmd.Name && one.RevokedAt.IsZero() }); found || err != nil {
		if err == nil {
			err = refusal.Conflict(app.ReasonKeyNameTaken, cmd.Name)
		}
		return "", err
	}
	text = KeyText(caller.Env, cmd.Publishable, k.random())
	made := KeyOf(text, cmd.Name, caller.Env, cmd.Publishable)
	made.CreatedAt, made.CreatedBy = caller.Now, caller.Actor
	return text, k.store.Commit(ctx, caller.Env, app.SaveKey{Key: made}, k.entry(caller, "create_key", "Key %s (%s…) was made.", made))
}

// Find reads a key of the caller's environment by its first characters.
func (k *Keys) Find(ctx context.Context, caller app.Caller, prefix string) (app.Key, error) {
	found, ok, err := k.find(ctx, caller, func(one app.Key) bool { return one.Prefix == prefix })
	if err == nil && !ok {
		err = refusal.NotFound(app.ReasonKeyUnknown, prefix)
	}
	return found, err
}

func (k *Keys) find(ctx context.Context, caller app.Caller, is func(app.Key) bool) (app.Key, bool, error) {
	for cursor := ""; ; {
		page, next, err := k.List(ctx, caller, cursor, 100)
		if err != nil {
			return app.Key{}, false, err
		}
		for _, one := range page {
			if is(one) {
				return one, true, nil
			}
		}
		if cursor = next; cursor == "" {
			return app.Key{}, false, nil
		}
	}
}

// Revoke ends a key. One that was revoked before stays as it is.
func (k *Keys) Revoke(ctx context.Context, caller app.Caller, prefix string) (app.Key, error) {
	found, err := k.Find(ctx, caller, prefix)
	if err != nil || !found.RevokedAt.IsZero() {
		return found, err
	}
	err = k.store.Commit(ctx, caller.Env, app.RevokeKey{Hash: found.Hash, At: caller.Now, By: caller.Actor},
		k.entry(caller, "revoke_key", "Key %s (%s…) was revoked.", found))
	if app.ConflictIn[app.RevokeKey](err) {
		err = nil // another call was faster
	}
	return found, err
}

func (k *Keys) entry(caller app.Caller, action, why string, of app.Key) app.Write {
	return app.AddAudit{InternalID: app.KeysLog, Audit: billing.Audit{ID: k.newID(), At: caller.Now, Actor: caller.Actor, Action: action, Rule: "operator",
		Why: fmt.Sprintf(why, of.Name, of.Prefix)}}
}
