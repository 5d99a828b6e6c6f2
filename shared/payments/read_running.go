package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/catalog"
)

// Running implements app.Payments. One call for each hundred subscriptions.
// Stripe lists all but those that were canceled if no status is asked for; one
// that never began has ended as well.
func (s *Stripe) Running(ctx context.Context, env catalog.Env, stripeID string) ([]string, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	var ids []string
	list := a.subscriptions.List(&stripe.SubscriptionListParams{ListParams: every(ctx), Customer: &stripeID})
	for list.Next() {
		if sub := list.Subscription(); !over(sub) {
			ids = append(ids, sub.ID)
		}
	}
	if err := list.Err(); err != nil && !missing(err) {
		return nil, a.explain(err)
	}
	return ids, nil
}
