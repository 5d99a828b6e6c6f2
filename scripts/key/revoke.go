package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
)

// wholeKey matches a key of admin.KeyText: keyKind characters of kind and environment,
// and 42 random ones.
var wholeKey = regexp.MustCompile(`^am_[sp]k_(test|live)_[A-Z2-7]{42}$`)

const keyKind = len("am_sk_test_")

// revokeKey revokes the one key that matches. The row stays, with who revoked
// it and when.
func (c *command) revokeKey(ctx context.Context, now time.Time) error {
	meant, err := c.find(ctx)
	if err != nil {
		return err
	}
	if !meant.RevokedAt.IsZero() {
		fmt.Fprintf(c.notes, "%s was revoked at %s by %s; nothing to do.\n", describe(meant), moment(meant.RevokedAt), meant.RevokedBy)
		return nil
	}
	who, err := c.table.cli.Identity(ctx)
	if err != nil {
		return fmt.Errorf("find out who revokes the key: %w", err)
	}
	if err := c.table.revoke(ctx, meant.Hash, now, who); err != nil {
		return fmt.Errorf("revoke %s: %w", describe(meant), err)
	}
	fmt.Fprintf(c.notes, "Revoked %s. A function that used it a moment ago accepts it for up to a minute more.\n", describe(meant))
	return nil
}

// find returns the matching key: a whole key by its hash, anything else by name
// or first characters. Active keys come before revoked ones.
func (c *command) find(ctx context.Context) (app.Key, error) {
	if wholeKey.MatchString(c.revoke) {
		return c.findWhole(ctx)
	}
	if admin.LooksLikeKey(c.revoke) && len(c.revoke) <= keyKind {
		return app.Key{}, fmt.Errorf("%q is how many keys begin: give more of it, or the name (-list shows both)", c.revoke)
	}
	keys, err := c.table.all(ctx, c.env)
	if err != nil {
		return app.Key{}, err
	}
	var works, revoked []app.Key
	for _, k := range keys {
		switch {
		case k.Name != c.revoke && !strings.HasPrefix(k.Prefix, c.revoke):
		case k.RevokedAt.IsZero():
			works = append(works, k)
		default:
			revoked = append(revoked, k)
		}
	}
	switch {
	case len(works) == 1:
		return works[0], nil
	case len(works) > 1:
		return app.Key{}, c.ambiguous(works)
	case len(revoked) > 0:
		return revoked[0], nil
	}
	return app.Key{}, c.unknown(keys)
}

func (c *command) findWhole(ctx context.Context) (app.Key, error) {
	key, found, err := c.table.get(ctx, api.HashKey(c.revoke))
	switch {
	case err != nil:
		return key, err
	case found && c.env != "" && c.env != string(key.Env):
		return key, fmt.Errorf("this is a key of %s, not of %s; nothing is revoked", key.Env, c.env)
	case found:
		return key, nil
	}
	keys, err := c.table.all(ctx, c.env)
	if err != nil {
		return key, err
	}
	return key, c.unknown(keys)
}

func (c *command) ambiguous(keys []app.Key) error {
	var list strings.Builder
	err := printKeys(&list, keys)
	return errors.Join(fmt.Errorf("%d keys are called %q or begin so; nothing is revoked. Say which:\n%s", len(keys), c.revoke, &list), err)
}

// unknown lists keys with the same beginning: the rest was probably mistyped.
// The input may be a secret, so no more of it is shown than in a list.
func (c *command) unknown(keys []app.Key) error {
	typed := c.revoke
	if len(typed) > keyKind { // it may be most of a secret
		typed = api.KeyPrefix(typed) + "…"
	}
	failed := fmt.Errorf("no key %q in stack %s; nothing is revoked", typed, c.stack)
	alike := slices.DeleteFunc(slices.Clone(keys), func(k app.Key) bool { return !admin.LooksLikeKey(c.revoke) || !strings.HasPrefix(c.revoke, k.Prefix) })
	if len(alike) == 0 {
		return failed
	}
	var list strings.Builder
	err := printKeys(&list, alike)
	return errors.Join(fmt.Errorf("%w. These begin alike, and can be revoked by what is shown of them:\n%s", failed, &list), err)
}

func describe(k app.Key) string {
	if k.Name == "" {
		return k.Prefix + "…"
	}
	return fmt.Sprintf("%s… (%s)", k.Prefix, k.Name)
}
