package app

import (
	"context"

	"windfall/shared/refusal"
)

// ErrGone means that Stripe no longer has an object. Nothing can be
// read from it, and another call is pointless.
var ErrGone = refusal.NotFound(ReasonStripeObjectGone)

// forgotten returns the writes for an event whose object is gone: a deleted draft
// leaves the customer's invoices.
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
// at Stripe and can no longer be charged.
func (w work) unpayable(ctx context.Context, refused error) (bool, error) {
	if !isFinal(refused) || w.state.Customer.StripeID == "" {
		return false, nil
	}
	payer, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
	return err == nil && !payer.Found, err
}
