package payments

import (
	"context"
	"slices"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Payment implements app.Payments. One call, and one more for a charge that was
// disputed.
func (s *Stripe) Payment(ctx context.Context, env catalog.Env, chargeID string) (billing.Payment, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return billing.Payment{}, err
	}
	ch, err := a.charges.Get(chargeID, &stripe.ChargeParams{Params: stripe.Params{Context: ctx}})
	if err != nil {
		return billing.Payment{}, a.gone(err)
	}
	out := billing.Payment{ChargeID: ch.ID, OperationID: ch.Metadata[metaOperation], Amount: money.Amount(ch.AmountCaptured),
		Refunded: money.Amount(ch.AmountRefunded), Currency: money.Currency(ch.Currency)}
	if ch.Invoice != nil {
		out.InvoiceID = ch.Invoice.ID
	}
	if ch.Customer != nil {
		out.StripeCustomerID = ch.Customer.ID
	}
	if !ch.Disputed {
		return out, nil
	}
	list := a.disputes.List(&stripe.DisputeListParams{ListParams: every(ctx), Charge: &ch.ID})
	for list.Next() {
		if d := list.Dispute(); withdrawn(d) {
			out.Disputed += money.Amount(d.Amount)
		}
	}
	return out, a.explain(list.Err())
}

// withdrawn reports whether the bank has the money of a dispute. An inquiry, in
// Stripe's words a warning, moves none.
//
// Source: https://docs.stripe.com/api/disputes/object?api-version=2023-10-16#dispute_object-status
func withdrawn(d *stripe.Dispute) bool {
	return slices.Contains([]stripe.DisputeStatus{stripe.DisputeStatusNeedsResponse, stripe.DisputeStatusUnderReview, stripe.DisputeStatusLost}, d.Status)
}
