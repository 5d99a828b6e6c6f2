package app

import (
	"context"
	"slices"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
)

// An EntityView is an entity with what it holds: the products that are attached to it, and by
// feature its own balances put together with those of its customer.
type EntityView struct {
	Entity   billing.Entity
	Customer billing.State
	Balances map[string]entitlement.Balance

	rows map[string][]entitlement.Balance
}

// Sources are the balances of which that of a feature is put together, in the order in which
// they are used up: its own, and its customer's.
func (v EntityView) Sources(featureID string) []entitlement.Balance {
	if rows := v.rows[featureID]; rows != nil {
		return rows
	}
	return []entitlement.Balance{v.Balances[featureID]}
}

// GetEntity reads an entity.
func (a *App) GetEntity(ctx context.Context, caller Caller, customerID, entityID string) (EntityView, error) {
	s, err := a.existing(ctx, caller, customerID)
	if err == nil {
		err = billing.CheckEntityID(entityID)
	}
	if err != nil {
		return EntityView{}, err
	}
	found, err := a.Store.Entities(ctx, caller.Env, s.Customer.Key(), entityID)
	if err == nil && len(found) == 0 {
		err = billing.ErrEntityNotFound(entityID)
	}
	if err != nil {
		return EntityView{}, err
	}
	p, err := work{App: a, caller: caller}.ofEntity(ctx, s.Customer.Key(), entityID, s.Balances, featuresOf(s))
	return EntityView{found[0], s, p.balances, p.rows}, err
}

// An EntityQuery asks for a page of a customer's entities, in the order of their creation.
type EntityQuery struct {
	Search string // what an id or a name begins with, as billing.CheckSearch reads it; "" lists all
	After  int64  // the number of the last one of the page before; 0 is the first page
	Limit  int
	Fits   func(billing.State, billing.Entity) bool // those that it reports are listed; nil is all
}

// EntityPage reads a page of a customer's entities with what they hold. next is the number to go on
// after; 0 after the last page.
func (a *App) EntityPage(ctx context.Context, caller Caller, customerID string, q EntityQuery) (views []EntityView, next int64, err error) {
	s, err := a.existing(ctx, caller, customerID)
	if err != nil {
		return nil, 0, err
	}
	all, err := a.ListEntities(ctx, caller, s)
	if err != nil {
		return nil, 0, err
	}
	found := slices.DeleteFunc(all, func(e billing.Entity) bool {
		return e.Number <= q.After || !strings.HasPrefix(billing.SearchText(e.ID), q.Search) && !strings.HasPrefix(billing.SearchText(e.Name), q.Search) ||
			q.Fits != nil && !q.Fits(s, e)
	})
	if len(found) > q.Limit {
		found = found[:q.Limit]
		next = found[q.Limit-1].Number
	}
	if len(found) == 0 {
		return nil, 0, nil
	}
	rows, err := a.Store.BalancesOfEntities(ctx, caller.Env, s.Customer.Key(), "")
	if err != nil {
		return nil, 0, err
	}
	its := map[string]map[string]entitlement.Balance{}
	for _, b := range rows {
		if its[b.Entity.ID] == nil {
			its[b.Entity.ID] = map[string]entitlement.Balance{}
		}
		its[b.Entity.ID][b.FeatureID] = b
	}
	for _, e := range found {
		p := poolOf(e.EntityRef, its[e.ID], s.Balances, featuresOf(s), caller.Now)
		views = append(views, EntityView{e, s, p.balances, p.rows})
	}
	return views, next, nil
}

func featuresOf(s billing.State) (features []string) {
	for id := range s.Balances {
		features = append(features, id)
	}
	return features
}

// ListEntities reads all entities of a customer in the order of their creation.
func (a *App) ListEntities(ctx context.Context, caller Caller, s billing.State) ([]billing.Entity, error) {
	if s.Customer.Entities.Total() == 0 {
		return nil, nil
	}
	return a.Store.Entities(ctx, caller.Env, s.Customer.Key())
}

// WithEntities is the customer with balances that are put together with those of the
// entities.
func (a *App) WithEntities(ctx context.Context, caller Caller, s billing.State) (billing.State, error) {
	if s.Customer.Entities.Made == 0 {
		return s, nil
	}
	p, err := work{App: a, caller: caller}.withEntities(ctx, s.Customer.Key(), s.Balances, featuresOf(s))
	s.Balances = p.balances
	return s, err
}
