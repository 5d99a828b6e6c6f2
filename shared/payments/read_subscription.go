package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Subscription implements app.Payments. One call.
func (s *Stripe) Subscription(ctx context.Context, env catalog.Env, subscriptionID string) (billing.Subscription, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return billing.Subscription{}, err
	}
	sub, err := a.getSubscription(ctx, subscriptionID)
	if err != nil {
		return billing.Subscription{}, a.gone(err)
	}
	return subscriptionOf(sub), nil
}

// getSubscription reads a subscription together with its latest invoice and
// all of its items, of which Stripe may list only the first.
func (a account) getSubscription(ctx context.Context, id string) (*stripe.Subscription, error) {
	params := &stripe.SubscriptionParams{Params: stripe.Params{Context: ctx}}
	params.AddExpand("latest_invoice")
	sub, err := a.subscriptions.Get(id, params)
	if err != nil {
		return sub, err
	}
	return sub, a.readItems(ctx, sub)
}

// readItems replaces the first items of a subscription, which Stripe shows with
// it, by all of them. No call for a subscription of a few items.
func (a account) readItems(ctx context.Context, sub *stripe.Subscription) error {
	if sub == nil || sub.Items == nil || !sub.Items.HasMore {
		return nil
	}
	var items []*stripe.SubscriptionItem
	list := a.items.List(&stripe.SubscriptionItemListParams{ListParams: every(ctx), Subscription: &sub.ID})
	for list.Next() {
		items = append(items, list.SubscriptionItem())
	}
	if err := list.Err(); err != nil {
		return err
	}
	sub.Items.Data, sub.Items.HasMore = items, false
	return nil
}

// taxed reports whether Stripe computes the tax of a subscription.
func taxed(sub *stripe.Subscription) bool { return sub.AutomaticTax != nil && sub.AutomaticTax.Enabled }

// subscriptionOf needs all items to have been read; see readItems.
func subscriptionOf(sub *stripe.Subscription) billing.Subscription {
	out := billing.Subscription{
		ID:          sub.ID,
		Status:      string(sub.Status),
		OperationID: sub.Metadata[metaOperation],
		ChangedBy:   sub.Metadata[metaChange],
		Period:      periodOf(sub),
		TrialEnds:   moment(sub.TrialEnd),
		CancelAt:    moment(sub.CancelAt),
		CanceledAt:  moment(sub.CanceledAt),
		EndedAt:     moment(sub.EndedAt),
		Taxed:       taxed(sub),
		Paused:      sub.PauseCollection != nil && sub.PauseCollection.Behavior != "",
	}
	if sub.Customer != nil {
		out.StripeCustomerID = sub.Customer.ID
	}
	if in := sub.LatestInvoice; in != nil && in.Lines != nil && in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCycle {
		out.Unbegun = in.PeriodEnd == sub.CurrentPeriodStart && (asDraft(in) != nil || takenOff(in))
	}
	if sub.Schedule != nil {
		out.ScheduleID = sub.Schedule.ID
	}
	for _, item := range itemsOf(sub) {
		out.Items = append(out.Items, billing.SubscriptionItem{PriceID: item.Price.ID, Quantity: item.Quantity})
	}
	return out
}

// periodOf is the running period of a subscription, with its days where they don't
// follow from its start.
func periodOf(sub *stripe.Subscription) money.Period {
	p := money.Period{Start: moment(sub.CurrentPeriodStart), End: moment(sub.CurrentPeriodEnd)}
	cycle, a := cycleOf(sub), money.Anchor{At: moment(sub.BillingCycleAnchor)}
	if config := sub.BillingCycleAnchorConfig; config != nil {
		a.Day = int(config.DayOfMonth)
	}
	plain := a.Day == 0 && (p.Start.Day() == a.At.Day() || cycle.Months() == 0) && cycle.After(p.Start, 1).Equal(p.End)
	if !cycle.Repeats() || a.At.IsZero() || plain || sub.Status == stripe.SubscriptionStatusTrialing {
		return p
	}
	p.Anchor = a
	if whole := a.Before(cycle, p.End); whole.Before(p.Start) {
		p.Whole = whole
	}
	return p
}

// cycleOf is the interval in which a subscription is billed; zero where it has no item.
func cycleOf(sub *stripe.Subscription) money.Cycle {
	for _, item := range itemsOf(sub) {
		if item.Price != nil && item.Price.Recurring != nil {
			return money.Cycle{Interval: money.Interval(item.Price.Recurring.Interval), Count: int(item.Price.Recurring.IntervalCount)}
		}
	}
	return money.Cycle{}
}
