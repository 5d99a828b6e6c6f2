package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// execute carries a new operation out: what costs nothing is saved at once;
// everything else is recorded before Stripe is touched.
func (a *App) execute(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, op billing.Operation) (Outcome, error) {
	if len(op.Decision.Steps) == 0 && op.Command != billing.CommandDelete {
		done := op.Settle(s, cat, billing.Results{}, caller.Now)
		err := a.Store.Commit(ctx, caller.Env, append(a.writes(cat, s.Customer.Key(), done, caller), idempotencyWrites(s.Customer, op, caller)...)...)
		if ConflictIn[OperationDone](err) {
			err = nil
		}
		return outcome(s.Customer, op), err
	}
	op.State, op.Number, op.Lease = billing.Running, s.Customer.Version+1, caller.Now.Add(stale)
	s.Customer.PendingOperation = op.ID
	record := []Write{SaveOperation{Key: s.Customer.Key(), Operation: op, Due: dueOf(op)}}
	for _, cp := range op.Decision.Start {
		record = append(record, markVersionInUse(cat, cp)...) // from here on an edit makes a new version
	}
	s, err := a.saveCustomer(ctx, caller, s, record...)
	if err != nil {
		return Outcome{}, err
	}
	s.Operations = append(s.Operations, op)
	err = a.releaseLease(ctx, caller, op, s, a.carryOut(ctx, caller, cat, s, &op))
	return outcome(s.Customer, op), err
}

// carryOut takes the steps of a recorded operation and ends it; op is then as
// it ended. It may be called for the same operation any number of times, by
// anybody: the steps have the same keys and the same words, and only one
// caller saves.
func (a *App) carryOut(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, op *billing.Operation) error {
	err := a.perform(ctx, caller, s.Customer, op)
	if isFinal(err) {
		if failed := a.end(ctx, caller, s, *op, err.Error()); failed != nil { // no answer is final before it is saved
			return fmt.Errorf("end an operation that was refused (%s): %w", err.Error(), failed)
		}
		return err
	}
	if err != nil {
		return err // it stays pending; the next call, or the sweep, goes on
	}
	return a.finish(ctx, caller, cat, s, *op)
}

// perform asks Stripe for each step in turn. A refused card goes on with what the
// decision has for that case.
func (a *App) perform(ctx context.Context, caller Caller, c billing.Customer, op *billing.Operation) error {
	ref := Ref{OperationID: op.ID, CustomerID: c.Key(), InternalID: c.InternalID, ProductIDs: op.ProductIDs(),
		Number: op.Number, CreatedAt: op.CreatedAt, Now: caller.Now}
	r, taken := billing.Results{CustomerID: c.StripeID}, map[string]bool{}
	for i := 0; i < len(op.Decision.Steps); i++ {
		step := op.Decision.Steps[i]
		if taken[step.Name] {
			continue
		}
		next, err := a.Payments.Perform(ctx, caller.Env, ref, step, r)
		var refused *refusal.Error
		if errors.As(err, &refused) && refused.Kind == refusal.KindPayment && op.Decision.Declined != nil {
			op.Decision, i = *op.Decision.Declined, -1
			continue
		}
		if step.Plan != nil && isFinal(err) && charged(op.Decision.Steps[:i]) {
			next, err = r, nil // the customer has paid, and gets what was paid for
			next.PlanRefused = refused.Message
		}
		if err != nil {
			return err
		}
		r, taken[step.Name] = next, true
	}
	op.Results = r
	return nil
}

// charged reports whether any of the steps moved money or what it is due for.
func charged(steps []billing.Step) bool {
	return slices.ContainsFunc(steps, func(s billing.Step) bool {
		return s.Subscription != nil || s.Invoice != nil || s.Usage != nil || s.Change != nil || s.End != nil
	})
}

// isFinal reports whether an error closed its operation: Stripe refused it for
// good. Any other leaves it to be finished later.
func isFinal(err error) bool {
	var refused *refusal.Error
	return errors.As(err, &refused) && refused.Kind != refusal.KindUnavailable && refused.Kind != refusal.KindThrottled &&
		!errors.Is(err, refusal.ErrStale)
}
