package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
)

// A pool is what a use may be taken from, by feature. For an ordinary customer that is a
// row of each. With entities it is several, which the rules see as one:
//
//   - for an entity its own balance, then the customer's;
//   - for a customer the own balance, then those of the entities in the order of their
//     creation.
type pool struct {
	balances map[string]entitlement.Balance
	rows     map[string][]entitlement.Balance // of the features with several
	entity   int64                            // the number of the entity that was read; 0 for none
}

// taken returns the rows to save where the rules changed what they saw.
func (p pool) taken(changed []entitlement.Balance, now time.Time) (rows []entitlement.Balance) {
	if p.rows == nil {
		return changed
	}
	for _, b := range changed {
		if of, several := p.rows[b.FeatureID]; several {
			rows = append(rows, b.Unpool(of, now)...)
		} else {
			rows = append(rows, b)
		}
	}
	return rows
}

// carrier is a row that takes an event along although nothing of it changes:
// one write, as for a use that counts.
func (p pool) carrier(now time.Time, requests []entitlement.UsageRequest) []entitlement.Balance {
	for _, u := range requests {
		for _, s := range u.Funding {
			rows := p.rows[s.FeatureID]
			if rows == nil {
				rows = []entitlement.Balance{p.balances[s.FeatureID]}
			}
			for _, b := range rows {
				if b.Version > 0 {
					return []entitlement.Balance{b.At(now)}
				}
			}
		}
	}
	return nil
}

// add puts further rows of a feature into the pool; the customer's own is there.
func (p *pool) add(featureID string, now time.Time, own int, rows ...entitlement.Balance) {
	if b, there := p.balances[featureID]; there {
		rows = append(rows, b) // and not slices.Insert, for size: see catalog.Funding
		copy(rows[own+1:], rows[own:])
		rows[own] = b
	}
	if len(rows) == 0 {
		return
	}
	if p.rows == nil {
		p.rows = map[string][]entitlement.Balance{}
		if p.balances = maps.Clone(p.balances); p.balances == nil { // those that were read stay as they are
			p.balances = map[string]entitlement.Balance{}
		}
	}
	p.rows[featureID] = rows
	p.balances[featureID] = entitlement.Pool(rows, now)
}

// withEntities adds the balances of a customer's entities to the customer's own, where a row
// says that there may be any.
func (w work) withEntities(ctx context.Context, id string, own map[string]entitlement.Balance, features []string) (pool, error) {
	p := pool{balances: own}
	for _, f := range features {
		b := own[f]
		if !b.OfEntities() || p.rows[f] != nil {
			continue
		}
		rows, err := w.Store.BalancesOfEntities(ctx, w.caller.Env, id, f)
		if err != nil {
			return p, err
		}
		for i := range rows {
			rows[i], _ = rows[i].FollowCustomer(b, w.caller.Now)
		}
		p.add(f, w.caller.Now, 0, rows...)
	}
	return p, nil
}

// ofEntity is what an entity may use. own replaces what is read of the customer, where that is
// known better; the error is entity_not_found.
func (w work) ofEntity(ctx context.Context, id, entityID string, own map[string]entitlement.Balance, features []string) (pool, error) {
	read, found, err := w.Store.EntityBalances(ctx, w.caller.Env, id, entityID, features...)
	if err == nil && !found {
		err = billing.ErrEntityNotFound(entityID)
	}
	if err != nil {
		return pool{}, err
	}
	if own == nil {
		own = read.Own
	}
	return poolOf(read.Entity.EntityRef, read.Its, own, features, w.caller.Now), nil
}

// poolOf puts what is an entity's of some features before what is its customer's.
func poolOf(e entitlement.EntityRef, its, own map[string]entitlement.Balance, features []string, now time.Time) pool {
	p := pool{balances: own, entity: e.Number}
	for _, f := range features {
		b, there := its[f]
		if !there {
			b = entitlement.Balance{FeatureID: f, Entity: e}
		}
		b, _ = b.FollowCustomer(own[f], now)
		if len(b.Grants)+len(b.Late) > 0 && p.rows[f] == nil { // a lock may be all that is left of it
			p.add(f, now, 1, b)
		}
	}
	return p
}

// fundedBy lists the features that uses may be taken from, each once.
func fundedBy(requests []entitlement.UsageRequest) (features []string) {
	for _, u := range requests {
		for _, s := range u.Funding {
			features = append(features, s.FeatureID)
		}
	}
	slices.Sort(features)
	return slices.Compact(features)
}

// itsOwn is what is the entity's alone of a feature.
func (p pool) itsOwn(featureID string) pool {
	var its entitlement.Balance
	for _, b := range p.rows[featureID] {
		if b.Entity.ID != "" {
			its = b
		}
	}
	return pool{balances: map[string]entitlement.Balance{featureID: its}}
}
