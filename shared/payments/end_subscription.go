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
// without prices. The answer has the invoice of the credit, unless an earlier step
// has made another one.
func (j job) endSubscription(ctx context.Context, n *billing.EndSubscription, r billing.Results) (billing.Results, error) {
	if n.ScheduleID != "" {
		return r, j.cancelSchedule(ctx, n.ScheduleID)
	}
	sub, err := j.getSubscription(ctx, n.SubscriptionID)
	if missing(err) {
		return r, nil
	}
	if err == nil {
		sub, err = j.end(ctx, sub, n, r)
	}
	if err == nil && n.Again && !n.Refund && sub != nil && over(sub) && !j.changed(sub.Metadata) {
		return j.creditSeats(ctx, sub, n, r)
	}
	if err != nil || !n.Refund || r.Invoice != nil || sub == nil || !j.changed(sub.Metadata) {
		return r, err
	}
	in, err := j.changeInvoice(ctx, sub, true)
	if err == nil {
		r.Invoice, err = j.own(ctx, in)
	}
	return r, err
}

// end returns the subscription as it leaves it; nil for one that Stripe forgot.
func (j job) end(ctx context.Context, sub *stripe.Subscription, n *billing.EndSubscription, r billing.Results) (*stripe.Subscription, error) {
	if over(sub) {
		if asked := slices.Concat(n.Withheld, n.Seats); len(asked) > 0 { // ended meanwhile, without a credit to take back
			if err := j.dropUsage(ctx, asked, r.CustomerID, errSubscriptionOver); !errors.Is(err, errSubscriptionOver) {
				return sub, err
			}
		}
		return sub, j.collectEnded(ctx, sub)
	}
	if j.superseded(sub.Metadata) {
		return sub, nil
	}
	leaving := append(removed(sub, n.Remove, r), emptied(sub, n.Remove, r)...)
	all := len(n.Remove) == 0 || len(leaving) == len(itemsOf(sub))
	var open openRenewals
	var err error
	if n.Refund || !all && j.ref.Now.Sub(moment(sub.CurrentPeriodStart)) < draftTime {
		if open, err = j.openRenewals(ctx, sub, j.ref.Now.Unix()); err != nil {
			return sub, err
		}
	}
	refund := n.Refund && !open.since(n.At)                 // a period that is not charged is not credited
	if !all && len(leaving) > 0 && len(open.drafts()) > 0 { // nor is what staff changed in it
		goes := func(p *stripe.Price) bool {
			return slices.ContainsFunc(n.Remove, func(g billing.PriceLine) bool { return priceOf(g, r) == p.ID })
		}
		staffs, err := j.dropInVain(ctx, sub, open, productsOf(sub, goes))
		if err != nil {
			return sub, err
		}
		refund = refund && !staffs
	}
	asked := asksFor(n, refund, all)
	if n.Again {
		if err := j.dropOthers(ctx, slices.Concat(n.Withheld, n.Seats), asked, r.CustomerID); err != nil {
			return sub, err
		}
	}
	if all || len(leaving) > 0 {
		if err := j.asking(n, asked).waitUsage(ctx, n.SubscriptionID, asked, r); err != nil {
			return sub, err
		}
	}
	left := sub
	switch {
	case all:
		left, err = j.endNow(ctx, sub, n, refund)
	case len(leaving) > 0:
		left, err = j.remove(ctx, sub, n, leaving, refund, r)
	}
	if err != nil {
		return sub, j.dropUsage(ctx, asked, r.CustomerID, err)
	}
	if all {
		return left, nil
	}
	return left, j.takeOffRemoved(ctx, sub, open, n.Remove, r)
}

// asksFor lists what the invoice with the credit takes, or the next one: seats without
// a credit are told of where the subscription goes on.
func asksFor(n *billing.EndSubscription, refund, all bool) (asked []billing.NewUsage) {
	if refund {
		asked = slices.DeleteFunc(slices.Clone(n.Withheld), func(u billing.NewUsage) bool { return u.Amount == 0 })
	}
	for _, seats := range n.Seats {
		if refund && seats.Amount != 0 || !all && (refund || seats.Amount == 0) {
			asked = append(asked, seats)
		}
	}
	return asked
}

// remove takes prices off a subscription; refund credits their time left.
func (j job) remove(ctx context.Context, sub *stripe.Subscription, n *billing.EndSubscription, leaving []*stripe.SubscriptionItemsParams, refund bool, r billing.Results) (*stripe.Subscription, error) {
	return j.update(ctx, "", sub.ID, func() *stripe.SubscriptionParams {
		params := &stripe.SubscriptionParams{Items: leaving, Metadata: j.changeMetadata(), ProrationBehavior: stripe.String("none")}
		if refund {
			params.ProrationBehavior, params.ProrationDate = stripe.String("always_invoice"), stripe.Int64(unused(n.At, sub))
		}
		return params
	}, func(s *stripe.Subscription) bool { return len(removed(s, n.Remove, r)) == 0 })
}

// endNow releases a schedule first, so that the subscription alone ends. What is
// credited is credited before the end, which would count from the moment of its call.
func (j job) endNow(ctx context.Context, sub *stripe.Subscription, n *billing.EndSubscription, refund bool) (*stripe.Subscription, error) {
	if sub.Schedule != nil {
		if err := j.release(ctx, sub.Schedule.ID); err != nil {
			return sub, err
		}
	}
	params := &stripe.SubscriptionCancelParams{Params: j.params(ctx, "cancel")}
	params.AddExpand("latest_invoice")
	if refund {
		if err := j.creditAll(ctx, sub, n.At); err != nil {
			return sub, err
		}
		if slices.ContainsFunc(itemsOf(sub), byUse) { // staff's: what was used is billed with the end
			params.InvoiceNow = stripe.Bool(true)
		}
	}
	ended, err := j.subscriptions.Cancel(sub.ID, params)
	if missing(err) { // ended before
		ended, err = j.getSubscription(ctx, sub.ID)
	}
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return sub, err
	}
	return ended, j.collectEnded(ctx, ended)
}

// unused is the time from which a price is unused, within the period that
// Stripe can credit: if a new one began before this try, all of it is unused.
func unused(at time.Time, sub *stripe.Subscription) int64 {
	return min(max(at.Unix(), sub.CurrentPeriodStart), sub.CurrentPeriodEnd)
}
