package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
)

// creditAgain decides the credit of an interrupted end again, and saves that, unless Stripe has
// made it: payments may have gone back since the decision. Five calls at most, and none for an
// operation without a credit.
func (w *work) creditAgain(ctx context.Context, op *billing.Operation) error {
	end := op.Crediting()
	if end == nil || end.SubscriptionID == "" {
		return nil
	}
	sub, err := w.Payments.Subscription(ctx, w.caller.Env, end.SubscriptionID)
	if errors.Is(err, ErrGone) || err == nil && sub.ChangedBy == op.ID {
		return nil
	}
	if err == nil {
		err = w.needCatalog(ctx, true)
	}
	if err != nil {
		return err
	}
	billed, err := w.billed(ctx)
	if err != nil {
		return err
	}
	*op = op.CreditAgain(w.state, w.catalog, sub, billed)
	w.state, err = w.saveCustomer(ctx, w.caller, w.state, SaveOperation{Key: w.state.Customer.Key(), Operation: *op, Due: op.Lease})
	return err
}
