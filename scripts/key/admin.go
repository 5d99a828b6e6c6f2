package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"windfall/shared/api"
	"windfall/shared/dashboard/accounts"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dynamo"
	"windfall/shared/wire"
)

// makeAdmin sees to it that an address is an editor's of the dashboard, and prints a link by which they choose a password:
// the first one, or another where it is lost. The table has a hash of the link alone.
func (c *command) makeAdmin(ctx context.Context, now time.Time) error {
	base, err := c.table.cli.Output(ctx, c.stack, "ApiUrl")
	if err != nil {
		return fmt.Errorf("find the address of stack %s: %w", c.stack, err)
	}
	who, err := c.table.cli.Identity(ctx)
	if err != nil {
		return fmt.Errorf("find out who makes an admin: %w", err)
	}
	never := func(context.Context, int) bool { return false } // no second try: the operator sees what failed
	table := dynamo.New(c.table.client, c.table.name, "", time.Now, never)
	token, err := accounts.Accounts{Store: table, Random: wire.Random}.Admin(ctx, who, c.admin, now)
	var refused *api.Refusal
	if errors.As(err, &refused) {
		return errors.New(refused.Message)
	}
	if err != nil {
		return fmt.Errorf("store the link: %w", err)
	}
	fmt.Fprintln(c.out, base+ui.With(ui.Path("welcome"), "token", token))
	fmt.Fprintln(c.notes, "The link is good once, for 30 minutes.")
	return nil
}
