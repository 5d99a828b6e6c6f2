package app

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// SetUsage brings a customer's usage of a feature to a value, and returns what
// no balance covers of it: that is dropped. An unknown customer is created.
//
// For an entity it is the usage of the entity's own balance.
func (a *App) SetUsage(ctx context.Context, caller Caller, customerID, entityID, featureID string, value money.Decimal) (dropped money.Decimal, err error) {
	if err := cmp.Or(billing.CheckCustomerID(customerID), checkEntity(entityID)); err != nil {
		return dropped, err
	}
	f, cat, err := a.feature(ctx, caller, featureID)
	if err != nil {
		return dropped, err
	}
	w := work{App: a, caller: caller, catalog: cat}
	own := entitlement.UsageRequest{Funding: []catalog.Source{{FeatureID: f.ID, Cost: money.One, Shards: f.WriteShards}}}
	return RetryStale(ctx, a.Pause, func() (money.Decimal, error) {
		from, err := w.poolFor(ctx, customerID, entityID, billing.CustomerData{}, nil, own)
		if err != nil {
			return money.Zero, err
		}
		if entityID != "" {
			from = from.itsOwn(f.ID)
		}
		use, err := entitlement.SetUsage(f, from.balances[f.ID], value, caller.Now)
		if err != nil {
			return money.Zero, err
		}
		if use.Value.IsPositive() { // what was too much can be set right
			if err := cat.Settings.CheckUsage(use.Value); err != nil {
				return money.Zero, err
			}
		}
		counted, err := a.saveUse(ctx, caller, customerID, from, nil, nil, use)
		if err != nil {
			return money.Zero, err
		}
		return counted[0].Dropped, nil
	})
}

// SetBalances sets the remaining amounts of a customer's features: all of them or
// none. A person makes such a call, so the audit records it.
func (a *App) SetBalances(ctx context.Context, caller Caller, customerID string, sets []entitlement.SetBalance) error {
	_, err := RetryStale(ctx, a.Pause, func() (struct{}, error) {
		s, err := a.existing(ctx, caller, customerID)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.setBalances(ctx, caller, s, sets)
	})
	return err
}

func (a *App) setBalances(ctx context.Context, caller Caller, s billing.State, sets []entitlement.SetBalance) error {
	type place struct{ entityID, featureID string }
	next := map[place]entitlement.Balance{}
	var order []place
	var texts []string
	var changes []billing.Change
	for _, set := range sets {
		f, _, err := a.feature(ctx, caller, set.FeatureID)
		if err != nil {
			return err
		}
		at := place{set.EntityID, f.ID}
		b, seen := next[at]
		if !seen {
			if b, err = a.balanceOf(ctx, caller, s, set.EntityID, f.ID); err != nil {
				return err
			}
			order = append(order, at)
		}
		if next[at], err = entitlement.DecideSetBalance(f, b, set, caller.Now); err != nil {
			return err
		}
		texts = append(texts, describeSet(set))
		changes = append(changes, billing.BalanceChange(b, next[at], caller.Now))
	}
	var changed []entitlement.Balance
	for _, at := range order {
		changed = append(changed, next[at])
	}
	changed, writes, err := a.billSeats(ctx, caller, s.Customer.Key(), changed)
	if err != nil {
		return err
	}
	for _, b := range changed {
		writes = append(writes, SaveBalance{s.Customer.Key(), b, caller.Now})
	}
	writes = append(writes, AddAudit{s.Customer.InternalID, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: caller.Actor,
		Action: "set_balances", Changes: changes, Why: "Balances were set by hand: " + strings.Join(texts, ", ") + "."}})
	return a.Store.Commit(ctx, caller.Env, writes...)
}

// balanceOf is the balance of a customer, or of one of their entities, that is set by hand.
func (a *App) balanceOf(ctx context.Context, caller Caller, s billing.State, entityID, featureID string) (entitlement.Balance, error) {
	if entityID == "" {
		return s.Balances[featureID], nil
	}
	if err := checkEntity(entityID); err != nil {
		return entitlement.Balance{}, err
	}
	w := work{App: a, caller: caller}
	p, err := w.ofEntity(ctx, s.Customer.Key(), entityID, s.Balances, []string{featureID})
	return p.itsOwn(featureID).balances[featureID], err
}

func describeSet(set entitlement.SetBalance) string {
	of := set.FeatureID
	if set.EntityID != "" {
		of += " of " + set.EntityID
	}
	if set.Unlimited {
		return of + " unlimited"
	}
	return fmt.Sprintf("%s %s", of, set.Left)
}
