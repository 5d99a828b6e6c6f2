package app

import (
	"context"
	"fmt"
	"time"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// takeOver continues an operation that another command, or an earlier request,
// began. It takes the lease first, so that only one does: a step that names a
// wanted state must not be taken by one process while another is past it
// already. It returns refusal.ErrBusy while another runs it, and
// refusal.ErrStale when another was faster.
func (w work) takeOver(ctx context.Context, op billing.Operation) (step, error) {
	if op.Command != billing.BillSeats { // any number of these may run beside each other
		if w.caller.Now.Before(op.Lease) {
			return step{}, refusal.ErrBusy
		}
		op.Lease = w.caller.Now.Add(stale)
		var err error
		if w.state, err = w.saveCustomer(ctx, w.caller, w.state, SaveOperation{Key: w.state.Customer.Key(), Operation: op, Due: op.Lease}); err != nil {
			return step{}, err
		}
		for i := range w.state.Operations {
			if w.state.Operations[i].ID == op.ID {
				w.state.Operations[i] = op
			}
		}
	}
	return step{work: w, op: &op, resumed: true}, nil
}

// carry takes the steps of a recorded operation and ends it; op is then as it
// ended. It may be called for the same operation any number of times, by any
// process: the steps have the same keys and the same words, and only one caller
// saves. The lease of an unfinished operation is released.
func (w work) carry(ctx context.Context, op *billing.Operation, resumed bool, t *tries) error {
	within := ctx
	if resumed && !op.Lease.IsZero() { // no longer than the lease, wherever it runs
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, stale-10*time.Second)
		defer cancel()
	}
	return w.releaseLease(ctx, *op, w.payAndSave(within, op, t))
}

func (w work) payAndSave(ctx context.Context, op *billing.Operation, t *tries) error {
	err := w.perform(ctx, op)
	switch {
	case isFinal(err):
		*t = tries{}
		if failed := w.end(ctx, *op, err.Error(), t); failed != nil { // no answer is final before it is saved
			return fmt.Errorf("end an operation that was refused (%s): %w", err.Error(), failed)
		}
	case err == nil:
		*t = tries{} // what Stripe has done is saved, however often it was decided before
		return w.finish(ctx, *op, t)
	}
	return err // unless it is final, the next call or the sweep continues the operation
}

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
