package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// ErrGone means that Stripe does not know an object any more. Nothing is to be
// learned from it, and asking again is pointless.
var ErrGone = refusal.NotFound(ReasonStripeObjectGone)

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

// page reads the page an operation waits for. One that is gone at Stripe has
// expired once its time is over: nobody can pay it.
func (a *App) page(ctx context.Context, caller Caller, op billing.Operation) (Session, error) {
	session, err := a.Payments.Session(ctx, caller.Env, op.Results.SessionID)
	if errors.Is(err, ErrGone) && !op.Results.SessionExpires.IsZero() && caller.Now.After(op.Results.SessionExpires) {
		return Session{ID: op.Results.SessionID, Status: "expired", OperationID: op.ID}, nil
	}
	return session, err
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
