package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
)

// afterDeletion takes in an event about a customer at Stripe who was deleted
// here. What was charged, or will be, is noted and rings an alarm.
func (w work) afterDeletion(ctx context.Context, owner billing.StripeOwner, event Event) error {
	entry, err := w.chargeAfter(ctx, owner, event)
	if err != nil && !errors.Is(err, ErrGone) {
		return err
	}
	writes := []Write{EventDone{event.ID, event.Type, w.caller.Now}}
	if entry != nil {
		entry.ID = w.NewID()
		writes = append(writes, AddAudit{owner.InternalID, *entry})
	}
	return w.commit(ctx, writes...)
}

func (w work) chargeAfter(ctx context.Context, owner billing.StripeOwner, event Event) (*billing.Audit, error) {
	switch event.ObjectType {
	case "checkout.session":
		session, err := w.Payments.Session(ctx, w.caller.Env, event.ObjectID)
		if err != nil || session.Status != "complete" || session.Card != "" {
			return nil, err
		}
		return owner.ChargedByPage(session.Results, w.caller.Now), nil
	case "invoice":
		in, err := w.Payments.Invoice(ctx, w.caller.Env, event.ObjectID)
		if err != nil {
			return nil, err
		}
		return owner.ChargedByInvoice(in, w.caller.Now), nil
	case "subscription", "subscription_schedule":
		sub, err := w.Payments.Subscription(ctx, w.caller.Env, event.ObjectID)
		if err != nil {
			return nil, err
		}
		return owner.ChargedBySubscription(sub, w.caller.Now), nil
	}
	return nil, nil
}
