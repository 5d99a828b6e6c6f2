package app

import (
	"context"

	"windfall/shared/billing"
)

// Audit reads a page of a customer's history, newest first; see Store.Audit.
func (a *App) Audit(ctx context.Context, who Caller, customerID, cursor string, limit int) ([]billing.Audit, string, error) {
	s, err := a.existing(ctx, who, customerID)
	if err != nil {
		return nil, "", err
	}
	return a.Store.Audit(ctx, who.Env, s.Customer.InternalID, cursor, limit)
}
