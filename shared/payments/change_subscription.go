package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// changeSubscription exchanges prices of a running subscription. Two calls: a
// read, and one update, which also charges the difference: a declined card
// leaves prices, invoices, plan and usage as they were. The update notes the
// operation on the subscription, so that a later try sees that it was made and
// only reads the outcome. Usage of closed periods waits as invoice items for
// the invoice of the update; if there is none, it stays for the next one.
//
// A subscription that is paid by card and changed by invoice is collected by
// card again afterwards: the terms of one invoice are not those of the
// renewals. One that was paid by invoice before stays so, on its own terms.
func (j job) changeSubscription(ctx context.Context, n *billing.ChangeSubscription, r billing.Results) (billing.Results, error) {
	sub, err := j.getSubscription(ctx, n.SubscriptionID)
	if err != nil {
		return r, err
	}
	before := j.changed(sub.Metadata) || j.superseded(sub.Metadata)
	if !before {
		if sub, err = j.change(ctx, sub, n, r); err != nil {
			return r, j.dropUsage(ctx, n.Usage, r.CustomerID, err)
		}
	}
	in, err := j.changeInvoice(ctx, sub, before)
	if err == nil && in != nil && in.CollectionMethod == stripe.InvoiceCollectionMethodSendInvoice {
		in, err = j.sendFirstInvoice(ctx, in, n.DraftInvoice)
	}
	if err != nil {
		return r, err
	}
	if err := j.collectAsBefore(ctx, sub); err != nil {
		return r, err
	}
	facts := subscriptionOf(sub)
	r.SubscriptionID, r.Period, r.TrialEnds = facts.ID, facts.Period, facts.TrialEnds
	r.Invoice, err = j.own(ctx, in)
	return r, err
}

// change makes the update, with the usage lines for its invoice.
func (j job) change(ctx context.Context, sub *stripe.Subscription, n *billing.ChangeSubscription, r billing.Results) (*stripe.Subscription, error) {
	if over(sub) {
		return nil, errSubscriptionOver
	}
	if len(removed(sub, n.Remove, r)) < len(n.Remove) {
		return nil, errSubscriptionChanged
	}
	if err := j.notesFit(sub); err != nil {
		return nil, err
	}
	if err := j.waitUsage(ctx, n.SubscriptionID, n.Usage, r); err != nil {
		return nil, err
	}
	return j.update(ctx, "", sub.ID, func() *stripe.SubscriptionParams { return j.changeParams(sub, n, r) },
		func(s *stripe.Subscription) bool { return j.changed(s.Metadata) })
}

// update changes a subscription, once. done reports from the subscription
// whether an earlier try made the update.
func (j job) update(ctx context.Context, part, id string, params func() *stripe.SubscriptionParams, done func(*stripe.Subscription) bool) (*stripe.Subscription, error) {
	change := func(p stripe.Params) (*stripe.Subscription, error) {
		asked := params()
		asked.IdempotencyKey, asked.Context = p.IdempotencyKey, p.Context
		asked.AddExpand("latest_invoice")
		return j.subscriptions.Update(id, asked)
	}
	sub, err := once(ctx, j, part, change, func() (*stripe.Subscription, error) {
		sub, err := j.getSubscription(ctx, id)
		if err != nil || !done(sub) && !j.superseded(sub.Metadata) {
			return nil, err
		}
		return sub, nil
	})
	if err == nil && replayed(sub.LastResponse) {
		return j.getSubscription(ctx, id)
	}
	if err != nil {
		return sub, err
	}
	return sub, j.readItems(ctx, sub)
}

// changeInvoice returns the invoice of this change, or nil. If the change is
// older than this try, there may be later invoices.
func (j job) changeInvoice(ctx context.Context, sub *stripe.Subscription, before bool) (*stripe.Invoice, error) {
	if in := sub.LatestInvoice; in == nil || j.billed(in) {
		return in, nil
	}
	if !before {
		return nil, nil
	}
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Subscription: &sub.ID})
	for list.Next() {
		if in := list.Invoice(); j.billed(in) {
			return in, nil
		}
	}
	return nil, list.Err()
}

// billed reports whether an invoice was made by this change: an invoice keeps
// the metadata that its subscription had when it was made.
func (j job) billed(in *stripe.Invoice) bool {
	return in.BillingReason == stripe.InvoiceBillingReasonSubscriptionUpdate && in.SubscriptionDetails != nil &&
		j.changed(in.SubscriptionDetails.Metadata)
}

// collectAsBefore restores the collection method after one change was billed by
// invoice.
func (j job) collectAsBefore(ctx context.Context, sub *stripe.Subscription) error {
	method := sub.Metadata[metaCollection]
	if method == "" {
		return nil
	}
	_, err := j.update(ctx, "collection", sub.ID, func() *stripe.SubscriptionParams {
		return &stripe.SubscriptionParams{CollectionMethod: &method, Metadata: map[string]string{metaCollection: ""}}
	}, func(s *stripe.Subscription) bool { return s.Metadata[metaCollection] == "" })
	return err
}

// over reports whether a subscription has ended for good.
func over(sub *stripe.Subscription) bool {
	return sub.Status == stripe.SubscriptionStatusCanceled || sub.Status == stripe.SubscriptionStatusIncompleteExpired
}
