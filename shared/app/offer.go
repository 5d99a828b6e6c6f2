package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// CatalogFor returns the catalog for display. A caller that may change the catalog
// sees every change at once; pages for customers may lag ten seconds.
func (a *App) CatalogFor(ctx context.Context, caller Caller) (*catalog.Catalog, error) {
	return a.Store.Catalog(ctx, caller.Env, !caller.Publishable)
}

// Offer is the effect of attaching a product for a customer; nil where they would
// be sent to a page, and of an archived product where visitors ask. It reads the whole customer, calls no Stripe and changes
// nothing.
func (a *App) Offer(ctx context.Context, caller Caller, customerID, productID string) (*billing.Offer, billing.AttachState, error) {
	state, err := a.prospect(ctx, caller, customerID)
	if err != nil {
		return nil, state, err
	}
	p, err := state.Catalog.Product(productID)
	if err != nil {
		return nil, state, err
	}
	if p.Archived && caller.Publishable {
		return nil, state, nil
	}
	if err := (work{App: a, caller: caller}).trialsTaken(ctx, &state, []catalog.Product{p}); err != nil {
		return nil, state, err
	}
	return billing.DecideOffer(state, p, caller.Now), state, nil
}

// ProductsFor describes the effect that each product of the catalog would have for
// a customer.
func (a *App) ProductsFor(ctx context.Context, caller Caller, customerID string) (billing.AttachState, error) {
	state, err := a.prospect(ctx, caller, customerID)
	if err != nil {
		return state, err
	}
	return state, work{App: a, caller: caller}.trialsTaken(ctx, &state, state.Catalog.ListProducts(true))
}

// prospect is a customer to whom a product is shown. An unknown customer has the
// state of a new one.
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

// Paywall is the content for a customer whose check was refused; nil when it was
// allowed. It reads the whole customer.
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
