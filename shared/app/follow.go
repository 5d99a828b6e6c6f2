package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
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
