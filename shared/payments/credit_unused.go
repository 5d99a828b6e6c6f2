package payments

import (
	"context"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// creditAll credits the time left of a subscription that is about to end, from the
// moment of the decision: the end itself takes no moment, and would count from its
// own call. Stripe keeps no subscription without prices, so one of them stays, with
// nothing in it. The credit has an invoice of its own, which takes what waits for the
// next one; the customer's balance gets what it comes to.
//
// Prices that are billed by use are left alone: no time of them is paid.
//
// Source: https://docs.stripe.com/api/subscriptions/update (proration_date)
func (j job) creditAll(ctx context.Context, sub *stripe.Subscription, at time.Time) error {
	if j.changed(sub.Metadata) { // an earlier try did
		return j.issueCredit(ctx, sub)
	}
	params := j.emptyParams(sub)
	if len(params.Items) == 0 {
		return nil
	}
	credited, err := j.update(ctx, "credit", sub.ID, func() *stripe.SubscriptionParams {
		params.ProrationDate = stripe.Int64(unused(at, sub))
		return params
	}, func(s *stripe.Subscription) bool { return j.changed(s.Metadata) })
	if err != nil {
		return err
	}
	return j.issueCredit(ctx, credited)
}

// emptyParams takes all prices that are paid in advance off a subscription. The one that
// stays is none that staff had emptied before: a later try knows by it that all go.
func (j job) emptyParams(sub *stripe.Subscription) *stripe.SubscriptionParams {
	params := &stripe.SubscriptionParams{Metadata: j.changeMetadata(), ProrationBehavior: stripe.String("always_invoice")}
	if sub.CollectionMethod != stripe.SubscriptionCollectionMethodSendInvoice {
		params.PaymentBehavior = stripe.String("default_incomplete") // without a card, it is credited all the same
	}
	kept := slices.ContainsFunc(itemsOf(sub), byUse)
	for _, item := range itemsOf(sub) {
		switch {
		case byUse(item):
		case kept || item.Quantity == 0:
			params.Items = append(params.Items, &stripe.SubscriptionItemsParams{ID: &item.ID, Deleted: stripe.Bool(true)})
		default:
			params.Items, kept = append(params.Items, &stripe.SubscriptionItemsParams{ID: &item.ID, Quantity: stripe.Int64(0)}), true
		}
	}
	if !kept {
		params.Items = nil // all are empty
	}
	return params
}

// issueCredit issues the invoice of a credit where Stripe leaves it a draft for an hour,
// which an end stops, and charges what it comes to with what waited for it.
func (j job) issueCredit(ctx context.Context, sub *stripe.Subscription) error {
	in, err := j.changeInvoice(ctx, sub, true)
	if err == nil && asDraft(in) != nil {
		in, err = j.finalize(ctx, in.ID)
	}
	if err != nil || in == nil || in.Status != stripe.InvoiceStatusOpen || in.Attempted {
		return err
	}
	return j.charge(ctx, in)
}

// byUse reports whether an item is billed by use, afterwards.
func byUse(item *stripe.SubscriptionItem) bool {
	return item.Price != nil && item.Price.Recurring != nil && item.Price.Recurring.UsageType == stripe.PriceRecurringUsageTypeMetered
}
