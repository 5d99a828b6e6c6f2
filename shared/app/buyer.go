package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// buyer reads the customer of an attach. One who is unknown is made, unless the
// attach would be refused: then nobody is. A publishable key claims no
// customer who was prepared with the same e-mail, and fills no blanks.
func (w work) buyer(ctx context.Context, cmd AttachCommand) (billing.State, error) {
	allowed := func() error {
		_, err := w.preview(ctx, cmd)
		return err
	}
	if !w.caller.Publishable {
		return w.customerFor(ctx, cmd.CustomerID, cmd.Data, allowed)
	}
	s, err := w.existing(ctx, w.caller, cmd.CustomerID)
	if errors.Is(err, refusal.ErrCustomerNotFound("")) {
		return w.claimOrCreate(ctx, billing.CreateCustomer{ID: cmd.CustomerID, Data: cmd.Data}, allowed)
	}
	return s, err
}

// preparedFor finds a customer without an id who has this e-mail address, for
// whom the caller may give one; "" when there is none.
func (w work) preparedFor(ctx context.Context, d billing.CustomerData) (key string, err error) {
	if w.caller.Publishable || d.Email == "" {
		return "", nil
	}
	return w.Store.KeyByEmail(ctx, w.caller.Env, d.Email)
}
