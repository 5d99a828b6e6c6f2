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
	"windfall/shared/refusal"
)

// SetUsage brings a customer's usage of a feature to a value, and returns what
// no balance covers of it: that is dropped. An unknown customer is created with this data.
//
// For an entity it is the usage of the entity's own balance.
func (a *App) SetUsage(ctx context.Context, caller Caller, customerID string, data billing.CustomerData, entityID, featureID string, value money.Decimal) (dropped money.Decimal, err error) {
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
		from, err := w.poolFor(ctx, customerID, entityID, data, nil, own)
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
	return a.once(ctx, caller, fmt.Sprintf("set_balances %q %+v", customerID, sets), func(once []Write) error {
		s, err := a.existing(ctx, caller, customerID)
		if err != nil {
			return err
		}
		return a.setBalances(ctx, caller, s, sets, once)
	})
}

// once makes a change of a call with an Idempotency-Key once: a repetition finds that it is
// done, also after the process that made it died. what says all that is asked for. Without a
// key it only tries again while another write is faster.
func (a *App) once(ctx context.Context, caller Caller, what string, change func(once []Write) error) error {
	var done []Write
	if caller.RequestKey != "" {
		named := caller
		named.RequestKey += "\x00" + what
		done = []Write{OperationDone{OperationID: a.operationID(named), Now: caller.Now}}
	}
	_, err := RetryStale(ctx, a.Pause, func() (struct{}, error) {
		err := change(done)
		if err != nil && len(done) > 0 {
			if _, found, failed := a.Store.Done(ctx, caller.Env, done[0].(OperationDone).OperationID); failed != nil || found {
				return struct{}{}, failed
			}
		}
		return struct{}{}, err
	})
	return err
}

func (a *App) setBalances(ctx context.Context, caller Caller, s billing.State, sets []entitlement.SetBalance, more []Write) error {
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
	writes = append(writes, entitiesStay(s.Customer.Key(), changed)...)
	writes = append(writes, AuditOf(s.Customer, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: caller.Actor,
		Action: "set_balances", Changes: changes, Why: "Balances were set by hand: " + strings.Join(texts, ", ") + "."}))
	return a.Store.Commit(ctx, caller.Env, append(reasoned(ctx, writes), more...)...)
}

// balanceOf is the balance of a customer, or of one of their entities, that is set by hand.
func (a *App) balanceOf(ctx context.Context, caller Caller, s billing.State, entityID, featureID string) (entitlement.Balance, error) {
	if entityID == "" {
		return s.Balances[featureID], nil
	}
	if err := checkEntity(entityID); err != nil {
		return entitlement.Balance{}, err
	}
	read, found, err := a.Store.EntityBalances(ctx, caller.Env, s.Customer.Key(), entityID, featureID)
	if err == nil && !found {
		err = billing.ErrEntityNotFound(entityID)
	}
	b, there := read.Its[featureID]
	if !there {
		b = entitlement.Balance{FeatureID: featureID, Entity: read.Entity.EntityRef}
	}
	b, _ = b.FollowCustomer(s.Balances[featureID], caller.Now)
	return b, err
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

// A BalanceOf names the balance of a feature: a customer's, or one of their entities'.
type BalanceOf struct{ CustomerID, EntityID, FeatureID string }

func (of BalanceOf) String() string {
	text := fmt.Sprintf("%q %q", of.CustomerID, of.FeatureID)
	if of.EntityID != "" {
		text += fmt.Sprintf(" entity %q", of.EntityID)
	}
	return text
}

// CreateGrant gives a customer or an entity a balance that belongs to no product. Without
// an id it gets a new one.
func (a *App) CreateGrant(ctx context.Context, caller Caller, of BalanceOf, n entitlement.NewGrant) error {
	asked := fmt.Sprintf("%+v", n)
	if n.ID == "" {
		n.ID = "bal_" + a.NewID()
	}
	return a.changeGrants(ctx, caller, of, "create_balance", asked, func(f catalog.Feature, b entitlement.Balance) (entitlement.Balance, error) {
		if err := a.usable(ctx, caller, f); err != nil {
			return b, err
		}
		return entitlement.DecideNewGrant(f, b, n, caller.Now)
	})
}

// usable refuses a balance of a feature that credits alone pay for.
func (a *App) usable(ctx context.Context, caller Caller, f catalog.Feature) error {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err == nil && cat.CreditsAlone(f.ID) {
		err = refusal.Invalid(entitlement.ReasonGrantUnused, f.ID)
	}
	return err
}

// DeleteGrant takes a balance that belongs to no product away; id "" is the only one of the
// feature.
func (a *App) DeleteGrant(ctx context.Context, caller Caller, of BalanceOf, id string) error {
	return a.changeGrants(ctx, caller, of, "delete_balance", id, func(f catalog.Feature, b entitlement.Balance) (entitlement.Balance, error) {
		return entitlement.DecideDeleteGrant(f, b, id, caller.Now)
	})
}

// UpdateGrant changes the allowance or the dates of a balance that belongs to no product.
func (a *App) UpdateGrant(ctx context.Context, caller Caller, of BalanceOf, u entitlement.GrantUpdate) error {
	asked := fmt.Sprintf("%q %v %v %v", u.ID, u.Included, u.ResetsAt, u.Until)
	return a.changeGrants(ctx, caller, of, "update_balance", asked, func(f catalog.Feature, b entitlement.Balance) (entitlement.Balance, error) {
		return entitlement.DecideGrantUpdate(f, b, u, caller.Now)
	})
}

// whyGrants says of each action what it was, for the audit.
var whyGrants = map[string]string{
	"create_balance": "A balance of %s that belongs to no product was given.",
	"delete_balance": "A balance of %s that belongs to no product was taken away.",
	"update_balance": "A balance of %s that belongs to no product was changed.",
}

// changeGrants decides on a balance and saves it. The customer's row guards the write: a
// balance that is new would outlive a customer or an entity that is deleted at this moment.
func (a *App) changeGrants(ctx context.Context, caller Caller, of BalanceOf, action, asked string, decide func(catalog.Feature, entitlement.Balance) (entitlement.Balance, error)) error {
	return a.once(ctx, caller, fmt.Sprintf("%s %s %s", action, of, asked), func(once []Write) error {
		s, err := a.existing(ctx, caller, of.CustomerID)
		if err != nil {
			return err
		}
		f, _, err := a.feature(ctx, caller, of.FeatureID)
		if err != nil {
			return err
		}
		was, err := a.balanceOf(ctx, caller, s, of.EntityID, f.ID)
		if err != nil {
			return err
		}
		next, err := decide(f, was)
		if err != nil {
			return err
		}
		key, whose := s.Customer.Key(), f.ID
		writes := append(once, SaveCustomer{s.Customer})
		if of.EntityID == "" {
			next.Shards.Want = f.WriteShards
		} else {
			whose += " of entity " + of.EntityID
			if own := s.Balances[f.ID]; !own.OfEntities() {
				writes = append(writes, SaveBalance{key, own.WithMark(f.ID, caller.Now), caller.Now})
			}
		}
		return a.Store.Commit(ctx, caller.Env, append(writes, SaveBalance{key, next, caller.Now},
			AuditOf(s.Customer, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: caller.Actor, Action: action,
				Changes: []billing.Change{billing.BalanceChange(was, next, caller.Now)}, Why: fmt.Sprintf(whyGrants[action], whose)}))...)
	})
}
