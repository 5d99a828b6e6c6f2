package payments

import (
	"context"
	"errors"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// endSubscription ends a subscription now, or removes prices from it. Two
// calls, and more for lines that take a credit back: they wait for the invoice
// of the end. It succeeds if that was done before, by us or at Stripe. If every
// price is to go, the subscription ends: Stripe keeps none without prices.
func (j job) endSubscription(ctx context.Context, n *billing.EndSubscription, r billing.Results) error {
	if n.ScheduleID != "" {
		return j.cancelSchedule(ctx, n.ScheduleID)
	}
	sub, err := j.getSubscription(ctx, n.SubscriptionID)
	if missing(err) {
		return nil
	}
	if err == nil && over(sub) && len(n.Withheld) > 0 { // ended meanwhile, without a credit to take back
		if err := j.dropUsage(ctx, n.Withheld, r.CustomerID, errSubscriptionOver); !errors.Is(err, errSubscriptionOver) {
			return err
		}
	}
	if err != nil || over(sub) || j.superseded(sub.Metadata) {
		return err
	}
	leaving := removed(sub, n.Remove, r)
	if len(n.Remove) > 0 && len(leaving) == 0 {
		return nil
	}
	if err := j.waitUsage(ctx, n.SubscriptionID, n.Withheld, r); err != nil {
		return err
	}
	return j.dropUsage(ctx, n.Withheld, r.CustomerID, j.end(ctx, sub, n, leaving, r))
}

func (j job) end(ctx context.Context, sub *stripe.Subscription, n *billing.EndSubscription, leaving []*stripe.SubscriptionItemsParams, r billing.Results) error {
	if len(n.Remove) == 0 || len(leaving) == len(itemsOf(sub)) {
		return j.endNow(ctx, sub, n.Refund)
	}
	_, err := j.update(ctx, "", sub.ID, func() *stripe.SubscriptionParams {
		params := &stripe.SubscriptionParams{Items: leaving, Metadata: j.changeMetadata(), ProrationBehavior: stripe.String("none")}
		if n.Refund {
			params.ProrationBehavior, params.ProrationDate = stripe.String("always_invoice"), stripe.Int64(unused(n.At, sub))
		}
		return params
	}, func(s *stripe.Subscription) bool { return len(removed(s, n.Remove, r)) == 0 })
	return err
}

// endNow releases a schedule first, so that the subscription alone ends. Stripe
// counts the unused time from the moment of the call.
func (j job) endNow(ctx context.Context, sub *stripe.Subscription, refund bool) error {
	if sub.Schedule != nil {
		if err := j.release(ctx, sub.Schedule.ID); err != nil {
			return err
		}
	}
	params := &stripe.SubscriptionCancelParams{Params: j.params(ctx, "cancel")}
	if refund { // the credit goes to the customer's balance
		params.Prorate, params.InvoiceNow = stripe.Bool(true), stripe.Bool(true)
	}
	_, err := j.subscriptions.Cancel(sub.ID, params)
	if missing(err) {
		return nil // ended before
	}
	return err
}

// unused is the time from which a price is unused, within the period that
// Stripe can credit: if a new one began before this try, all of it is unused.
func unused(at time.Time, sub *stripe.Subscription) int64 {
	return min(max(at.Unix(), sub.CurrentPeriodStart), sub.CurrentPeriodEnd)
}
