package app

import (
	"context"

	"windfall/shared/billing"
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
// is none or Stripe has lost it.
func (a *App) atStripe(ctx context.Context, caller Caller, customerID string) (billing.State, error) {
	var side stripeSide
	var found billing.State
	w := work{App: a, caller: caller}
	_, err := w.run(ctx, moneyCommand{load: existingCustomer(customerID),
		decide: func(ctx context.Context, w *work) (step, error) {
			found = w.state
			return side.decide(ctx, w)
		}})
	return found, err
}

// stripeSide decides for other commands whether a customer's side at Stripe is
// to be made. Making it is an operation: while it runs no other begins, and
// after a crash the next call takes the same step with the same key, so there
// is never a second one.
type stripeSide struct {
	made bool   // once …
	lost string // … instead of this one, which Stripe has lost
}

func (side *stripeSide) decide(ctx context.Context, w *work) (step, error) {
	if w.state.Customer.StripeID != "" {
		if side.made && w.state.Customer.StripeID != side.lost {
			return step{}, nil
		}
		c, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
		if err != nil || c.Found {
			return step{}, err
		}
	}
	if err := w.syncAll(ctx); err != nil { // what was billed with the lost customer has ended
		return step{}, err
	}
	side.made, side.lost = true, w.state.Customer.StripeID
	w.state.Customer.StripeID = ""
	s := carryOut(billing.MakeStripeCustomer(w.state.Customer, w.caller.Actor, w.caller.Now))
	s.first = true
	return s, nil
}
