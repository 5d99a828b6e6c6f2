package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// buyer reads the customer of an attach. One who is unknown is made, unless the
// attach would be refused: then nobody is. A publishable key claims no
// customer who was prepared with the same e-mail, and fills no blanks.
func (a *App) buyer(ctx context.Context, caller Caller, cat *catalog.Catalog, cmd AttachCommand) (billing.State, error) {
	allowed := func() error {
		_, err := a.preview(ctx, caller, cat, cmd)
		return err
	}
	if !caller.Publishable {
		return a.customerFor(ctx, caller, cmd.CustomerID, cmd.Data, allowed)
	}
	s, err := a.existing(ctx, caller, cmd.CustomerID)
	if errors.Is(err, refusal.ErrCustomerNotFound("")) {
		return a.claimOrCreate(ctx, caller, billing.CreateCustomer{ID: cmd.CustomerID, Data: cmd.Data}, allowed)
	}
	return s, err
}

// preparedFor finds a customer without an id who has this e-mail address, for
// whom the caller may give one; "" when there is none.
func (a *App) preparedFor(ctx context.Context, caller Caller, d billing.CustomerData) (key string, err error) {
	if caller.Publishable || d.Email == "" {
		return "", nil
	}
	return a.Store.KeyByEmail(ctx, caller.Env, d.Email)
}
