package app

import (
	"context"
	"fmt"
	"strings"

	"windfall/shared/billing"
)

// SetUsage brings a customer's usage of a feature to a value. An unknown
// customer is created.
func (a *App) SetUsage(ctx context.Context, who Caller, customerID, featureID string, value billing.Decimal) error {
	if err := billing.CheckCustomerID(customerID); err != nil {
		return err
	}
	f, _, err := a.feature(ctx, who, featureID)
	if err != nil {
		return err
	}
	own := billing.Use{Sources: []billing.Source{{FeatureID: f.ID, Cost: billing.One, Shards: f.WriteShards}}}
	_, err = again(ctx, a, func() (struct{}, error) {
		held, err := a.held(ctx, who, customerID, billing.CustomerData{}, nil, own)
		if err != nil {
			return struct{}{}, err
		}
		use, err := billing.SetUsage(f, held[f.ID], value, who.Now)
		if err != nil {
			return struct{}{}, err
		}
		_, _, err = a.saveUse(ctx, who, customerID, held, "", Tracked{}, use)
		return struct{}{}, err
	})
	return err
}

// SetBalances brings what is left of a customer's features to the amounts
// given: all of them or none. It is done by people, so the audit names it.
func (a *App) SetBalances(ctx context.Context, who Caller, customerID string, sets []billing.SetBalance) error {
	_, err := again(ctx, a, func() (struct{}, error) {
		s, err := a.existing(ctx, who, customerID)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.setBalances(ctx, who, s, sets)
	})
	return err
}

func (a *App) setBalances(ctx context.Context, who Caller, s billing.State, sets []billing.SetBalance) error {
	next := map[string]billing.Balance{}
	var order, texts []string
	var changes []billing.Change
	for _, set := range sets {
		f, _, err := a.feature(ctx, who, set.FeatureID)
		if err != nil {
			return err
		}
		b, seen := next[f.ID]
		if !seen {
			b, order = s.Balances[f.ID], append(order, f.ID)
		}
		if next[f.ID], err = billing.DecideSetBalance(f, b, set, who.Now); err != nil {
			return err
		}
		texts = append(texts, describeSet(set))
		changes = append(changes, billing.BalanceChange(b, next[f.ID], who.Now))
	}
	var changed []billing.Balance
	for _, id := range order {
		changed = append(changed, next[id])
	}
	changed, writes, err := a.billSeats(ctx, who, s.Customer.Key(), changed)
	if err != nil {
		return err
	}
	for _, b := range changed {
		writes = append(writes, SaveBalance{s.Customer.Key(), b, who.Now})
	}
	writes = append(writes, AddAudit{s.Customer.InternalID, billing.Audit{ID: a.NewID(), At: who.Now, Actor: who.Actor,
		Action: "set_balances", Changes: changes, Why: "Balances were set by hand: " + strings.Join(texts, ", ") + "."}})
	return a.Store.Commit(ctx, who.Env, writes...)
}

func describeSet(set billing.SetBalance) string {
	if set.Unlimited {
		return set.FeatureID + " unlimited"
	}
	return fmt.Sprintf("%s %s", set.FeatureID, set.Left)
}
