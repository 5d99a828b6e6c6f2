package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// follow returns what is to be saved so that a customer's products are what a
// subscription is at Stripe. One that has ended may owe a last bill, which is
// made from the saved rows: unbilled asks for another call after saving.
func (w work) follow(ctx context.Context, sub billing.Subscription) (writes []Write, unbilled bool, err error) {
	change := w.followed(sub)
	if len(change.Products)+len(change.Gone) == 0 {
		writes, err = w.billFinalUsage(ctx, sub)
		return writes, false, err
	}
	change.Audit.Actor = w.caller.Actor
	return w.writes(w.state.Customer.Key(), change), !sub.EndedAt.IsZero(), nil
}

// followed is the change of a subscription at Stripe, with the seats that it leaves to others.
func (w work) followed(sub billing.Subscription) billing.Settlement {
	op := billing.Operation{ID: w.NewID(), Actor: w.caller.Actor, CreatedAt: w.caller.Now}
	return billing.FollowSubscription(w.state, w.catalog, sub, w.caller.Now).BillHeld(w.state, w.catalog, sub, op)
}

// ErrSubscriptionChanged means that a subscription has other prices at Stripe
// than a command was decided on. It ends the operation, and the command is
// decided again on the subscription as it is.
var ErrSubscriptionChanged = &refusal.Error{Kind: refusal.KindConflict, Reason: ReasonSubscriptionChanged}

// ErrSubscriptionEnded means that a subscription to change has ended at Stripe.
// The command is refused: on what is left it would cost something else.
var ErrSubscriptionEnded = &refusal.Error{Kind: refusal.KindConflict, Reason: ReasonSubscriptionEnded}

// syncEnded follows the subscription that an operation found ended, so that the
// next command knows. It returns the refusal.
func (w work) syncEnded(ctx context.Context, op billing.Operation, ended error) error {
	if err := w.syncChanged(ctx, op, ended); !errors.Is(err, refusal.ErrStale) {
		return err
	}
	return ended
}

// syncChanged follows the subscription that an operation found changed. It
// returns refusal.ErrStale once it has learned something.
func (w work) syncChanged(ctx context.Context, op billing.Operation, changed error) error {
	for _, step := range op.Decision.Steps {
		id := ""
		switch {
		case step.Change != nil:
			id = step.Change.SubscriptionID
		case step.Plan != nil:
			id = step.Plan.SubscriptionID
		default:
			continue
		}
		fresh, found, err := w.Store.State(ctx, w.caller.Env, w.state.Customer.Key())
		if err != nil || !found {
			return errors.Join(changed, err)
		}
		w.state = fresh
		if err := w.sync(ctx, id); err != nil {
			return err
		}
	}
	return changed
}

// syncAll asks Stripe about every subscription of a customer. It returns
// refusal.ErrStale after it has learned something.
func (w work) syncAll(ctx context.Context) error {
	asked := map[string]bool{}
	for _, cp := range w.state.Products {
		if id := cp.SubscriptionID; id != "" && !asked[id] && cp.Status != billing.Expired {
			asked[id] = true
			if err := w.sync(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

// sync saves what a subscription is at Stripe. It returns refusal.ErrStale after
// it has learned something.
func (w work) sync(ctx context.Context, id string) error {
	sub, err := w.Payments.Subscription(ctx, w.caller.Env, id)
	if err != nil {
		return err
	}
	if err := w.catalogAfter(ctx); err != nil {
		return err
	}
	change := w.followed(sub)
	if len(change.Products)+len(change.Gone) == 0 {
		return nil
	}
	if err := w.commit(ctx, w.writes(w.state.Customer.Key(), change)...); err != nil {
		return err
	}
	return refusal.ErrStale
}

// syncSubscriptions makes sure that no event is missing which a money command depends
// on: where a period is over here, Stripe is asked how its subscription goes
// on. It returns refusal.ErrStale after it has learned something.
func (w work) syncSubscriptions(ctx context.Context) error {
	asked := map[string]bool{}
	for _, cp := range w.state.Products {
		id := cp.SubscriptionID
		if id == "" || asked[id] || cp.Status == billing.Expired || cp.Period.End.IsZero() || w.caller.Now.Before(cp.Period.End) {
			continue
		}
		asked[id] = true
		if err := w.sync(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// compareRenewal holds the draft of a renewal against our own arithmetic and
// returns the entry to save when they differ.
//
// Where they do, Stripe is asked first: its event of a change by staff may come
// after that of the invoice.
func (w work) compareRenewal(ctx context.Context, in billing.Invoice) ([]Write, error) {
	known := w.state
	if in.Renewal && in.Period.End.Before(w.state.Customer.Moved.Subscribed) { // it is heard of late
		moved, err := w.Store.MovedProducts(ctx, w.caller.Env, w.state.Customer.InternalID)
		if err != nil {
			return nil, err
		}
		known = w.state.WithMoved(moved)
	}
	found := billing.RenewalMismatch(known, w.catalog, in, w.caller.Now)
	if found == nil {
		return nil, nil
	}
	if err := w.sync(ctx, in.SubscriptionID); err != nil && !errors.Is(err, ErrGone) {
		return nil, err
	}
	found.ID = w.NewID()
	return []Write{AuditOf(w.state.Customer, *found)}, nil
}
