package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"windfall/shared/admin"
	"windfall/shared/catalog"
	"windfall/shared/wire"
)

// makeKey stores the hash of a new key and prints the key.
func (c *command) makeKey(ctx context.Context, now time.Time) error {
	if c.name != "" && admin.CheckKeyName(c.name) != nil {
		return fmt.Errorf("-name %q: must be 1 to 64 letters, digits, spaces, dots, dashes or underscores, and not begin as a key does", c.name)
	}
	env := catalog.Env(cmp.Or(c.env, string(catalog.Sandbox)))
	who, err := c.table.cli.Identity(ctx)
	if err != nil {
		return fmt.Errorf("find out who makes the key: %w", err)
	}
	secret := admin.KeyText(env, c.publishable, wire.Random())
	key := admin.KeyOf(secret, c.name, env, c.publishable)
	key.CreatedAt, key.CreatedBy = now, who
	if err := c.table.put(ctx, key); err != nil {
		return fmt.Errorf("store the key: %w", err)
	}
	fmt.Fprintln(c.out, secret)
	fmt.Fprintln(c.notes, "Keep it: it can't be shown again.")
	return nil
}
