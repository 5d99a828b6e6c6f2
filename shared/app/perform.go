package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// perform carries out each step at Stripe in turn. After a refused card it
// continues with the decision's steps for that case.
func (w work) perform(ctx context.Context, op *billing.Operation) error {
	c := w.state.Customer
	ref := Ref{OperationID: op.ID, CustomerID: c.Key(), InternalID: c.InternalID, ProductIDs: op.ProductIDs(),
		Number: op.Number, CreatedAt: op.CreatedAt, Now: w.caller.Now}
	r, taken := billing.Results{CustomerID: c.StripeID}, map[string]bool{}
	for i := 0; i < len(op.Decision.Steps); i++ {
		step := op.Decision.Steps[i]
		if taken[step.Name] {
			continue
		}
		next, err := w.Payments.Perform(ctx, w.caller.Env, ref, step, r)
		var refused *refusal.Error
		if errors.As(err, &refused) && refused.Kind == refusal.KindDeclined && op.Decision.Declined != nil {
			op.Decision, i = *op.Decision.Declined, -1
			continue
		}
		if step.Plan != nil && isFinal(err) && charged(op.Decision.Steps[:i]) {
			next, err = r, nil // the customer has paid, and gets the product
			next.PlanRefused = refused.Said()
		}
		if step.Discount != nil && step.Discount.OnSubscription && isFinal(err) {
			next, err = r, nil // likewise
			next.RewardRefused = refused.Said()
		}
		if err != nil {
			return w.withdrawPage(ctx, ref, r, err)
		}
		r, taken[step.Name] = next, true
	}
	op.Results = r
	return nil
}

// withdrawPage closes the page of an operation that was refused for good, such
// as when the page it replaces was paid at this moment. No caller has its address.
// If that fails, the operation is finished later.
func (w work) withdrawPage(ctx context.Context, ref Ref, r billing.Results, refused error) error {
	if r.SessionID == "" || !isFinal(refused) {
		return refused
	}
	_, err := w.Payments.Perform(ctx, w.caller.Env, ref, billing.Step{Name: "withdraw",
		ExpireSession: &billing.ExpireSession{SessionID: r.SessionID, OperationID: ref.OperationID}}, r)
	switch {
	case isFinal(err): // it may still be paid, or was: no operation ends then, and an alarm rings
		return fmt.Errorf("close a page after a refusal (%s): %s", refused.Error(), err.Error())
	case err != nil:
		return fmt.Errorf("close a page after a refusal (%s): %w", refused.Error(), err)
	}
	return refused
}

// charged reports whether any step moved money or changed what is owed.
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
