package app

import (
	"context"

	"windfall/shared/billing"
)

// creditPaid decides, and decides again with the customer's invoices at Stripe if
// the decision gives something back or makes an invoice of a subscription: only
// what was paid is credited, and what waits is charged with it. They are read
// afresh, because a late event would make unpaid time paid.
func (w work) creditPaid(ctx context.Context, decide func(billing.Bills) (billing.Decision, error)) (billing.Decision, error) {
	d, err := decide(billing.Bills{})
	if err != nil || !d.Credits() && !d.InvoicesRunning() || w.state.Customer.StripeID == "" {
		return d, err
	}
	billed, err := w.Payments.Billed(ctx, w.caller.Env, w.state.Customer.StripeID, w.state.BilledSince(w.caller.Now), w.caller.Now)
	if err != nil {
		return billing.Decision{}, err
	}
	return decide(billed)
}

func (w work) decideAttach(ctx context.Context, s billing.AttachState, terms billing.Attach) (billing.Decision, error) {
	return w.creditPaid(ctx, func(billed billing.Bills) (billing.Decision, error) {
		s.Billed = billed
		return billing.DecideAttach(s, terms)
	})
}
