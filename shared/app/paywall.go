package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// Paywall says what to show to a customer whose check was answered with no;
// nil when it was yes. It reads the customer whole.
func (a *App) Paywall(ctx context.Context, caller Caller, customerID, featureID string, access entitlement.Access) (*billing.Paywall, *catalog.Catalog, error) {
	if access.Allowed {
		return nil, nil, nil
	}
	f, cat, err := a.feature(ctx, caller, featureID)
	if err != nil {
		return nil, nil, err
	}
	s, _, err := a.Store.State(ctx, caller.Env, customerID)
	if err != nil {
		return nil, nil, err
	}
	return billing.DecidePaywall(cat, f, access, s.Products, caller.Now), cat, nil
}
