package app

import (
	"context"

	"windfall/shared/billing"
)

// Paywall says what to show to a customer whose check was answered with no;
// nil when it was yes. It reads the customer whole.
func (a *App) Paywall(ctx context.Context, caller Caller, customerID, featureID string, access billing.Access) (*billing.Paywall, *billing.Catalog, error) {
	if access.Allowed {
		return nil, nil, nil
	}
	f, catalog, err := a.feature(ctx, caller, featureID)
	if err != nil {
		return nil, nil, err
	}
	s, _, err := a.Store.State(ctx, caller.Env, customerID)
	if err != nil {
		return nil, nil, err
	}
	return billing.DecidePaywall(catalog, f, access, s.Products, caller.Now), catalog, nil
}
