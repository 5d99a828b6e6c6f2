package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

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

// introduce makes or changes a customer as the data that came along says. The customer of an
// entity that is not known is made with the entity, or not at all.
func (w work) introduce(ctx context.Context, id, entityID string, d billing.CustomerData) error {
	if !d.Given() {
		return nil
	}
	if entityID != "" {
		if err := checkEntity(entityID); err != nil {
			return err
		}
		if found, err := w.Store.Entities(ctx, w.caller.Env, id, entityID); err != nil || len(found) == 0 {
			return err
		}
	}
	_, err := w.knownCustomer(ctx, id, d)
	return err
}

// withEntity runs a command that may name an entity. One that is not known is made with the data
// that came along, and the command run again; a publishable key makes none. As its seat is billed
// once it is made, would says first what refuses the command with the entity; nil if it can't be.
func withEntity[T any](ctx context.Context, w work, customerID string, d billing.CustomerData, entityID string, e EntityData, would func() error, run func() (T, error)) (T, error) {
	if err := checkEntity(entityID); err != nil {
		var none T
		return none, err
	}
	out, err := run()
	if entityID == "" || e.FeatureID == "" || w.caller.Publishable || !errors.Is(err, billing.ErrEntityNotFound("")) {
		return out, err
	}
	var refused error
	if would != nil {
		refused = would()
	}
	if refused == nil {
		_, refused = w.CreateEntities(ctx, w.caller, CreateEntities{CustomerID: customerID, Data: d, MakeCustomer: true,
			Entities: []billing.NewEntity{{ID: entityID, Name: e.Name, FeatureID: e.FeatureID}}})
	}
	if refused = w.unlessMade(ctx, customerID, entityID, refused); refused != nil {
		return out, refused
	}
	return run()
}

// unlessMade is why an entity can't be made; nil if it is there by now: another call was
// faster, and took the place that this one misses.
func (w work) unlessMade(ctx context.Context, customerID, entityID string, refused error) error {
	var why *refusal.Error
	if !errors.As(refused, &why) || why.Kind == refusal.KindUnavailable {
		return refused
	}
	if there, err := w.Store.Entities(ctx, w.caller.Env, customerID, entityID); err != nil || len(there) == 0 {
		return cmp.Or(err, refused)
	}
	return nil
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
	key, features := w.state.Customer.Key(), featuresOfEntities(w.state)
	read, found, err := w.Store.EntityBalances(ctx, w.caller.Env, key, entityID, features...)
	if err == nil && !found {
		err = billing.ErrEntityNotFound(entityID)
	}
	if err != nil {
		return err
	}
	its := rowsOfEntity(read.Entity, features, read.Its)
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

// moveEntities are the writes that file a customer's entities under another key. They are part of
// the one transaction that moves the customer: more of them than it takes are refused there.
func (a *App) moveEntities(ctx context.Context, caller Caller, s billing.State, to string, already []Write) (writes []Write, err error) {
	c := s.Customer
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
	features := featuresOfEntities(s)
	for _, e := range entities {
		its := map[string]entitlement.Balance{}
		for _, b := range rows {
			if b.Entity.ID == e.ID {
				its[b.FeatureID] = b
			}
		}
		gone := DeleteEntity{Key: c.Key(), Entity: e, Balances: rowsOfEntity(e, features, its)}
		for _, b := range gone.Balances {
			if b.Version == 0 {
				continue
			}
			writes = append(writes, moveLocks(b, to, caller.Now, append(slices.Clip(already), writes...))...)
			b = b.At(caller.Now)
			b.Version = 0
			writes = append(writes, SaveBalance{to, b, caller.Now})
		}
		writes = append(writes, gone, NewEntity{to, e})
	}
	return writes, nil
}
