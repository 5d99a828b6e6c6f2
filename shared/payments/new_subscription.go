package payments

import (
	"cmp"
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// newSubscription starts a subscription and pays its first invoice. One call, or one more
// where a tax that is optional can't be computed; a
// second one finalizes or holds back the invoice if one is sent, or sets an end after
// several periods, and those of couponOf come first.
func (j job) newSubscription(ctx context.Context, n *billing.NewSubscription, r billing.Results) (billing.Results, error) {
	coupon, err := j.couponOf(ctx, n.Coupon, r)
	if err != nil {
		return r, err
	}
	create := func(p stripe.Params) (*stripe.Subscription, error) {
		return j.subscriptions.New(j.subscriptionParams(p, n, coupon, r))
	}
	find := func() (*stripe.Subscription, error) { return j.findSubscription(ctx, r.CustomerID) }
	sub, err := once(ctx, j, "", create, find)
	if n.TaxOptional && nowhere(err) {
		untaxed := *n
		untaxed.Taxed = false
		n = &untaxed
		sub, err = once(ctx, j, "untaxed", create, find)
	}
	if err == nil && replayed(sub.LastResponse) {
		sub, err = j.getSubscription(ctx, sub.ID)
	}
	if err != nil {
		return r, err
	}
	if n.ByInvoice && sub.LatestInvoice != nil {
		if sub.LatestInvoice, err = j.sendFirstInvoice(ctx, sub.LatestInvoice, n.DraftInvoice); err != nil {
			return r, err
		}
	}
	invoice := sub.LatestInvoice
	if n.Periods > 1 {
		if sub, err = j.endAfter(ctx, sub, n); err != nil {
			return r, err
		}
	}
	facts := subscriptionOf(sub)
	r.SubscriptionID, r.Period, r.TrialEnds = facts.ID, facts.Period, facts.TrialEnds
	if n.Periods > 0 {
		r.CanceledAt, r.Ends = facts.CanceledAt, facts.CancelAt
	}
	r.Invoice, err = j.own(ctx, invoice)
	return r, err
}

// endAfter ends a new subscription after several periods. Stripe alone knows the second in
// which the first began; an end within a period would be prorated.
func (j job) endAfter(ctx context.Context, sub *stripe.Subscription, n *billing.NewSubscription) (*stripe.Subscription, error) {
	if sub.CancelAt != 0 {
		return sub, nil
	}
	end := n.Cycle.After(moment(sub.StartDate), n.Periods).Unix()
	return j.update(ctx, "ends", sub.ID, func() *stripe.SubscriptionParams {
		return &stripe.SubscriptionParams{CancelAt: &end, ProrationBehavior: stripe.String("none")}
	}, func(s *stripe.Subscription) bool { return s.CancelAt != 0 })
}

func (j job) subscriptionParams(p stripe.Params, n *billing.NewSubscription, coupon *string, r billing.Results) *stripe.SubscriptionParams {
	params := &stripe.SubscriptionParams{Params: p, Customer: &r.CustomerID, Coupon: coupon, DefaultPaymentMethod: known(n.Card), Metadata: j.purchaseMetadata()}
	params.AddExpand("latest_invoice")
	if n.Taxed {
		params.AutomaticTax = &stripe.SubscriptionAutomaticTaxParams{Enabled: stripe.Bool(true)}
	}
	for _, l := range n.Lines {
		price, quantity := priceOf(l, r), l.Quantity
		if l.Recurring {
			params.Items = append(params.Items, &stripe.SubscriptionItemsParams{Price: &price, Quantity: &quantity})
		} else { // paid once, with the first invoice
			params.AddInvoiceItems = append(params.AddInvoiceItems, &stripe.SubscriptionAddInvoiceItemParams{Price: &price, Quantity: &quantity})
		}
	}
	if n.Periods == 1 { // assumption: a first invoice of 0 needs no card, as Stripe says of amounts that are free
		params.CancelAtPeriodEnd = stripe.Bool(true)
	}
	if n.ByInvoice {
		params.CollectionMethod = stripe.String(string(stripe.SubscriptionCollectionMethodSendInvoice))
		params.DaysUntilDue = stripe.Int64(int64(n.CollectWithin))
	} else {
		// A declined card must leave no subscription behind.
		params.PaymentBehavior = stripe.String("error_if_incomplete")
	}
	if at := n.Anchor.At.UTC(); !at.IsZero() {
		params.BillingCycleAnchorConfig = &stripe.SubscriptionBillingCycleAnchorConfigParams{DayOfMonth: stripe.Int64(int64(n.Anchor.Day))} // at the time of day of now: whole days are charged
		if n.Month {
			params.BillingCycleAnchorConfig.Month = stripe.Int64(int64(at.Month()))
		}
	}
	if !n.TrialEnd.IsZero() {
		params.TrialEnd = stripe.Int64(n.TrialEnd.Unix())
		if n.Card == "" && !n.ByInvoice {
			params.TrialSettings = &stripe.SubscriptionTrialSettingsParams{
				EndBehavior: &stripe.SubscriptionTrialSettingsEndBehaviorParams{MissingPaymentMethod: stripe.String(endWithoutCard)},
			}
		}
	}
	return params
}

// endWithoutCard ends a trial without a card, and without an invoice that would
// stay unpaid.
const endWithoutCard = "cancel"

// priceOf returns the Stripe price of a line: known before, or created by this
// operation.
func priceOf(l billing.PriceLine, r billing.Results) string {
	if l.StripeID != "" {
		return l.StripeID
	}
	return cmp.Or(r.Prices[l.Key], r.Prices[l.ItemID])
}

// findSubscription finds the subscription of this operation, or returns nil.
func (j job) findSubscription(ctx context.Context, customerID string) (*stripe.Subscription, error) {
	params := &stripe.SubscriptionListParams{ListParams: every(ctx), Customer: &customerID, Status: stripe.String("all")}
	params.AddExpand("data.latest_invoice")
	list := j.subscriptions.List(params)
	for list.Next() {
		if sub := list.Subscription(); j.made(sub.Metadata) {
			return sub, nil
		}
	}
	return nil, list.Err()
}
