package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// follow returns what is to be saved so that a customer's products are what a
// subscription is at Stripe. One that has ended may owe a last bill, which is
// made from the saved rows: unbilled asks for another call after saving.
func (w work) follow(ctx context.Context, sub billing.Subscription) (writes []Write, unbilled bool, err error) {
	change := billing.FollowSubscription(w.state, w.catalog, sub, w.caller.Now)
	if len(change.Products)+len(change.Gone) == 0 {
		writes, err = w.billFinalUsage(ctx, sub)
		return writes, false, err
	}
	change.Audit.Actor = w.caller.Actor
	return w.writes(w.state.Customer.Key(), change), !sub.EndedAt.IsZero(), nil
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
		sub, err := w.Payments.Subscription(ctx, w.caller.Env, id)
		if err != nil {
			return err
		}
		change := billing.FollowSubscription(w.state, w.catalog, sub, w.caller.Now)
		if len(change.Products)+len(change.Gone) == 0 {
			continue
		}
		if err := w.commit(ctx, w.writes(w.state.Customer.Key(), change)...); err != nil {
			return err
		}
		return refusal.ErrStale
	}
	return nil
}

// compareRenewal holds the draft of a renewal against our own arithmetic and
// returns the entry to save when they differ.
func (w work) compareRenewal(in billing.Invoice) []Write {
	found := billing.RenewalMismatch(w.state, w.catalog, in, w.caller.Now)
	if found == nil {
		return nil
	}
	found.ID = w.NewID()
	return []Write{AddAudit{w.state.Customer.InternalID, *found}}
}
