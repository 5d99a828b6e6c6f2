package app

import (
	"context"

	"windfall/shared/billing"
)

// follow returns what is to be saved so that a customer's products are what a
// subscription is at Stripe. One that has ended may owe a last bill, which is
// made from the saved rows: unbilled asks for another call after saving.
func (a *App) follow(ctx context.Context, caller Caller, catalog *billing.Catalog, s billing.State, sub billing.Subscription) (writes []Write, unbilled bool, err error) {
	change := billing.FollowSubscription(s, catalog, sub, caller.Now)
	if len(change.Products)+len(change.Gone) == 0 {
		writes, err = a.billFinalUsage(ctx, caller, catalog, s, sub)
		return writes, false, err
	}
	change.Audit.Actor = caller.Actor
	return a.writes(catalog, s.Customer.Key(), change, caller), !sub.EndedAt.IsZero(), nil
}
