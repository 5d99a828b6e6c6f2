package app

import (
	"context"

	"windfall/shared/billing"
)

// follow makes a customer's products what a subscription is at Stripe, and
// bills what one that has ended still owes. more is saved with it, or not at
// all. It reports whether it changed products, and returns billing.ErrStale
// when it has to be called again with the customer as it is then.
func (a *App) follow(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, sub billing.Subscription, more ...Write) (bool, error) {
	change := billing.FollowSubscription(s, catalog, sub, who.Now)
	if len(change.Products)+len(change.Gone) == 0 {
		settled, err := a.billFinalUsage(ctx, who, catalog, s, sub)
		if err != nil {
			return false, err
		}
		return false, a.Store.Commit(ctx, who.Env, append(settled, more...)...)
	}
	change.Audit.Actor = who.Actor
	writes := a.writes(catalog, s.Customer.Key(), change, who)
	if !sub.EndedAt.IsZero() {
		if err := a.Store.Commit(ctx, who.Env, writes...); err != nil {
			return false, err
		}
		return true, billing.ErrStale // what the end closed is billed from the saved rows
	}
	return true, a.Store.Commit(ctx, who.Env, append(writes, more...)...)
}
