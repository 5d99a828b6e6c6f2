package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// follow returns what is to be saved so that a customer's products are what a
// subscription is at Stripe. One that has ended may owe a last bill, which is
// made from the saved rows: unbilled asks for another call after saving.
func (a *App) follow(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, sub billing.Subscription) (writes []Write, unbilled bool, err error) {
	change := billing.FollowSubscription(s, cat, sub, caller.Now)
	if len(change.Products)+len(change.Gone) == 0 {
		writes, err = a.billFinalUsage(ctx, caller, cat, s, sub)
		return writes, false, err
	}
	change.Audit.Actor = caller.Actor
	return a.writes(cat, s.Customer.Key(), change, caller), !sub.EndedAt.IsZero(), nil
}

// syncSubscriptions makes sure that no event is missing which a money command depends
// on: where a period is over here, Stripe is asked how its subscription goes
// on. It returns refusal.ErrStale after it has learned something.
func (a *App) syncSubscriptions(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State) error {
	asked := map[string]bool{}
	for _, cp := range s.Products {
		id := cp.SubscriptionID
		if id == "" || asked[id] || cp.Status == billing.Expired || cp.Period.End.IsZero() || caller.Now.Before(cp.Period.End) {
			continue
		}
		asked[id] = true
		sub, err := a.Payments.Subscription(ctx, caller.Env, id)
		if err != nil {
			return err
		}
		change := billing.FollowSubscription(s, cat, sub, caller.Now)
		if len(change.Products)+len(change.Gone) == 0 {
			continue
		}
		if err := a.commit(ctx, caller.Env, a.writes(cat, s.Customer.Key(), change, caller)...); err != nil {
			return err
		}
		return refusal.ErrStale
	}
	return nil
}
