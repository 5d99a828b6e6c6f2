package app

import (
	"cmp"
	"context"
	"errors"
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
	if op.Command != billing.BillSeats && op.Command != billing.FollowEntities { // any number of these may run beside each other
		if w.caller.asked().Before(op.Lease) {
			return step{}, refusal.ErrBusy
		}
		op.Lease = w.caller.asked().Add(stale)
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
	var err error
	if resumed {
		err = w.creditAgain(within, op)
	}
	if err == nil {
		err = w.payAndSave(within, op, t)
	}
	return w.releaseLease(ctx, *op, err)
}

func (w work) payAndSave(ctx context.Context, op *billing.Operation, t *tries) error {
	err := w.perform(ctx, op)
	if owed, readErr := w.staysOwed(ctx, *op, err); readErr != nil || owed {
		return fmt.Errorf("seats stay owed, and are billed when this is mended (%s): %w", err.Error(), cmp.Or(readErr, errOwed))
	}
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

// finish saves what an operation leads to: an open page, or the products.
func (w work) finish(ctx context.Context, op billing.Operation, t *tries) error {
	switch op.Command {
	case billing.CommandDelete:
		return w.bury(ctx, op, t)
	case billing.FollowEntities:
		return w.followEntities(ctx, op)
	}
	for w.state.Operation(op.ID) != nil { // else another process saved the same
		err := w.saveEnd(ctx, op)
		if ConflictIn[OperationDone](err) {
			return w.end(ctx, op, "The operation had its effect before.", t)
		}
		if !t.again(ctx, w.Pause, err) {
			return err
		}
		fresh, found, readErr := w.Store.State(ctx, w.caller.Env, w.state.Customer.Key())
		if readErr != nil || !found {
			return errors.Join(err, readErr)
		}
		w.state = fresh
	}
	return nil
}

func (w work) saveEnd(ctx context.Context, op billing.Operation) error {
	writes, err := w.ending(ctx, op)
	if err != nil {
		return err
	}
	for _, step := range op.Decision.Steps {
		page := step.ExpireSession
		if page == nil || op.Decision.Given != nil && op.Decision.Given.From == page.OperationID {
			continue
		}
		if replaced := w.state.Operation(page.OperationID); replaced != nil {
			unused, err := w.unused(ctx, w.state, *replaced)
			if err != nil {
				return err
			}
			writes = append(writes, unused...)
		}
	}
	err = w.commit(ctx, writes...)
	if ConflictIn[ClaimTrial](err) && !ConflictIn[SaveCustomer](err) {
		// Another customer of this device was faster. Stripe has the trial
		// already, so it is kept; the claim stands as it is.
		err = w.commit(ctx, without[ClaimTrial](writes)...)
	}
	return err
}

// ending builds the writes that end an operation.
func (w work) ending(ctx context.Context, op billing.Operation) ([]Write, error) {
	if op.Decision.Page {
		return append(w.pageOpened(op), w.stripeIDWrites(op)...), nil
	}
	if op.Command == billing.BillSeats {
		return append(w.seatsBilled(op), w.stripeIDWrites(op)...), nil
	}
	done := op.Settle(w.state, w.catalog, op.Results, w.caller.Now)
	done.Customer.PendingOperation = ""
	writes := append(w.writes(w.state.Customer.Key(), done), EndOperation{w.state.Customer.Key(), op.ID})
	sides, err := w.sideWrites(ctx, op, done)
	return append(append(append(writes, sides...), w.stripeIDWrites(op)...), w.idempotencyWrites(op)...), err
}

// pageOpened lets the operation wait for its page, and the customer go on.
func (w work) pageOpened(op billing.Operation) []Write {
	op.State = billing.AwaitingCheckout
	c := w.state.Customer
	c.PendingOperation = ""
	c.StripeID = op.Results.CustomerID
	writes := []Write{SaveCustomer{c}, SaveOperation{Key: w.state.Customer.Key(), Operation: op, Due: dueOf(op)}}
	if !w.state.Credits.Empty() && c.StripeID != w.state.Customer.StripeID { // they go on the new balance
		writes = append(writes, w.saveCredits(c.Key(), c.StripeID, w.state.Credits))
	}
	return writes
}

// stripeIDWrites saves what Stripe's answers taught beside the purchase itself: the
// ids of the customer and of new prices, and the pages that are closed.
func (w work) stripeIDWrites(op billing.Operation) []Write {
	var writes []Write
	if id := op.Results.CustomerID; id != "" && id != w.state.Customer.StripeID {
		writes = append(writes, LinkStripe{StripeID: id, Key: w.state.Customer.Key(), InternalID: w.state.Customer.InternalID})
		writes = append(writes, codesAgain(w.state.Customer, w.caller.Now)...)
	}
	prices := map[string]bool{} // the change and the plan that follows it may both need one
	for _, step := range op.Decision.Steps {
		if step.Price != nil && !prices[step.Price.ItemID] {
			prices[step.Price.ItemID] = true
			writes = append(writes, SaveStripePrice{step.Price.PriceKey(), op.Results.Prices[step.Price.ItemID]})
		}
		if step.ExpireSession != nil && w.state.Operation(step.ExpireSession.OperationID) != nil {
			writes = append(writes, EndOperation{w.state.Customer.Key(), step.ExpireSession.OperationID})
		}
	}
	return writes
}

// end closes an operation that led to nothing and leaves every row as it was.
func (w work) end(ctx context.Context, op billing.Operation, why string, t *tries) error {
	for {
		fresh, found, err := w.Store.State(ctx, w.caller.Env, w.state.Customer.Key())
		if err != nil || !found || fresh.Operation(op.ID) == nil {
			return err
		}
		if fresh.Customer.PendingOperation == op.ID {
			fresh.Customer.PendingOperation = ""
		}
		unused, err := w.unused(ctx, fresh, op)
		if err != nil {
			return err
		}
		seats, err := w.seatsAfter(ctx, op, fresh)
		if err != nil {
			return err
		}
		_, err = w.saveCustomer(ctx, w.caller, fresh, append(append(unused, seats...), EndOperation{fresh.Customer.Key(), op.ID},
			AuditOf(fresh.Customer, billing.Audit{ID: w.NewID(), At: w.caller.Now, Actor: op.Actor,
				Action: op.Command, Rule: "refused", Why: why, OperationID: op.ID}))...)
		if !t.again(ctx, w.Pause, err) {
			return err
		}
	}
}
