package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Running implements app.Payments. One call for each hundred subscriptions and
// for each hundred schedules. Stripe lists all subscriptions but those that were
// canceled if no status is asked for; one that never began has ended as well.
func (s *Stripe) Running(ctx context.Context, env catalog.Env, stripeID string) (running billing.RunningAtStripe, err error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return running, err
	}
	list := a.subscriptions.List(&stripe.SubscriptionListParams{ListParams: every(ctx), Customer: &stripeID})
	for list.Next() {
		if sub := list.Subscription(); !over(sub) {
			running.Subscriptions = append(running.Subscriptions, sub.ID)
		}
	}
	if err := list.Err(); missing(err) {
		return running, nil
	} else if err != nil {
		return running, a.explain(err)
	}
	later := a.schedules.List(&stripe.SubscriptionScheduleListParams{ListParams: every(ctx), Customer: &stripeID, Scheduled: stripe.Bool(true)})
	for later.Next() {
		running.Schedules = append(running.Schedules, later.SubscriptionSchedule().ID)
	}
	if err := later.Err(); err != nil && !missing(err) {
		return running, a.explain(err)
	}
	return running, nil
}
