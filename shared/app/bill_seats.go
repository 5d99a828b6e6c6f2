package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// billSeats decides what seats cost that changed balances hold or freed. It
// returns the balances with what is paid then, and what must be saved with
// them: the operation that bills it, if money moves. Stripe is not asked here,
// because a track does not wait for it.
//
// Such an operation is not the customer's pending one. Any number of them may
// run beside each other and beside a money command: what they bill is decided,
// and none of them changes a product.
func (a *App) billSeats(ctx context.Context, caller Caller, key string, changed []entitlement.Balance) ([]entitlement.Balance, []Write, error) {
	if !slices.ContainsFunc(changed, func(b entitlement.Balance) bool { return b.MovesSeats(caller.Now) }) {
		return changed, nil, nil
	}
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return nil, nil, err
	}
	s, found, err := a.Store.State(ctx, caller.Env, key)
	if err != nil {
		return nil, nil, err
	}
	if !found {
		return nil, nil, refusal.ErrStale // it moves to another key at this moment
	}
	paid, also := a.seats(caller, key, s, cat, changed)
	return paid, also, nil
}

func (a *App) seats(caller Caller, key string, s billing.State, cat *catalog.Catalog, changed []entitlement.Balance) ([]entitlement.Balance, []Write) {
	paid, op := billing.DecideSeats(s, cat, changed, billing.Operation{ID: a.NewID(), Actor: caller.Actor, CreatedAt: caller.Now})
	if op == nil {
		return paid, nil
	}
	return paid, []Write{bySeats(key, *op)}
}

// trackSeats records uses of a customer whose seats are paid in advance. A crowd
// that takes seats of one row at once gets on the faster the less each of them
// reads between the row and its save, so the catalog was read before.
func (a *App) trackSeats(ctx context.Context, caller Caller, cat *catalog.Catalog, cmd TrackCommand, event UsageRecord, requests []entitlement.UsageRequest) ([]entitlement.Counted, error) {
	s, found, err := a.Store.State(ctx, caller.Env, cmd.CustomerID)
	if err != nil || !found {
		return nil, cmp.Or(err, error(refusal.ErrStale)) // it moves to another key at this moment
	}
	changed, counted, err := decideUse(s.Balances, caller.Now, requests, true)
	if err != nil {
		return nil, err
	}
	changed, also := a.seats(caller, cmd.CustomerID, s, cat, changed)
	_, err = a.saveUsed(ctx, caller, cmd.CustomerID, changed, also, cmd.RequestKey, event)
	return counted, err
}

// paysSeats reports whether any of the rows has seats that are paid in advance.
func paysSeats(balances map[string]entitlement.Balance, now time.Time) bool {
	for _, b := range balances {
		if b.PaysSeats(now) {
			return true
		}
	}
	return false
}

// bySeats records an operation that bills seats, to be begun at once.
func bySeats(key string, op billing.Operation) Write {
	return SaveOperation{Key: key, Operation: op, Due: dueOf(op), Begin: true}
}

// seatsBilled ends an operation that bills seats. It leaves the customer's
// version alone: only the end of the operation itself can be raced for.
func (a *App) seatsBilled(caller Caller, s billing.State, op billing.Operation) []Write {
	audit := op.Audit(caller.Now)
	audit.ID = a.NewID()
	return []Write{EndOperation{s.Customer.Key(), op.ID}, AddAudit{s.Customer.InternalID, audit}}
}
