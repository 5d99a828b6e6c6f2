package app

import (
	"context"
	"errors"
	"slices"
	"sync"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// entitiesFollow records that what the customer's products grant to each entity has changed. The
// stream of the table has it carried out at once. Until then whatever reads an entity's
// row beside the customer's sees it followed already; only a use that fits into the row as it is counts there.
func (w work) entitiesFollow(key string) Write {
	op := billing.Operation{ID: w.NewID(), Command: billing.FollowEntities, Actor: w.caller.Actor, State: billing.Running, CreatedAt: w.caller.Now}
	return SaveOperation{Key: key, Operation: op, Due: dueOf(op), Begin: true}
}

// entitiesStay guards rows of entities that were never written: an entity that is deleted at
// this moment must leave none.
func entitiesStay(key string, rows []entitlement.Balance) (writes []Write) {
	for _, b := range rows {
		stays := Write(EntityStays{key, b.Entity})
		if b.Entity.ID != "" && b.Version == 0 && !slices.Contains(writes, stays) {
			writes = append(writes, stays)
		}
	}
	return writes
}

// followersAtOnce is how many rows of entities are saved beside each other.
const followersAtOnce = 16

// followEntities brings the rows of all entities to what the customer's products grant to
// each, one by one: each moves at its own moment, and one that has moved is left alone, so that the
// next process continues. A customer that changed meanwhile is looked at again: what was read of it may be old.
func (w work) followEntities(ctx context.Context, op billing.Operation) error {
	_, err := RetryStale(ctx, w.Pause, func() (struct{}, error) {
		s, found, err := w.Store.State(ctx, w.caller.Env, w.state.Customer.Key())
		if err != nil || !found || s.Operation(op.ID) == nil {
			return struct{}{}, err // gone, or another process did it
		}
		if err := w.followRows(ctx, s); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.Store.Commit(ctx, w.caller.Env, SaveCustomer{s.Customer}, EndOperation{s.Customer.Key(), op.ID})
	})
	return err
}

func (w work) followRows(ctx context.Context, s billing.State) error {
	key := s.Customer.Key()
	entities, err := w.Store.Entities(ctx, w.caller.Env, key)
	if err != nil {
		return err
	}
	rows, err := w.Store.BalancesOfEntities(ctx, w.caller.Env, key, "")
	if err != nil {
		return err
	}
	type place struct{ featureID, entityID string }
	of := map[place]entitlement.Balance{}
	for _, b := range rows {
		of[place{b.FeatureID, b.Entity.ID}] = b
	}
	var moved []entitlement.Balance
	for id, own := range s.Balances {
		if !own.OfEntities() {
			continue
		}
		for _, e := range entities {
			b, there := of[place{id, e.ID}]
			if !there {
				b = entitlement.Balance{FeatureID: id, Entity: e.EntityRef}
			}
			if b, changed := b.FollowCustomer(own, w.caller.Now); changed {
				moved = append(moved, b)
			}
		}
	}
	return w.saveAll(ctx, key, moved)
}

// saveAll saves rows of entities, each by itself. One that changed meanwhile is
// refusal.ErrStale; the others are saved all the same.
func (w work) saveAll(ctx context.Context, key string, rows []entitlement.Balance) error {
	errs := make([]error, len(rows))
	var running sync.WaitGroup
	slots := make(chan struct{}, followersAtOnce)
	for i, b := range rows {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			if b.Version == 0 { // an entity that is deleted at this moment gets none
				errs[i] = w.Store.Commit(ctx, w.caller.Env, SaveBalance{key, b, w.caller.Now}, EntityStays{key, b.Entity})
				return
			}
			errs[i] = w.saveUsed(ctx, w.caller, key, []entitlement.Balance{b}, nil, nil, nil)
		})
	}
	running.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, refusal.ErrStale) {
			return err
		}
	}
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		return errs[i]
	}
	return nil
}
