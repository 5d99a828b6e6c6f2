package app

import (
	"context"

	"windfall/shared/refusal"
)

// ErrGone means that Stripe does not know an object any more. Nothing is to be
// learned from it, and asking again is pointless.
var ErrGone = refusal.NotFound(ReasonStripeObjectGone)

// forgotten is what is left to do when the object of an event is gone: a draft
// that was deleted is no longer among the customer's invoices.
func (w work) forgotten(ctx context.Context, event Event) ([]Write, error) {
	if event.ObjectType != "invoice" {
		return nil, nil
	}
	known, err := w.Store.Invoices(ctx, w.caller.Env, w.state.Customer.InternalID)
	if err != nil {
		return nil, err
	}
	for _, in := range known {
		if in.StripeID == event.ObjectID && in.Status == "draft" {
			return []Write{ForgetInvoice{w.state.Customer.InternalID, in}}, nil
		}
	}
	return nil, nil
}

// unpayable reports whether a step was refused because the customer was deleted
// at Stripe: there is nobody to charge any more.
func (w work) unpayable(ctx context.Context, refused error) (bool, error) {
	if !isFinal(refused) || w.state.Customer.StripeID == "" {
		return false, nil
	}
	payer, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
	return err == nil && !payer.Found, err
}
