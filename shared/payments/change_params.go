package payments

import (
	"slices"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// changeParams builds the parameters of a change. A price to remove that is not
// there is skipped; one to set that is not there is added.
func (j job) changeParams(sub *stripe.Subscription, n *billing.ChangeSubscription, r billing.Results) *stripe.SubscriptionParams {
	params := &stripe.SubscriptionParams{Metadata: j.changeMetadata()}
	params.Items = append(removed(sub, n.Remove, r), emptied(sub, n.Remove, r, slices.Concat(n.Add, n.Set)...)...)
	for _, l := range n.Add {
		price, quantity := priceOf(l, r), l.Quantity
		if item := itemOf(sub, price); l.Recurring && item != nil && item.Quantity == 0 { // staff had emptied it
			params.Items = append(params.Items, &stripe.SubscriptionItemsParams{ID: &item.ID, Quantity: &quantity})
		} else if l.Recurring {
			params.Items = append(params.Items, &stripe.SubscriptionItemsParams{Price: &price, Quantity: &quantity})
		} else {
			params.AddInvoiceItems = append(params.AddInvoiceItems, &stripe.SubscriptionAddInvoiceItemParams{Price: &price, Quantity: &quantity})
		}
	}
	for _, l := range n.Set {
		price, quantity := priceOf(l, r), l.Quantity
		if item := itemOf(sub, price); item != nil {
			params.Items = append(params.Items, &stripe.SubscriptionItemsParams{ID: &item.ID, Quantity: &quantity})
		} else {
			params.Items = append(params.Items, &stripe.SubscriptionItemsParams{Price: &price, Quantity: &quantity})
		}
	}
	if n.NoCharge {
		params.ProrationBehavior = stripe.String("none")
	} else {
		params.ProrationBehavior, params.ProrationDate = stripe.String("always_invoice"), stripe.Int64(n.At.Unix())
	}
	if n.Taxed != nil {
		params.AutomaticTax = &stripe.SubscriptionAutomaticTaxParams{Enabled: n.Taxed}
	}
	if n.KeepDay {
		params.BillingCycleAnchorUnchanged = stripe.Bool(true)
	}
	if n.ResetDay {
		params.BillingCycleAnchorNow = stripe.Bool(true)
	}
	switch {
	case n.EndTrial:
		params.TrialEndNow = stripe.Bool(true)
	case !n.TrialEnd.IsZero():
		params.TrialEnd = stripe.Int64(n.TrialEnd.Unix())
	}
	if n.GoesOn && sub.Schedule == nil { // Stripe refuses it under a schedule; the plan is set after this
		continues(params, sub)
	}
	collect(params, sub, n)
	return params
}

// collect sets how the change is paid. Stripe bills a change by the
// subscription's collection method, so paying it by invoice switches the
// method; the old one is noted for collectAsBefore.
func collect(params *stripe.SubscriptionParams, sub *stripe.Subscription, n *billing.ChangeSubscription) {
	switch {
	case sub.CollectionMethod == stripe.SubscriptionCollectionMethodSendInvoice:
	case n.ByInvoice:
		params.CollectionMethod = stripe.String(string(stripe.SubscriptionCollectionMethodSendInvoice))
		params.DaysUntilDue = stripe.Int64(int64(n.CollectWithin))
		params.Metadata[metaCollection] = string(sub.CollectionMethod)
	default:
		params.PaymentBehavior = stripe.String("error_if_incomplete") // a declined card changes nothing
	}
}

// continues withdraws the end of a subscription, if it has one.
func continues(params *stripe.SubscriptionParams, sub *stripe.Subscription) {
	switch {
	case sub.CancelAtPeriodEnd:
		params.CancelAtPeriodEnd = stripe.Bool(false)
	case sub.CancelAt != 0: // a date that was set in Stripe's dashboard
		params.AddExtra("cancel_at", "")
	}
}

// removed deletes the items of prices, if they exist.
func removed(sub *stripe.Subscription, lines []billing.PriceLine, r billing.Results) []*stripe.SubscriptionItemsParams {
	var out []*stripe.SubscriptionItemsParams
	for _, l := range lines {
		if item := itemOf(sub, priceOf(l, r)); item != nil {
			out = append(out, &stripe.SubscriptionItemsParams{ID: &item.ID, Deleted: stripe.Bool(true)})
		}
	}
	return out
}

// emptied deletes the items with nothing in them of the products whose prices are
// removed: staff had set the quantity to 0, so we hold none of them. What stays or comes
// is kept.
func emptied(sub *stripe.Subscription, lines []billing.PriceLine, r billing.Results, kept ...billing.PriceLine) []*stripe.SubscriptionItemsParams {
	is := func(lines []billing.PriceLine, p *stripe.Price) bool {
		return slices.ContainsFunc(lines, func(l billing.PriceLine) bool { return priceOf(l, r) == p.ID })
	}
	from := productsOf(sub, func(p *stripe.Price) bool { return is(lines, p) })
	var out []*stripe.SubscriptionItemsParams
	for _, item := range itemsOf(sub) {
		if p := item.Price; p != nil && item.Quantity == 0 && from[p.Metadata[metaProduct]] && !is(lines, p) && !is(kept, p) {
			out = append(out, &stripe.SubscriptionItemsParams{ID: &item.ID, Deleted: stripe.Bool(true)})
		}
	}
	return out
}

// itemOf returns the item of a subscription with a price, or nil.
func itemOf(sub *stripe.Subscription, price string) *stripe.SubscriptionItem {
	for _, item := range itemsOf(sub) {
		if item.Price != nil && item.Price.ID == price {
			return item
		}
	}
	return nil
}

func itemsOf(sub *stripe.Subscription) []*stripe.SubscriptionItem {
	if sub.Items == nil {
		return nil
	}
	return sub.Items.Data
}

// changeMetadata names the change on the subscription, and so on its invoice.
// The list of products from the start is dropped: from here on only our rows
// know the products of the subscription.
func (j job) changeMetadata() map[string]string {
	return j.withNotes(map[string]string{metaCommand: j.number(), metaChange: j.ref.OperationID, metaChangeStep: j.step, metaProducts: ""})
}

// changed reports whether metadata names this step as the last change.
func (j job) changed(metadata map[string]string) bool {
	return metadata[metaChange] == j.ref.OperationID && metadata[metaChangeStep] == j.step
}
