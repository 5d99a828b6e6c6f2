package app

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// EntityData makes an entity that is named and not known.
type EntityData struct{ Name, FeatureID string }

// checkEntity refuses the id of an entity that can't be there; "" names none.
func checkEntity(id string) error {
	if id == "" {
		return nil
	}
	return billing.CheckEntityID(id)
}

// withEntity runs a command that may name an entity. One that is not known is made with the data
// that came along, and the command run again; a publishable key makes none.
func withEntity[T any](ctx context.Context, w work, customerID string, d billing.CustomerData, entityID string, e EntityData, run func() (T, error)) (T, error) {
	if err := checkEntity(entityID); err != nil {
		var none T
		return none, err
	}
	out, err := run()
	if entityID == "" || e.FeatureID == "" || w.caller.Publishable || !errors.Is(err, billing.ErrEntityNotFound("")) {
		return out, err
	}
	_, made := w.CreateEntities(ctx, w.caller, CreateEntities{CustomerID: customerID, Data: d, MakeCustomer: true,
		Entities: []billing.NewEntity{{ID: entityID, Name: e.Name, FeatureID: e.FeatureID}}})
	if made != nil && !errors.Is(made, refusal.Conflict(billing.ReasonEntityIDTaken)) { // else another call was faster
		return out, made
	}
	return run()
}

// CreateEntities asks for entities of a customer.
type CreateEntities struct {
	CustomerID   string
	Data         billing.CustomerData
	MakeCustomer bool // who is not known; else that is refused
	Entities     []billing.NewEntity
}

// CreateEntities makes entities of a customer: all of them in one transaction with the units
// they take, or none.
func (a *App) CreateEntities(ctx context.Context, caller Caller, cmd CreateEntities) ([]billing.Entity, error) {
	asked := cmd.Entities
	if len(asked) > billing.MaxNewEntities || len(asked) == 0 {
		return nil, refusal.Invalid(ReasonNewEntitiesTooMany, billing.MaxNewEntities, len(asked))
	}
	for _, e := range asked {
		if err := billing.CheckEntityID(e.ID); err != nil {
			return nil, err
		}
	}
	w, err := a.begin(ctx, caller)
	if err != nil {
		return nil, err
	}
	return RetryStale(ctx, a.Pause, func() ([]billing.Entity, error) {
		s, err := cmd.customer(ctx, w)
		if err != nil {
			return nil, err
		}
		var ids []string
		for _, e := range asked {
			if !slices.Contains(ids, e.ID) {
				ids = append(ids, e.ID)
			}
		}
		taken, err := a.Store.Entities(ctx, caller.Env, s.Customer.Key(), ids...)
		if err != nil {
			return nil, err
		}
		if by := w.keyedOperation(); by != "" && len(taken) == len(asked) && !slices.ContainsFunc(taken, func(e billing.Entity) bool { return e.CreatedBy != by }) {
			return taken, nil // the request was made before, and its answer lost
		}
		w.state = s
		made, err := billing.DecideEntities(s, w.catalog, asked, taken, a.NewID, caller.Now)
		if err != nil {
			return nil, err
		}
		writes, err := w.entityWrites(ctx, made.Customer, made.Units, made.Audit)
		if err != nil {
			return nil, err
		}
		for i := range made.Entities {
			made.Entities[i].CreatedBy = w.keyedOperation()
			writes = append(writes, NewEntity{s.Customer.Key(), made.Entities[i]})
		}
		for _, b := range made.Balances {
			writes = append(writes, SaveBalance{s.Customer.Key(), b, caller.Now})
		}
		return made.Entities, w.Store.Commit(ctx, caller.Env, writes...)
	})
}

// keyedOperation names the request by its Idempotency-Key; "" without one.
func (w work) keyedOperation() string {
	if w.caller.RequestKey == "" {
		return ""
	}
	return w.operationID(w.caller)
}

// customer reads the customer, who is made only if the entities can be.
func (cmd CreateEntities) customer(ctx context.Context, w work) (billing.State, error) {
	if !cmd.MakeCustomer {
		return w.existing(ctx, w.caller, cmd.CustomerID)
	}
	return w.customerFor(ctx, cmd.CustomerID, cmd.Data, func() error {
		s, err := w.imagined(ctx, cmd.CustomerID, cmd.Data)
		if err == nil {
			_, err = billing.DecideEntities(s, w.catalog, cmd.Entities, nil, w.NewID, w.caller.Now)
		}
		return err
	})
}

// entityWrites are those that making entities and deleting one have in common: the customer,
// whose version guards both, the units, and the charge for seats.
func (w work) entityWrites(ctx context.Context, c billing.Customer, units []entitlement.Balance, audit billing.Audit) ([]Write, error) {
	key := w.state.Customer.Key()
	units, also, err := w.seats(ctx, key, units)
	if err != nil {
		return nil, err
	}
	writes := append([]Write{SaveCustomer{c}}, also...)
	for _, b := range units {
		writes = append(writes, SaveBalance{key, b, w.caller.Now})
	}
	audit.Actor = w.caller.Actor
	return append(writes, w.entries(audit)...), nil
}

// An EntityView is an entity with what it holds: the products that are attached to it, and by
// feature its own balances put together with those of its customer.
type EntityView struct {
	Entity   billing.Entity
	Customer billing.State
	Balances map[string]entitlement.Balance
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
	return EntityView{found[0], s, p.balances}, err
}

// An EntityQuery asks for a page of a customer's entities, in the order of their creation.
type EntityQuery struct {
	Search string // what an id or a name begins with, as billing.CheckSearch reads it; "" lists all
	After  int64  // the number of the last one of the page before; 0 is the first page
	Limit  int
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
		return e.Number <= q.After || !strings.HasPrefix(billing.SearchText(e.ID), q.Search) && !strings.HasPrefix(billing.SearchText(e.Name), q.Search)
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
		views = append(views, EntityView{e, s, poolOf(e.EntityRef, its[e.ID], s.Balances, featuresOf(s), caller.Now).balances})
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

// RenameEntity changes the name of an entity.
func (a *App) RenameEntity(ctx context.Context, caller Caller, customerID, entityID, name string) (billing.Entity, error) {
	view, err := a.GetEntity(ctx, caller, customerID, entityID)
	if err != nil {
		return view.Entity, err
	}
	if err := billing.CheckEntityName(name); err != nil {
		return view.Entity, err
	}
	view.Entity.Name = name
	err = a.Store.Commit(ctx, caller.Env, RenameEntity{view.Customer.Customer.Key(), view.Entity})
	if ConflictIn[RenameEntity](err) {
		err = billing.ErrEntityNotFound(entityID)
	}
	return view.Entity, err
}

// DeleteEntity deletes an entity and gives back its unit, in one transaction.
func (a *App) DeleteEntity(ctx context.Context, caller Caller, customerID, entityID string) error {
	if err := billing.CheckEntityID(entityID); err != nil {
		return err
	}
	w, err := a.begin(ctx, caller)
	if err != nil {
		return err
	}
	_, err = RetryStale(ctx, a.Pause, func() (struct{}, error) { return struct{}{}, w.deleteEntity(ctx, customerID, entityID) })
	return err
}

func (w work) deleteEntity(ctx context.Context, customerID, entityID string) (err error) {
	if w.state, err = w.existing(ctx, w.caller, customerID); err != nil {
		return err
	}
	key, features := w.state.Customer.Key(), []string{}
	for id, b := range w.state.Balances {
		if b.OfEntities() {
			features = append(features, id)
		}
	}
	read, found, err := w.Store.EntityBalances(ctx, w.caller.Env, key, entityID, features...)
	if err == nil && !found {
		err = billing.ErrEntityNotFound(entityID)
	}
	if err != nil {
		return err
	}
	var its []entitlement.Balance
	for _, b := range read.Its {
		its = append(its, b)
	}
	gone, err := billing.DecideDeleteEntity(w.state, w.catalog, read.Entity, its, w.caller.Now)
	if err != nil {
		return err
	}
	writes, err := w.entityWrites(ctx, gone.Customer, gone.Units, gone.Audit)
	if err != nil {
		return err
	}
	for _, cp := range gone.Ended {
		writes = append(writes, SaveCustomerProduct{Key: key, Product: cp})
	}
	return w.commit(ctx, append(writes, DeleteEntity{key, read.Entity, its})...)
}

// loadEntity reads the entity that a command is about with its balances; "" is the customer.
func (w *work) loadEntity(ctx context.Context, entityID string) error {
	if entityID == "" {
		w.entity = entitlement.EntityRef{}
		return nil
	}
	if w.state.Customer.Entities.Total() == 0 {
		return billing.ErrEntityNotFound(entityID)
	}
	found, err := w.Store.Entities(ctx, w.caller.Env, w.state.Customer.Key(), entityID)
	if err == nil && len(found) == 0 {
		err = billing.ErrEntityNotFound(entityID)
	}
	if err != nil {
		return err
	}
	w.entity = found[0].EntityRef
	if w.state.SellsToEntities() {
		return nil // they were read with the customer
	}
	balances, err := w.Store.BalancesOfEntities(ctx, w.caller.Env, w.state.Customer.Key(), "")
	w.state = w.state.WithEntities(balances)
	return err
}

// imagineEntity is loadEntity for a preview: an entity that the command would make is as it would
// begin.
func (w *work) imagineEntity(ctx context.Context, cmd AttachCommand) error {
	err := w.loadEntity(ctx, cmd.EntityID)
	if errors.Is(err, billing.ErrEntityNotFound("")) && cmd.EntityData.FeatureID != "" && !w.caller.Publishable {
		w.entity, err = entitlement.EntityRef{ID: cmd.EntityID, FeatureID: cmd.EntityData.FeatureID, Number: w.state.Customer.Entities.Made + 1}, nil
	}
	return err
}

// entitiesFollow records that what the customer's products grant to each entity has changed. The
// stream of the table has it carried out at once. Until then whatever reads an entity's
// row beside the customer's sees it followed already; only a use that fits into the row as it is counts there.
func (w work) entitiesFollow(key string) Write {
	op := billing.Operation{ID: w.NewID(), Command: billing.FollowEntities, Actor: w.caller.Actor, State: billing.Running, CreatedAt: w.caller.Now}
	return SaveOperation{Key: key, Operation: op, Due: dueOf(op), Begin: true}
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
			_, errs[i] = w.saveUsed(ctx, w.caller, key, []entitlement.Balance{b}, nil, nil, nil)
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

// moveEntities are the writes that file a customer's entities under another key. They are part of
// the one transaction that moves the customer: more of them than it takes are refused there.
func (a *App) moveEntities(ctx context.Context, caller Caller, c billing.Customer, to string) (writes []Write, err error) {
	if c.Entities.Made == 0 {
		return nil, nil
	}
	entities, err := a.Store.Entities(ctx, caller.Env, c.Key())
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.BalancesOfEntities(ctx, caller.Env, c.Key(), "")
	if err != nil {
		return nil, err
	}
	for _, e := range entities {
		gone := DeleteEntity{Key: c.Key(), Entity: e}
		for _, b := range rows {
			if b.Entity.ID == e.ID {
				gone.Balances = append(gone.Balances, b)
				b = b.At(caller.Now)
				b.Version = 0
				writes = append(writes, SaveBalance{to, b, caller.Now})
			}
		}
		writes = append(writes, gone, NewEntity{to, e})
	}
	return writes, nil
}
