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

// releaseLease gives the lease of an operation back that could not be carried to its
// end, so that the next call goes on with it at once, and returns why. Should
// this fail, too, the lease runs out.
func (a *App) releaseLease(ctx context.Context, caller Caller, op billing.Operation, s billing.State, why error) error {
	if why == nil || isFinal(why) {
		return why
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_, _ = retryStale(ctx, a, func() (struct{}, error) { // why is what matters
		fresh, found, err := a.Store.State(ctx, caller.Env, s.Customer.Key())
		if err != nil || !found {
			return struct{}{}, err
		}
		current := fresh.Operation(op.ID)
		if current == nil || !current.Lease.Equal(op.Lease) {
			return struct{}{}, nil // it has ended, or is somebody else's
		}
		free := *current
		free.Lease = time.Time{}
		_, err = a.saveCustomer(ctx, caller, fresh, SaveOperation{Key: fresh.Customer.Key(), Operation: free, Due: dueOf(free)})
		return struct{}{}, err
	})
	return why
}
