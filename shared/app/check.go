package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A CheckCommand asks whether a customer may use a feature.
type CheckCommand struct {
	CustomerID string
	Data       billing.CustomerData
	EntityID   string // of the customer; "" asks for the customer with all of them
	EntityData EntityData
	FeatureID  string
	Required   money.Decimal
	Use        bool       // and debits the required amount when they may
	Properties string     // of that use: a JSON object, or ""
	Lock       *LockTerms // reserves the required amount, if they may; nil for none
}

// Check answers from one read: the balance rows of the feature and of the
// credit systems that cover it. Only a customer without such rows is read
// whole, and created when unknown. It changes nothing else, unless the use is
// to be taken, which is one conditional write instead of the read.
func (a *App) Check(ctx context.Context, caller Caller, cmd CheckCommand) (entitlement.Access, error) {
	if err := billing.CheckCustomerID(cmd.CustomerID); err != nil {
		return entitlement.Access{}, err
	}
	feature, cat, err := a.feature(ctx, caller, cmd.FeatureID)
	if err != nil {
		return entitlement.Access{}, err
	}
	if (cmd.Use || cmd.Lock != nil) && !feature.Metered() {
		return entitlement.Access{}, refusal.ErrNotMetered(feature.ID)
	}
	use := entitlement.UsageRequest{Feature: feature, Funding: cat.Funding(feature), Value: cmd.Required, Whole: true, Now: caller.Now}
	if cmd.Use && cmd.Required.IsPositive() || cmd.Lock != nil {
		return a.consume(ctx, caller, cat, cmd, use)
	}
	w := work{App: a, caller: caller, catalog: cat}
	from, err := withEntity(ctx, w, cmd.CustomerID, cmd.Data, cmd.EntityID, cmd.EntityData, nil, func() (pool, error) {
		return RetryStale(ctx, a.Pause, func() (pool, error) { return w.poolFor(ctx, cmd.CustomerID, cmd.EntityID, cmd.Data, nil, use) })
	})
	if err != nil {
		return entitlement.Access{}, err
	}
	return entitlement.DecideCheck(cat, use, from.balances)
}

// consume takes a use whole when it is allowed.
func (a *App) consume(ctx context.Context, caller Caller, cat *catalog.Catalog, cmd CheckCommand, use entitlement.UsageRequest) (entitlement.Access, error) {
	if err := entitlement.CheckUsageEvent("", cmd.Properties); err != nil {
		return entitlement.Access{}, err
	}
	if err := cat.Settings.CheckUsage(cmd.Required); err != nil {
		return entitlement.Access{}, err
	}
	w := work{App: a, caller: caller, catalog: cat}
	if err := w.introduce(ctx, cmd.CustomerID, cmd.EntityID, cmd.Data); err != nil {
		return entitlement.Access{}, err
	}
	if cmd.Lock != nil {
		return w.checkLocked(ctx, cmd, use)
	}
	event, err := a.usageEvent(ctx, caller, TrackCommand{CustomerID: cmd.CustomerID, EntityID: cmd.EntityID, Value: cmd.Required, Properties: cmd.Properties}, []entitlement.UsageRequest{use})
	if err != nil {
		return entitlement.Access{}, err
	}
	take := func() (entitlement.Access, error) {
		var fast fastUse
		if cmd.EntityID == "" { // the answer for an entity has the customer's balance in it, too
			fast, err = a.useOne(ctx, caller, cmd.CustomerID, "", use, true, []UsageRecord{event})
		}
		if err != nil {
			return entitlement.Access{}, err
		}
		if fast.done {
			return w.used(ctx, cmd.CustomerID, use, fast)
		}
		from, err := w.poolFor(ctx, cmd.CustomerID, cmd.EntityID, billing.CustomerData{}, fast.known, use)
		if err != nil {
			return entitlement.Access{}, err
		}
		access, err := entitlement.DecideCheck(cat, use, from.balances)
		if err != nil || !access.Allowed {
			return access, err
		}
		_, err = a.saveUse(ctx, caller, cmd.CustomerID, from, nil, []UsageRecord{event}, use)
		if left, _, failed := entitlement.DecideUsage(from.balances, use); failed == nil {
			for _, b := range left {
				if b.FeatureID == access.FeatureID {
					access.Balance = b
				}
			}
		}
		return access, err
	}
	return withEntity(ctx, w, cmd.CustomerID, cmd.Data, cmd.EntityID, cmd.EntityData, nil, func() (entitlement.Access, error) {
		return RetryStale(ctx, a.Pause, take)
	})
}

// used is the answer to a check whose use was taken from the customer's own row. Where
// entities have balances of the feature, too, they are added for the answer.
func (w work) used(ctx context.Context, customerID string, use entitlement.UsageRequest, fast fastUse) (entitlement.Access, error) {
	if fast.balance.OfEntities() {
		id := fast.source.FeatureID
		from, err := w.withEntities(ctx, customerID, map[string]entitlement.Balance{id: fast.balance}, []string{id})
		if err != nil {
			return entitlement.Access{}, err
		}
		fast.balance = from.balances[id]
	}
	return use.Used(w.catalog, fast.source, fast.taken, fast.balance), nil
}

// CheckProduct answers whether a customer, or one of their entities, holds a product. An
// entity has those of its customer, too.
func (a *App) CheckProduct(ctx context.Context, caller Caller, customerID, entityID, productID string, d billing.CustomerData) (billing.ProductAccess, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return billing.ProductAccess{}, err
	}
	if _, err := cat.Product(productID); err != nil {
		if cat, err = a.Store.Catalog(ctx, caller.Env, true); err != nil {
			return billing.ProductAccess{}, err
		}
		if _, err := cat.Product(productID); err != nil {
			return billing.ProductAccess{}, err
		}
	}
	if entityID != "" { // before its customer is made
		if err := checkEntity(entityID); err != nil {
			return billing.ProductAccess{}, err
		}
		found, err := a.Store.Entities(ctx, caller.Env, customerID, entityID)
		if err == nil && len(found) == 0 {
			err = billing.ErrEntityNotFound(entityID)
		}
		if err != nil {
			return billing.ProductAccess{}, err
		}
	}
	s, err := work{App: a, caller: caller, catalog: cat}.knownCustomer(ctx, customerID, d)
	if err != nil {
		return billing.ProductAccess{}, err
	}
	products := slices.DeleteFunc(slices.Clone(s.Products), func(cp billing.CustomerProduct) bool { return cp.Entity.ID != "" && cp.Entity.ID != entityID })
	return billing.DecideProductCheck(products, productID, cat.Settings.KeepAccessWhenPastDue, caller.Now), nil
}

// feature finds a feature; one that is unknown may have been made a moment
// ago, so the catalog is read afresh before it is refused.
func (a *App) feature(ctx context.Context, caller Caller, id string) (catalog.Feature, *catalog.Catalog, error) {
	for _, fresh := range []bool{false, true} {
		cat, err := a.Store.Catalog(ctx, caller.Env, fresh)
		if err != nil {
			return catalog.Feature{}, nil, err
		}
		if f, ok := cat.Features[id]; ok {
			return f, cat, nil
		}
	}
	return catalog.Feature{}, nil, refusal.ErrFeatureNotFound(id)
}
