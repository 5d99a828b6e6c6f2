package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
)

// afterDeletion takes in an event about a customer at Stripe who was deleted
// here. What was charged, or will be, is noted and rings an alarm.
func (a *App) afterDeletion(ctx context.Context, caller Caller, owner billing.StripeOwner, event Event) error {
	entry, err := a.chargeAfter(ctx, caller, owner, event)
	if err != nil && !errors.Is(err, ErrGone) {
		return err
	}
	writes := []Write{EventDone{event.ID, event.Type, caller.Now}}
	if entry != nil {
		entry.ID = a.NewID()
		writes = append(writes, AddAudit{owner.InternalID, *entry})
	}
	return a.commit(ctx, caller.Env, writes...)
}

func (a *App) chargeAfter(ctx context.Context, caller Caller, owner billing.StripeOwner, event Event) (*billing.Audit, error) {
	switch event.ObjectType {
	case "checkout.session":
		session, err := a.Payments.Session(ctx, caller.Env, event.ObjectID)
		if err != nil || session.Status != "complete" || session.Card != "" {
			return nil, err
		}
		return owner.ChargedByPage(session.Results, caller.Now), nil
	case "invoice":
		in, err := a.Payments.Invoice(ctx, caller.Env, event.ObjectID)
		if err != nil {
			return nil, err
		}
		return owner.ChargedByInvoice(in, caller.Now), nil
	case "subscription", "subscription_schedule":
		sub, err := a.Payments.Subscription(ctx, caller.Env, event.ObjectID)
		if err != nil {
			return nil, err
		}
		return owner.ChargedBySubscription(sub, caller.Now), nil
	}
	return nil, nil
}
