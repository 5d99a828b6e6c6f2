package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
)

// billSeats decides what seats cost that changed balances hold or freed. It
// returns the balances with what is paid then, and what must be saved with
// them: the operation that bills it, if money moves. Stripe is not asked here,
// because a track does not wait for it.
//
// Such an operation is not the customer's pending one. Any number of them may
// run beside each other and beside a money command: what they bill is decided,
// and none of them changes a product.
func (a *App) billSeats(ctx context.Context, who Caller, key string, changed []billing.Balance) ([]billing.Balance, []Write, error) {
	if !slices.ContainsFunc(changed, func(b billing.Balance) bool { return b.MovesSeats(who.Now) }) {
		return changed, nil, nil
	}
	catalog, err := a.Store.Catalog(ctx, who.Env, true)
	if err != nil {
		return nil, nil, err
	}
	s, found, err := a.Store.State(ctx, who.Env, key)
	if err != nil {
		return nil, nil, err
	}
	if !found {
		return nil, nil, billing.ErrStale // it moves to another key at this moment
	}
	paid, op := billing.DecideSeats(s, catalog, changed, billing.Operation{ID: a.NewID(), Actor: who.Actor, CreatedAt: who.Now})
	if op == nil {
		return paid, nil, nil
	}
	return paid, []Write{bySeats(key, *op)}, nil
}

// bySeats records an operation that bills seats, to be begun at once.
func bySeats(key string, op billing.Operation) Write {
	return SaveOperation{Key: key, Operation: op, Due: dueOf(op), Begin: true}
}

// seatsBilled ends an operation that bills seats. It leaves the customer's
// version alone: only the end of the operation itself can be raced for.
func (a *App) seatsBilled(who Caller, s billing.State, op billing.Operation) []Write {
	audit := op.Audit(who.Now)
	audit.ID = a.NewID()
	return []Write{EndOperation{s.Customer.Key(), op.ID}, AddAudit{s.Customer.InternalID, audit}}
}

// BeginOperation carries out the operation that a change of the table tells
// of, if it is one to be begun at once. Whatever keeps it from its end is
// logged and left to the sweep: the changes behind it must not wait for Stripe.
func (a *App) BeginOperation(ctx context.Context, who Caller, image []byte) {
	ctx, cancel := inTime(ctx)
	defer cancel()
	env, due, found := a.Store.OperationIn(image)
	if !found || ctx.Err() != nil {
		return
	}
	who.Env, who.Actor = env, "stream"
	catalog, err := a.Store.Catalog(ctx, env, true)
	if err == nil {
		_, err = a.closeOperation(ctx, who, catalog, due)
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "an operation is left to the sweep", "operation", due.OperationID, "cause", err)
	}
}
