package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// Audit reads a page of a customer's history, newest first; see Store.Audit. That
// of a deleted customer is read by the internal id.
func (a *App) Audit(ctx context.Context, caller Caller, customerID, cursor string, limit int) ([]billing.Audit, string, error) {
	s, missing := a.existing(ctx, caller, customerID)
	if missing != nil && !errors.Is(missing, refusal.ErrCustomerNotFound("")) {
		return nil, "", missing
	}
	id := s.Customer.InternalID
	if missing != nil {
		id = customerID
	}
	entries, next, err := a.Store.Audit(ctx, caller.Env, id, cursor, limit)
	if err == nil && missing != nil && len(entries) == 0 {
		err = missing
	}
	return entries, next, err
}
