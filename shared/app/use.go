package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A fastUse is how far a use came without looking at rows as a whole.
type fastUse struct {
	done    bool
	source  catalog.Source      // what paid
	taken   money.Decimal       // in its units
	balance entitlement.Balance // after it, when it was asked for
	known   map[string]entitlement.Balance
}

// useOne takes one use out of the first of its sources that has something
// left, in one conditional write. Where that isn't enough, it returns the rows
// it met, for the slow path.
//
// A source found empty is passed over for good: whatever is given back to it
// at the same moment came later.
//
// Of an entity only the first source is tried: what the customer has of it comes next, which the
// entity's row does not say.
func (a *App) useOne(ctx context.Context, caller Caller, key, entityID string, u entitlement.UsageRequest, read bool, events []UsageRecord) (fastUse, error) {
	var fast fastUse
	if !u.Plain() {
		return fast, nil
	}
	for _, s := range u.Funding {
		if entityID != "" {
			s.Shards = 0
		}
		amount, err := s.Convert(u.Value)
		if err != nil {
			return fast, err
		}
		b, done, err := a.Store.Debit(ctx, caller.Env, key, DebitBatch{Debits: []Debit{{FeatureID: s.FeatureID, EntityID: entityID, Amount: amount, Shards: s.Shards}}, Now: u.Now, Read: read, Events: events})
		if err != nil {
			return fast, err
		}
		if done {
			fast.done, fast.source, fast.taken, fast.balance = true, s, amount, b
			return fast, nil
		}
		if entityID != "" {
			return fast, nil
		}
		if fast.known == nil {
			fast.known = map[string]entitlement.Balance{}
		}
		fast.known[s.FeatureID] = b
		if available, unlimited := b.At(u.Now).Available(u.Now); b.OfEntities() || unlimited || available.IsPositive() || u.Value.IsNegative() {
			return fast, nil
		}
	}
	return fast, nil
}

// poolFor reads the rows that uses of a customer or of one of their entities may be
// taken from; see balancesFor.
func (w work) poolFor(ctx context.Context, id, entityID string, d billing.CustomerData, known map[string]entitlement.Balance, requests ...entitlement.UsageRequest) (pool, error) {
	if entityID != "" {
		return w.ofEntity(ctx, id, entityID, nil, fundedBy(requests))
	}
	own, err := w.balancesFor(ctx, id, d, known, requests...)
	if err != nil || !anyOfEntities(own) {
		return pool{balances: own}, err
	}
	return w.withEntities(ctx, id, own, fundedBy(requests))
}

func anyOfEntities(balances map[string]entitlement.Balance) bool {
	for _, b := range balances {
		if b.OfEntities() {
			return true
		}
	}
	return false
}

// balancesFor reads the rows that uses may be taken from. known holds those met a
// moment ago, with version 0 where there is none. A customer without any of
// them, or with customer_data, is read whole, and created when unknown.
func (w work) balancesFor(ctx context.Context, id string, d billing.CustomerData, known map[string]entitlement.Balance, requests ...entitlement.UsageRequest) (map[string]entitlement.Balance, error) {
	var balances map[string]entitlement.Balance
	var missing []string
	for _, u := range requests {
		for _, s := range u.Funding {
			if b, met := known[s.FeatureID]; !met {
				missing = append(missing, s.FeatureID)
			} else if b.Version > 0 {
				if balances == nil {
					balances = map[string]entitlement.Balance{}
				}
				balances[s.FeatureID] = b
			}
		}
	}
	slices.Sort(missing)
	if missing = slices.Compact(missing); len(missing) > 0 && !d.Given() {
		read, err := w.Store.Balances(ctx, w.caller.Env, id, missing...)
		if err != nil {
			return nil, err
		}
		if len(balances) == 0 {
			balances = read
		} else {
			maps.Copy(balances, read)
		}
	}
	if len(balances) > 0 {
		return balances, nil
	}
	s, err := w.customer(ctx, id, d)
	return s.Balances, err
}

// saveUse decides uses on rows as a whole and saves those that changed, all or
// none. It returns refusal.ErrStale when one of them changed meanwhile.
func (a *App) saveUse(ctx context.Context, caller Caller, key string, from pool, keys []RequestKey, events []UsageRecord, requests ...entitlement.UsageRequest) ([]entitlement.Counted, error) {
	changed, counted, err := decideUse(from, caller.Now, requests, len(keys)+len(events) > 0)
	if err != nil || len(changed)+len(keys)+len(events) == 0 {
		return counted, err // nothing to count down
	}
	changed, also, err := a.billSeats(ctx, caller, key, changed)
	if err != nil {
		return nil, err
	}
	return counted, a.saveUsed(ctx, caller, key, changed, also, keys, events)
}

// decideUse returns the rows to save: those that the uses change, or one that
// takes along what else there is to save, and what became of each use.
func decideUse(from pool, now time.Time, requests []entitlement.UsageRequest, more bool) ([]entitlement.Balance, []entitlement.Counted, error) {
	changed, counted, err := entitlement.DecideUsage(from.balances, requests...)
	if changed = from.taken(changed, now); err == nil && len(changed) == 0 && more {
		changed = from.carrier(now, requests)
	}
	distribute(changed, requests)
	return changed, counted, err
}

// saveUsed saves the rows that uses changed, and what must be saved with them.
func (a *App) saveUsed(ctx context.Context, caller Caller, key string, changed []entitlement.Balance, also []Write, keys []RequestKey, events []UsageRecord) error {
	also = append(slices.Clip(also), entitiesStay(key, changed)...)
	done, used, err := a.Store.SaveUsed(ctx, caller.Env, key, changed, DebitBatch{Now: caller.Now, Events: events, Keys: keys, Also: also})
	switch {
	case len(used) > 0:
		err = keysUsed(used)
	case err == nil && !done:
		err = refusal.ErrStale
	}
	return err
}

// distribute has the balances counted on as many rows as their features ask for.
func distribute(changed []entitlement.Balance, requests []entitlement.UsageRequest) {
	for _, u := range requests {
		for _, s := range u.Funding {
			for i := range changed {
				if changed[i].FeatureID == s.FeatureID && changed[i].Entity.ID == "" {
					changed[i].Shards.Want = s.Shards
				}
			}
		}
	}
}
