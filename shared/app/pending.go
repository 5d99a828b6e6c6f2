package app

import (
	"context"
	"errors"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// politeTries is how often a command looks whether another one has ended; with
// the pauses between them, it waits for about three seconds.
const politeTries = 24

// awaitIdle returns the customer with no money command in flight. One that is at
// work is waited for; one that nobody is at work on any more is finished first.
// finished is the last that was, if it led to something. The error is
// refusal.ErrBusy when the other one goes on for too long.
func (a *App) awaitIdle(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State) (_ billing.State, finished *billing.Operation, err error) {
	for n := 0; s.Pending() != nil; n++ {
		op := *s.Pending()
		if caller.Now.Before(op.Lease) {
			if n >= politeTries || !a.Pause(ctx, n) {
				return s, nil, refusal.ErrBusy
			}
		} else if err := a.resume(ctx, caller, cat, s, &op); err == nil {
			finished = &op
		} else if !isFinal(err) && !errors.Is(err, refusal.ErrStale) {
			return s, nil, err
		}
		fresh, found, err := a.Store.State(ctx, caller.Env, s.Customer.Key())
		if err != nil || !found {
			return s, nil, errors.Join(refusal.ErrStale, err)
		}
		s = fresh
	}
	return s, finished, nil
}

// resume carries an operation on that somebody else began. It takes the lease
// first, so that only one does: a step that names a wanted state must not be
// taken by one process while another is past it already. It returns
// refusal.ErrStale when another was faster, or is still at work.
func (a *App) resume(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, op *billing.Operation) error {
	if op.Command == billing.BillSeats {
		return a.carryOut(ctx, caller, cat, s, op) // any number of these may run beside each other
	}
	if caller.Now.Before(op.Lease) {
		return refusal.ErrStale
	}
	op.Lease = caller.Now.Add(stale)
	s, err := a.saveCustomer(ctx, caller, s, SaveOperation{Key: s.Customer.Key(), Operation: *op, Due: op.Lease})
	if err != nil {
		return err
	}
	for i := range s.Operations {
		if s.Operations[i].ID == op.ID {
			s.Operations[i] = *op
		}
	}
	within, cancel := context.WithTimeout(ctx, stale-10*time.Second)
	defer cancel()
	return a.releaseLease(ctx, caller, *op, s, a.carryOut(within, caller, cat, s, op))
}
