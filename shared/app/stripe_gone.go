package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// ErrGone means that Stripe does not know an object any more. Nothing is to be
// learned from it, and asking again is pointless.
var ErrGone = &refusal.Error{Kind: refusal.KindNotFound, Code: "stripe_object_gone", Message: "Stripe does not know this object any more."}

// forgotten is what is left to do when the object of an event is gone: a draft
// that was deleted is no longer among the customer's invoices.
func (a *App) forgotten(ctx context.Context, caller Caller, s billing.State, event Event) ([]Write, error) {
	if event.ObjectType != "invoice" {
		return nil, nil
	}
	known, err := a.Store.Invoices(ctx, caller.Env, s.Customer.InternalID)
	if err != nil {
		return nil, err
	}
	for _, in := range known {
		if in.StripeID == event.ObjectID && in.Status == "draft" {
			return []Write{ForgetInvoice{s.Customer.InternalID, in}}, nil
		}
	}
	return nil, nil
}

// unpayable reports whether a step was refused because the customer was deleted
// at Stripe: there is nobody to charge any more.
func (a *App) unpayable(ctx context.Context, caller Caller, s billing.State, refused error) (bool, error) {
	if !isFinal(refused) || s.Customer.StripeID == "" {
		return false, nil
	}
	payer, err := a.Payments.Customer(ctx, caller.Env, s.Customer.StripeID)
	return err == nil && !payer.Found, err
}
