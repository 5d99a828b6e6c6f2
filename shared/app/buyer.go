package app

import (
	"context"

	"windfall/shared/billing"
)

// buyer reads the customer of an attach. One who is unknown is made, unless the
// attach would be refused: then nobody is. A publishable key claims no
// customer who was prepared with the same e-mail.
func (a *App) buyer(ctx context.Context, who Caller, catalog *billing.Catalog, cmd AttachCommand) (billing.State, error) {
	s, found, err := a.Store.State(ctx, who.Env, cmd.CustomerID)
	switch {
	case err != nil:
		return s, err
	case found && !who.Publishable && s.Customer.FillBlanks(cmd.Data):
		return a.saveCustomer(ctx, who, s)
	case found:
		return s, nil
	}
	create := billing.CreateCustomer{ID: cmd.CustomerID, Data: cmd.Data}
	prepared, err := a.preparedFor(ctx, who, cmd.Data)
	if err != nil {
		return s, err
	}
	if prepared != "" {
		return a.claim(ctx, who, prepared, create)
	}
	s, err = a.imagined(ctx, who, catalog, cmd.CustomerID, cmd.Data)
	if err != nil {
		return s, err
	}
	if _, err := a.preview(ctx, who, catalog, s, cmd); err != nil {
		return s, err
	}
	return a.create(ctx, who, create)
}

// preparedFor finds a customer without an id who has this e-mail address, for
// whom the caller may give one; "" when there is none.
func (a *App) preparedFor(ctx context.Context, who Caller, d billing.CustomerData) (key string, err error) {
	if who.Publishable || d.Email == "" {
		return "", nil
	}
	return a.Store.KeyByEmail(ctx, who.Env, d.Email)
}
