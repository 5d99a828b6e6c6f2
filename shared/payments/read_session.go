package payments

import (
	"context"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// Session implements app.Payments. One call, and one more for a page of more
// than ten lines.
func (s *Stripe) Session(ctx context.Context, env catalog.Env, sessionID string) (app.Session, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return app.Session{}, err
	}
	params := &stripe.CheckoutSessionParams{Params: stripe.Params{Context: ctx}}
	for _, part := range []string{"line_items", "subscription.latest_invoice", "invoice", "payment_intent", "setup_intent", "total_details.breakdown"} {
		params.AddExpand(part)
	}
	page, err := a.sessions.Get(sessionID, params)
	if err != nil {
		return app.Session{}, a.gone(err)
	}
	out := app.Session{ID: page.ID, Status: statusOf(page), OperationID: page.Metadata[metaOperation]}
	if page.Customer != nil {
		out.CustomerID = page.Customer.ID
	}
	out.Results = billing.Results{CustomerID: out.CustomerID, SessionID: page.ID, URL: page.URL, SessionExpires: moment(page.ExpiresAt)}
	if out.Status != string(stripe.CheckoutSessionStatusComplete) {
		return out, nil
	}
	if in := page.SetupIntent; page.Mode == stripe.CheckoutSessionModeSetup && in != nil && in.PaymentMethod != nil {
		out.Card = in.PaymentMethod.ID
	}
	lines, err := a.linesOf(ctx, page)
	if err != nil {
		return app.Session{}, a.explain(err)
	}
	out.Results.Quantities = bought(page, lines)
	in := invoiceOn(page)
	if err := a.readLines(ctx, in); err != nil {
		return app.Session{}, a.explain(err)
	}
	fillIn(&out.Results, page, in)
	if out.Typed, err = a.typedOn(ctx, page); err != nil {
		return app.Session{}, a.explain(err)
	}
	return out, nil
}

// statusOf is open, complete or expired. A completed page with a slow payment
// on its way counts as open, and as expired once that payment has failed:
// complete here means paid, or free.
//
// Source: https://docs.stripe.com/payments/checkout/fulfillment#delayed-notification
func statusOf(page *stripe.CheckoutSession) string {
	waiting := page.Status == stripe.CheckoutSessionStatusComplete && page.PaymentStatus == stripe.CheckoutSessionPaymentStatusUnpaid
	switch {
	case !waiting:
		return string(page.Status)
	case page.PaymentIntent != nil && (page.PaymentIntent.Status == stripe.PaymentIntentStatusRequiresPaymentMethod ||
		page.PaymentIntent.Status == stripe.PaymentIntentStatusCanceled):
		return string(stripe.CheckoutSessionStatusExpired)
	case page.Subscription != nil && page.Subscription.Status == stripe.SubscriptionStatusIncompleteExpired:
		return string(stripe.CheckoutSessionStatusExpired)
	}
	return string(stripe.CheckoutSessionStatusOpen)
}

// linesOf returns all lines of a page; the page itself has the first ten.
func (a account) linesOf(ctx context.Context, page *stripe.CheckoutSession) ([]*stripe.LineItem, error) {
	if page.LineItems == nil {
		return nil, nil
	}
	if !page.LineItems.HasMore {
		return page.LineItems.Data, nil
	}
	list := a.sessions.ListLineItems(&stripe.CheckoutSessionListLineItemsParams{ListParams: every(ctx), Session: &page.ID})
	var lines []*stripe.LineItem
	for list.Next() {
		lines = append(lines, list.LineItem())
	}
	return lines, list.Err()
}

// invoiceOn is the invoice of a completed page, or nil.
func invoiceOn(page *stripe.CheckoutSession) *stripe.Invoice {
	if page.Invoice == nil && page.Subscription != nil {
		return page.Subscription.LatestInvoice
	}
	return page.Invoice
}

// fillIn adds the results of a completed page and its invoice.
func fillIn(r *billing.Results, page *stripe.CheckoutSession, in *stripe.Invoice) {
	if sub := page.Subscription; sub != nil {
		facts := subscriptionOf(sub)
		r.SubscriptionID, r.Period, r.TrialEnds = facts.ID, facts.Period, facts.TrialEnds
	}
	r.Invoice = invoiceOf(in)
	if r.Invoice != nil {
		r.Invoice.OperationID = page.Metadata[metaOperation]
	}
	r.PaidAt = paidAt(page, in)
}

// paidAt is the time at which a page was completed. Stripe does not send it:
// the payment of the invoice stands for it, or else the creation of the
// subscription or of the payment.
func paidAt(page *stripe.CheckoutSession, in *stripe.Invoice) time.Time {
	switch {
	case in != nil && in.StatusTransitions != nil && in.StatusTransitions.PaidAt != 0:
		return moment(in.StatusTransitions.PaidAt)
	case page.Subscription != nil:
		return moment(page.Subscription.Created)
	case page.PaymentIntent != nil:
		return moment(page.PaymentIntent.Created)
	}
	return moment(page.Created)
}
