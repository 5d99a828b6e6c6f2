package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"time"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// keyName matches the allowed names; one that looks like a key is refused too.
var keyName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$`)

// makeKey stores the hash of a new key and prints the key.
func (c *command) makeKey(ctx context.Context, now time.Time) error {
	if c.name != "" && (!keyName.MatchString(c.name) || looksLikeKey(c.name)) {
		return fmt.Errorf("-name %q: must be 1 to 64 letters, digits, spaces, dots, dashes or underscores, and not begin as a key does", c.name)
	}
	env := catalog.Env(cmp.Or(c.env, string(catalog.Sandbox)))
	who, err := c.table.cli.Identity(ctx)
	if err != nil {
		return fmt.Errorf("find out who makes the key: %w", err)
	}
	secret := newKey(env, c.publishable)
	key := app.Key{Hash: api.HashKey(secret), Prefix: api.KeyPrefix(secret), Name: c.name, Env: env,
		Publishable: c.publishable, CreatedAt: now, CreatedBy: who}
	if err := c.table.put(ctx, key); err != nil {
		return fmt.Errorf("store the key: %w", err)
	}
	fmt.Fprintln(c.out, secret)
	fmt.Fprintln(c.notes, "Keep it: it can't be shown again.")
	return nil
}

// newKey is a kind, an environment and 42 random letters and digits.
func newKey(env catalog.Env, publishable bool) string {
	kind, opens := "am_sk_", "test_"
	if publishable {
		kind = "am_pk_"
	}
	if env == catalog.Live {
		opens = "live_"
	}
	return kind + opens + (rand.Text() + rand.Text())[:42]
}
