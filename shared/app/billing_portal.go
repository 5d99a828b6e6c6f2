package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// BillingPortal opens Stripe's portal for a customer, who must be known here
// and is made known to Stripe.
func (a *App) BillingPortal(ctx context.Context, caller Caller, customerID, returnURL string) (Outcome, error) {
	s, err := a.atStripe(ctx, caller, customerID)
	if err != nil {
		return Outcome{}, err
	}
	url, err := a.Payments.Portal(ctx, caller.Env, s.Customer.StripeID, returnURL)
	return Outcome{CustomerID: s.Customer.Key(), URL: url}, err
}

// atStripe returns a customer with its side at Stripe, which is made when there
// is none or Stripe has lost it. Making it is an operation: while it runs no
// other begins, and after a crash whoever comes next takes the same step with
// the same key, so there is never a second one.
func (a *App) atStripe(ctx context.Context, caller Caller, customerID string) (billing.State, error) {
	return retryStale(ctx, a, func() (billing.State, error) {
		s, err := a.existing(ctx, caller, customerID)
		if err != nil {
			return s, err
		}
		if s.Customer.StripeID != "" {
			c, err := a.Payments.Customer(ctx, caller.Env, s.Customer.StripeID)
			if err != nil || c.Found {
				return s, err
			}
		}
		cat, err := a.Store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return s, err
		}
		if s.Pending() != nil {
			if _, _, err := a.awaitIdle(ctx, caller, cat, s); err != nil {
				return s, err
			}
			return s, refusal.ErrStale // that may have been what makes the customer
		}
		s.Customer.StripeID = "" // gone at Stripe: a new one is made
		if _, err := a.execute(ctx, caller, cat, s, billing.MakeStripeCustomer(s.Customer, caller.Actor, caller.Now)); err != nil {
			return s, err
		}
		return a.existing(ctx, caller, customerID)
	})
}
