package app

import (
	"context"

	"windfall/shared/billing"
)

// A CheckCommand asks whether a customer may use a feature.
type CheckCommand struct {
	CustomerID string
	Data       billing.CustomerData
	FeatureID  string
	Required   billing.Decimal
}

// Check answers from one read: the balance row of the feature. Only a customer
// without such a row is read whole, and created when unknown. It changes
// nothing else.
func (a *App) Check(ctx context.Context, who Caller, cmd CheckCommand) (billing.Access, error) {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return billing.Access{}, err
	}
	feature, err := a.feature(ctx, who, cmd.FeatureID)
	if err != nil {
		return billing.Access{}, err
	}
	check := billing.Check{FeatureID: feature.ID, Required: cmd.Required, Now: who.Now}
	if !cmd.Data.Given() {
		b, err := a.Store.Balance(ctx, who.Env, cmd.CustomerID, feature.ID)
		if err != nil {
			return billing.Access{}, err
		}
		if b.Version > 0 {
			return billing.DecideCheck(feature, b, check), nil
		}
	}
	s, err := a.customer(ctx, who, cmd.CustomerID, cmd.Data)
	if err != nil {
		return billing.Access{}, err
	}
	return billing.DecideCheck(feature, s.Balances[feature.ID], check), nil
}

// CheckProduct answers whether a customer holds a product.
func (a *App) CheckProduct(ctx context.Context, who Caller, customerID, productID string, d billing.CustomerData) (billing.ProductAccess, error) {
	catalog, err := a.Store.Catalog(ctx, who.Env, false)
	if err != nil {
		return billing.ProductAccess{}, err
	}
	if _, err := catalog.Product(productID); err != nil {
		if catalog, err = a.Store.Catalog(ctx, who.Env, true); err != nil {
			return billing.ProductAccess{}, err
		}
		if _, err := catalog.Product(productID); err != nil {
			return billing.ProductAccess{}, err
		}
	}
	s, err := a.customer(ctx, who, customerID, d)
	if err != nil {
		return billing.ProductAccess{}, err
	}
	return billing.DecideProductCheck(s.Held, productID, catalog.Settings.KeepAccessWhenPastDue, who.Now), nil
}

// feature finds a feature; one that is unknown may have been made a moment
// ago, so the catalog is read afresh before it is refused.
func (a *App) feature(ctx context.Context, who Caller, id string) (billing.Feature, error) {
	for _, fresh := range []bool{false, true} {
		catalog, err := a.Store.Catalog(ctx, who.Env, fresh)
		if err != nil {
			return billing.Feature{}, err
		}
		if f, ok := catalog.Features[id]; ok {
			return f, nil
		}
	}
	return billing.Feature{}, billing.ErrFeatureNotFound(id)
}
