package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
)

// billSeats decides the charge for seats that changed balances hold or freed. It
// returns the balances with their paid seats, and the writes to save with them:
// the operation that bills the charge, if money moves. Stripe is not called here,
// because a track does not wait for it.
//
// Such an operation is not the customer's pending one. Any number of them may
// run beside each other and beside a money command: their charges are decided,
// and none of them changes a product.
func (a *App) billSeats(ctx context.Context, caller Caller, key string, changed []entitlement.Balance) ([]entitlement.Balance, []Write, error) {
	if !slices.ContainsFunc(changed, func(b entitlement.Balance) bool { return b.MovesSeats(caller.Now) }) {
		return changed, nil, nil
	}
	w, err := a.begin(ctx, caller)
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
	w.state = s
	return w.seats(ctx, key, changed)
}

// seats decides, and decides again with the invoices that are known if freed
// seats would be credited: only paid ones are.
func (w work) seats(ctx context.Context, key string, changed []entitlement.Balance) ([]entitlement.Balance, []Write, error) {
	begun := billing.Operation{ID: w.NewID(), Actor: w.caller.Actor, CreatedAt: w.caller.Now}
	paid, op := billing.DecideSeats(w.state, w.catalog, changed, nil, begun)
	if op != nil && op.Decision.Credits() {
		invoices, err := w.Store.Invoices(ctx, w.caller.Env, w.state.Customer.InternalID)
		if err != nil {
			return nil, nil, err
		}
		moved, err := w.customMoved(ctx)
		if err != nil {
			return nil, nil, err
		}
		paid, op = billing.DecideSeats(w.state.WithMoved(moved), w.catalog, changed, invoices, begun)
	}
	if op == nil {
		return paid, nil, nil
	}
	return paid, []Write{bySeats(key, *op)}, nil
}

// errAway is ErrStale where a customer has no row: they move to another key at this moment,
// or were deleted, and only a command that begins anew finds out which.
var errAway = fmt.Errorf("the customer has no row: %w", refusal.ErrStale)

// trackSeats records uses of a customer whose seats are paid in advance. A crowd
// that takes seats of one row at once gets on the faster the less each of them
// reads between the row and its save, so the catalog was read before.
func (w work) trackSeats(ctx context.Context, customerID, entityID string, keys func([]entitlement.Counted) []RequestKey, events []UsageRecord, requests []entitlement.UsageRequest) ([]entitlement.Counted, error) {
	s, found, err := w.Store.State(ctx, w.caller.Env, customerID)
	if err != nil || !found {
		return nil, cmp.Or(err, errAway)
	}
	w.state = s
	var from pool
	features := fundedBy(requests)
	if entityID != "" {
		from, err = w.ofEntity(ctx, customerID, entityID, s.Balances, features)
	} else {
		from, err = w.withEntities(ctx, customerID, s.Balances, features)
	}
	if err != nil {
		return nil, err
	}
	changed, counted, err := decideUse(from, w.caller.Now, requests, true)
	if err != nil {
		return nil, err
	}
	changed, also, err := w.seats(ctx, customerID, changed)
	if err != nil {
		return nil, err
	}
	err = w.saveUsed(ctx, w.caller, customerID, changed, also, keys(counted), events)
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

// holdSeats saves the balances with seats that a new operation ends, as they are: a seat
// that is counted at this moment is decided again, on either side. w.state then has them
// as saved.
func (w *work) holdSeats(op billing.Operation) (writes []Write) {
	held := op.SeatsLeaving(w.state, w.catalog, w.caller.Now)
	if len(held) == 0 {
		return nil
	}
	w.state.Balances = maps.Clone(w.state.Balances)
	for _, b := range held {
		writes = append(writes, SaveBalance{w.state.Customer.Key(), b, w.caller.Now})
		b.Version++
		w.state.Balances[b.FeatureID] = b
	}
	return writes
}

// seatsAfter bills the seats that were left to an operation that led to nothing.
func (w work) seatsAfter(ctx context.Context, op billing.Operation, fresh billing.State) ([]Write, error) {
	moved := op.SeatsToBill(fresh, w.caller.Now)
	if len(moved) == 0 {
		return nil, nil
	}
	w.state = fresh
	paid, writes, err := w.seats(ctx, fresh.Customer.Key(), moved)
	for _, b := range paid {
		writes = append(writes, SaveBalance{fresh.Customer.Key(), b, w.caller.Now})
	}
	return writes, err
}

// bySeats records an operation that bills seats, to be begun at once.
func bySeats(key string, op billing.Operation) Write {
	return SaveOperation{Key: key, Operation: op, Due: dueOf(op), Begin: true}
}

// seatsBilled ends an operation that bills seats. It leaves the customer's
// version alone: only the end of the operation itself can be raced for.
func (w work) seatsBilled(op billing.Operation) []Write {
	writes := []Write{EndOperation{w.state.Customer.Key(), op.ID}}
	if len(op.Decision.Lines) > 0 {
		writes = append(writes, w.entries(op.Audit(w.caller.Now))...)
	}
	return append(writes, w.entries(op.NotBilledAudits(w.caller.Now)...)...)
}

var errOwed = errors.New("the schedule tries again, and OperationsStuck rings while it waits")

// staysOwed reports whether a refused charge for seats is tried again: the seats are
// held, and why Stripe makes no invoice can be mended, such as an address that can't be
// taxed. Only a customer who was deleted there owes nothing any more.
func (w work) staysOwed(ctx context.Context, op billing.Operation, why error) (bool, error) {
	var refused *refusal.Error
	if op.Command != billing.BillSeats || !isFinal(why) || !errors.As(why, &refused) ||
		refused.Reason != ReasonTaxLocation && refused.Reason != ReasonStripeSaysNo ||
		!slices.ContainsFunc(op.Decision.Steps, func(s billing.Step) bool { return s.Invoice != nil }) {
		return false, nil
	}
	gone, err := w.unpayable(ctx, why)
	return !gone && err == nil, err
}

// owedAfter is why an invoice was refused that belongs to a change, once the change is
// made: it is no end of the operation, which is continued until there is an invoice or
// nobody to pay it.
func (w work) owedAfter(ctx context.Context, why error) error {
	if !isFinal(why) {
		return why
	}
	if gone, err := w.unpayable(ctx, why); gone || err != nil {
		return cmp.Or(err, why)
	}
	owed := *refusal.ErrStripeUnavailable
	owed.Err = fmt.Errorf("%w: %s", errOwed, why.Error())
	return &owed
}

// BeginOperation carries out the operation in a change of the table, if it is one
// to begin at once, or looks at the copies of codes. An error is logged and the operation left to the sweep: the
// changes behind it must not wait for Stripe.
func (a *App) BeginOperation(ctx context.Context, caller Caller, image []byte) {
	ctx, cancel := inTime(ctx)
	defer cancel()
	env, due, found := a.Store.OperationIn(image)
	if !found {
		a.beginCopies(ctx, caller, image)
		return
	}
	if ctx.Err() != nil {
		return
	}
	caller.Env, caller.Actor = env, "stream"
	w, err := a.begin(ctx, caller)
	if err == nil {
		_, err = w.closeOperation(ctx, due)
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "an operation is left to the sweep", "operation", due.OperationID, "cause", err)
	}
}
