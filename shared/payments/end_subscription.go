package payments

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// endSubscription ends a subscription now, or removes prices from it, and sees
// to what it leaves uncollected. It succeeds if that was done before, by us or
// at Stripe. If every price is to go, the subscription ends: Stripe keeps none
// without prices.
func (j job) endSubscription(ctx context.Context, n *billing.EndSubscription, r billing.Results) error {
	if n.ScheduleID != "" {
		return j.cancelSchedule(ctx, n.ScheduleID)
	}
	sub, err := j.getSubscription(ctx, n.SubscriptionID)
	if missing(err) {
		return nil
	}
	if err == nil && over(sub) {
		if asked := slices.Concat(n.Withheld, n.Seats); len(asked) > 0 { // ended meanwhile, without a credit to take back
			if err := j.dropUsage(ctx, asked, r.CustomerID, errSubscriptionOver); !errors.Is(err, errSubscriptionOver) {
				return err
			}
		}
		return j.collectEnded(ctx, sub)
	}
	if err != nil || j.superseded(sub.Metadata) {
		return err
	}
	leaving := append(removed(sub, n.Remove, r), emptied(sub, n.Remove, r)...)
	all := len(n.Remove) == 0 || len(leaving) == len(itemsOf(sub))
	var open openRenewals
	if n.Refund || !all && j.ref.Now.Sub(moment(sub.CurrentPeriodStart)) < draftTime {
		if open, err = j.openRenewals(ctx, sub, j.ref.Now.Unix()); err != nil {
			return err
		}
	}
	refund := n.Refund && !open.since(n.At)                 // a period that is not charged is not credited
	if !all && len(leaving) > 0 && len(open.drafts()) > 0 { // nor is what staff changed in it
		goes := func(p *stripe.Price) bool {
			return slices.ContainsFunc(n.Remove, func(g billing.PriceLine) bool { return priceOf(g, r) == p.ID })
		}
		staffs, err := j.dropInVain(ctx, sub, open, productsOf(sub, goes))
		if err != nil {
			return err
		}
		refund = refund && !staffs
	}
	asked := asksFor(n, refund, all)
	if all || len(leaving) > 0 {
		if err := j.waitUsage(ctx, n.SubscriptionID, asked, r); err != nil {
			return err
		}
	}
	switch {
	case all:
		err = j.endNow(ctx, sub, refund)
	case len(leaving) > 0:
		err = j.remove(ctx, sub, n, leaving, refund, r)
	}
	if err != nil {
		return j.dropUsage(ctx, asked, r.CustomerID, err)
	}
	if all {
		return nil
	}
	return j.takeOffRemoved(ctx, sub, open, n.Remove, r)
}

// asksFor lists what the invoice with the credit takes, or the next one: seats without
// a credit are told of where the subscription goes on.
func asksFor(n *billing.EndSubscription, refund, all bool) (asked []billing.NewUsage) {
	if refund {
		asked = slices.Clip(n.Withheld)
	}
	for _, seats := range n.Seats {
		if refund && seats.Amount != 0 || !all && (refund || seats.Amount == 0) {
			asked = append(asked, seats)
		}
	}
	return asked
}

// remove takes prices off a subscription; refund credits their time left.
func (j job) remove(ctx context.Context, sub *stripe.Subscription, n *billing.EndSubscription, leaving []*stripe.SubscriptionItemsParams, refund bool, r billing.Results) error {
	_, err := j.update(ctx, "", sub.ID, func() *stripe.SubscriptionParams {
		params := &stripe.SubscriptionParams{Items: leaving, Metadata: j.changeMetadata(), ProrationBehavior: stripe.String("none")}
		if refund {
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
	ended, err := j.subscriptions.Cancel(sub.ID, params)
	if missing(err) { // ended before
		ended, err = j.getSubscription(ctx, sub.ID)
	}
	if missing(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return j.collectEnded(ctx, ended)
}

// unused is the time from which a price is unused, within the period that
// Stripe can credit: if a new one began before this try, all of it is unused.
func unused(at time.Time, sub *stripe.Subscription) int64 {
	return min(max(at.Unix(), sub.CurrentPeriodStart), sub.CurrentPeriodEnd)
}
