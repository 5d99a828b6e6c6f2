package app

import (
	"context"
	"time"

	"windfall/shared/billing"
)

// stale is how long an operation may run before the sweep continues it:
// longer than any function runs.
const stale = time.Minute

// dueOf is when the sweep checks an operation: soon while it runs, and
// when its page expires while it waits.
func dueOf(op billing.Operation) time.Time {
	if op.State == billing.AwaitingCheckout && !op.Results.SessionExpires.IsZero() {
		return op.Results.SessionExpires.Add(stale)
	}
	return op.CreatedAt.Add(stale)
}

// releaseLease releases the lease of an unfinished operation, so that the next
// call continues it at once, and returns why. Should this fail, too, the lease
// runs out.
func (w work) releaseLease(ctx context.Context, op billing.Operation, why error) error {
	if why == nil || isFinal(why) || op.Lease.IsZero() {
		return why
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_, _ = RetryStale(ctx, w.Pause, func() (struct{}, error) { // why is what matters
		fresh, found, err := w.Store.State(ctx, w.caller.Env, w.state.Customer.Key())
		if err != nil || !found {
			return struct{}{}, err
		}
		current := fresh.Operation(op.ID)
		if current == nil || !current.Lease.Equal(op.Lease) {
			return struct{}{}, nil // it has ended, or another process runs it
		}
		free := *current
		free.Lease = time.Time{}
		_, err = w.saveCustomer(ctx, w.caller, fresh, SaveOperation{Key: fresh.Customer.Key(), Operation: free, Due: dueOf(free)})
		return struct{}{}, err
	})
	return why
}
