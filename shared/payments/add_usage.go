package payments

import (
	"context"
	"errors"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// addUsage bills a use that is over, once. Two calls: the price's product, and
// the line.
//
// The line goes on the draft that is named. When that is a draft no longer, it
// goes on the renewal that is one now, or else waits for the subscription's
// next invoice. All three ways have one key, so that whoever comes later, with
// whatever is a draft then, finds what an earlier try made.
func (j job) addUsage(ctx context.Context, n *billing.NewUsage, r billing.Results) error {
	product, err := j.productOf(ctx, n, r)
	if err != nil {
		return err
	}
	if n.InvoiceID != "" {
		if err := j.usageLine(ctx, n, n.InvoiceID, product, r); !takesNoLines(err) {
			return err
		}
	}
	draft, err := j.renewalDraft(ctx, n.SubscriptionID, n.InvoiceID)
	if err != nil {
		return err
	}
	if draft != "" {
		if err := j.usageLine(ctx, n, draft, product, r); !takesNoLines(err) {
			return err
		}
	}
	return j.usageLine(ctx, n, "", product, r)
}

// productOf is the Stripe product that a usage price has for itself, so that a
// coupon can be meant for this price alone.
func (j job) productOf(ctx context.Context, n *billing.NewUsage, r billing.Results) (string, error) {
	id := priceOf(billing.PriceLine{ItemID: n.ItemID, StripeID: n.PriceID}, r)
	price, err := j.prices.Get(id, &stripe.PriceParams{Params: stripe.Params{Context: ctx}})
	if err != nil {
		return "", err
	}
	return price.Product.ID, nil
}

// usageLine makes the line; with no draft it is left waiting.
func (j job) usageLine(ctx context.Context, n *billing.NewUsage, draft, product string, r billing.Results) error {
	_, err := j.billUse(ctx, n, r.CustomerID, product, func(params *stripe.InvoiceItemParams) {
		params.Subscription, params.Invoice = &n.SubscriptionID, known(draft)
	})
	return err
}

// billUse makes the line of a use, or finds it. The key follows from the use
// alone, whichever invoice it is meant for.
func (j job) billUse(ctx context.Context, n *billing.NewUsage, customerID, product string, onto func(*stripe.InvoiceItemParams)) (*stripe.InvoiceItem, error) {
	about := j.metadata()
	about[metaItem], about[metaUse] = n.ItemID, n.Name
	create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
		params := &stripe.InvoiceItemParams{
			Params: p, Customer: &customerID, Description: &n.Description, Metadata: about,
			Period:    &stripe.InvoiceItemPeriodParams{Start: stripe.Int64(n.Period.Start.Unix()), End: stripe.Int64(n.Period.End.Unix())},
			PriceData: &stripe.InvoiceItemPriceDataParams{Currency: stripe.String(string(n.Currency)), Product: &product, UnitAmount: stripe.Int64(int64(n.Amount))},
		}
		onto(params)
		return j.invoiceItems.New(params)
	}
	j.ref.OperationID, j.ref.CreatedAt, j.step = n.Name, n.Period.End, "line"
	return once(ctx, j, "", create, func() (*stripe.InvoiceItem, error) { return j.findUsage(ctx, n, customerID) })
}

// findUsage finds the line of a use, wherever it is now, or nil. It
// can't be older than the end of the period.
func (j job) findUsage(ctx context.Context, n *billing.NewUsage, customerID string) (*stripe.InvoiceItem, error) {
	list := j.invoiceItems.List(&stripe.InvoiceItemListParams{ListParams: every(ctx), Customer: &customerID,
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: n.Period.End.Add(-memory).Unix()}})
	for list.Next() {
		if line := list.InvoiceItem(); line.Metadata[metaUse] == n.Name {
			return line, nil
		}
	}
	return nil, list.Err()
}

// renewalDraft is the newest draft for a renewal of the subscription, or "".
func (j job) renewalDraft(ctx context.Context, subscriptionID, not string) (string, error) {
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Subscription: &subscriptionID,
		Status: stripe.String(string(stripe.InvoiceStatusDraft))})
	for list.Next() {
		if in := list.Invoice(); in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCycle && in.ID != not {
			return in.ID, nil
		}
	}
	return "", list.Err()
}

// takesNoLines reports whether an invoice is a draft no longer, or gone.
func takesNoLines(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && (e.Code == stripe.ErrorCodeInvoiceNotEditable || missing(e) && e.Param == "invoice")
}
