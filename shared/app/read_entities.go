package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

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
	if err != nil {
		return EntityView{}, err
	}
	e, err := a.Entity(ctx, caller, s.Customer, entityID)
	if err != nil {
		return EntityView{}, err
	}
	p, err := work{App: a, caller: caller}.ofEntity(ctx, s.Customer.Key(), entityID, s.Balances, featuresOf(s))
	return EntityView{e, s, p.balances, p.rows}, err
}

// Entity reads the entity of a customer that has an id now. Its number tells it from another one
// that had the id before.
func (a *App) Entity(ctx context.Context, caller Caller, c billing.Customer, entityID string) (billing.Entity, error) {
	if err := billing.CheckEntityID(entityID); err != nil {
		return billing.Entity{}, err // no key of a row can be as long
	}
	found, err := a.Store.Entities(ctx, caller.Env, c.Key(), entityID)
	if err == nil && len(found) == 0 {
		err = billing.ErrEntityNotFound(entityID)
	}
	if err != nil {
		return billing.Entity{}, err
	}
	return found[0], nil
}

// EntityInvoices reads the invoices that were made for an entity, newest first. Those from before it
// was made are of another one that had its id; Stripe dates them by the second.
func (a *App) EntityInvoices(ctx context.Context, caller Caller, view EntityView) ([]billing.Invoice, error) {
	all, err := a.Store.Invoices(ctx, caller.Env, view.Customer.Customer.InternalID)
	return slices.DeleteFunc(all, func(i billing.Invoice) bool {
		return i.EntityID != view.Entity.ID || i.CreatedAt.Before(view.Entity.CreatedAt.Truncate(time.Second))
	}), err
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

// rowsOfEntity are the rows that an entity has of some features, or may get while it is there: one
// that a use writes at this moment must not stay behind.
func rowsOfEntity(e billing.Entity, features []string, its map[string]entitlement.Balance) (rows []entitlement.Balance) {
	for _, id := range features {
		if _, there := its[id]; !there {
			rows = append(rows, entitlement.Balance{FeatureID: id, Entity: e.EntityRef})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(its)) {
		rows = append(rows, its[id])
	}
	return rows
}

// featuresOfEntities lists the features of which the entities of a customer may have rows.
func featuresOfEntities(s billing.State) (features []string) {
	for id, b := range s.Balances {
		if b.OfEntities() {
			features = append(features, id)
		}
	}
	slices.Sort(features)
	return features
}

// loadEntity reads the entity that a command is about with its balances; "" is the customer.
func (w *work) loadEntity(ctx context.Context, entityID string) error {
	if entityID == "" {
		w.entity = entitlement.EntityRef{}
		return nil
	}
	if err := checkEntity(entityID); err != nil {
		return err
	}
	if w.state.Customer.Entities.Total() == 0 {
		return billing.ErrEntityNotFound(entityID)
	}
	e, err := w.Entity(ctx, w.caller, w.state.Customer, entityID)
	if err != nil {
		return err
	}
	w.entity = e.EntityRef
	if w.state.SellsToEntities() {
		return nil // they were read with the customer
	}
	balances, err := w.Store.BalancesOfEntities(ctx, w.caller.Env, w.state.Customer.Key(), "")
	w.state = w.state.WithEntities(balances)
	return err
}

// imaginedBalances are what the entity of a use may use that nobody made yet, as it would begin.
func (w work) imaginedBalances(ctx context.Context, cmd TrackCommand) (map[string]entitlement.Balance, error) {
	s, err := w.imagined(ctx, cmd.CustomerID, cmd.Data)
	if err != nil {
		return nil, err
	}
	made, err := billing.DecideEntities(s, w.catalog, []billing.NewEntity{{ID: cmd.EntityID, Name: cmd.EntityData.Name, FeatureID: cmd.EntityData.FeatureID}}, nil, w.NewID, w.caller.Now)
	if err != nil {
		return nil, err
	}
	its := map[string]entitlement.Balance{}
	for _, b := range made.Balances {
		its[b.FeatureID] = b
	}
	for _, b := range made.Units {
		s.Balances[b.FeatureID] = b
	}
	return poolOf(made.Entities[0].EntityRef, its, s.Balances, featuresOf(s), w.caller.Now).balances, nil
}

// imagineEntity is loadEntity for a preview. An entity that the command would make is as it would
// begin; what its seat costs is told with the purchase.
func (w *work) imagineEntity(ctx context.Context, cmd AttachCommand) error {
	err := w.loadEntity(ctx, cmd.EntityID)
	if !errors.Is(err, billing.ErrEntityNotFound("")) || cmd.EntityData.FeatureID == "" || w.caller.Publishable {
		return err
	}
	if err := checkEntity(cmd.EntityID); err != nil {
		return err
	}
	made, err := billing.DecideEntities(w.state, w.catalog, []billing.NewEntity{{ID: cmd.EntityID, Name: cmd.EntityData.Name, FeatureID: cmd.EntityData.FeatureID}}, nil, w.NewID, w.caller.Now)
	if err != nil {
		return err
	}
	w.entity = made.Entities[0].EntityRef
	_, bill := billing.DecideSeats(w.state, w.catalog, made.Units, nil, billing.Operation{ID: "preview", CreatedAt: w.caller.Now})
	w.entitySeat = bill.SeatLines()
	return nil
}

// entityBilled finds the entity for which an invoice was made. That of an operation that has ended is in
// its entry, which is among the last of the history.
func (w work) entityBilled(ctx context.Context, in billing.Invoice) (string, error) {
	id := w.state.EntityBilled(in)
	if id != "" || in.OperationID == "" || in.SubscriptionID != "" || billing.BilledByDate(in.OperationID) || !w.state.SellsToEntities() {
		return id, nil
	}
	entries, _, err := w.Store.Audit(ctx, w.caller.Env, w.state.Customer.InternalID, "", historyPage)
	for _, entry := range entries {
		if entry.OperationID == in.OperationID && entry.EntityID != "" {
			return entry.EntityID, err
		}
	}
	return "", err
}
