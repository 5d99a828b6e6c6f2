package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// CatalogFor returns what is offered, to show it. Who may change the catalog
// sees every change at once; pages that customers see may lag ten seconds.
func (a *App) CatalogFor(ctx context.Context, caller Caller) (*catalog.Catalog, error) {
	return a.Store.Catalog(ctx, caller.Env, !caller.Publishable)
}

// Offer says what attaching a product would do for a customer; nil where they
// would be sent to a page. It reads the customer whole, asks nothing of Stripe
// and changes nothing.
func (a *App) Offer(ctx context.Context, caller Caller, customerID, productID string) (*billing.Offer, billing.AttachState, error) {
	state, err := a.prospect(ctx, caller, customerID)
	if err != nil {
		return nil, state, err
	}
	p, err := state.Catalog.Product(productID)
	if err != nil {
		return nil, state, err
	}
	if err := (work{App: a, caller: caller}).trialsTaken(ctx, &state, []catalog.Product{p}); err != nil {
		return nil, state, err
	}
	return billing.DecideOffer(state, p, caller.Now), state, nil
}

// ProductsFor is what says of each product of the catalog what it would mean
// to a customer.
func (a *App) ProductsFor(ctx context.Context, caller Caller, customerID string) (billing.AttachState, error) {
	state, err := a.prospect(ctx, caller, customerID)
	if err != nil {
		return state, err
	}
	return state, work{App: a, caller: caller}.trialsTaken(ctx, &state, state.Catalog.ListProducts(true))
}

// prospect is a customer as somebody to whom a product is shown. An unknown
// one is as a new one would begin.
func (a *App) prospect(ctx context.Context, caller Caller, customerID string) (billing.AttachState, error) {
	if err := billing.CheckCustomerID(customerID); err != nil {
		return billing.AttachState{}, err
	}
	cat, err := a.CatalogFor(ctx, caller)
	if err != nil {
		return billing.AttachState{}, err
	}
	s, err := work{App: a, caller: caller, catalog: cat}.imagined(ctx, customerID, billing.CustomerData{})
	return billing.AttachState{State: s, Catalog: cat}, err
}

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
