package payments

import (
	"context"
	"errors"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// addUsage puts a use on a draft, once, or leaves it to the next invoice of a
// subscription. Two calls: the price's product, and the line. It returns
// refusal.ErrStale when the invoice is a draft no longer: it must be looked at
// again.
func (j job) addUsage(ctx context.Context, n *billing.NewUsage, r billing.Results) error {
	_, err := j.billUse(ctx, n, n.InvoiceID, r)
	if takesNoLines(err) {
		return refusal.ErrStale
	}
	return err
}

// priceFor reads a price. It has a Stripe product for itself, so that a coupon
// can be meant for this price alone.
func (j job) priceFor(ctx context.Context, l billing.PriceLine, r billing.Results) (*stripe.Price, error) {
	return j.prices.Get(priceOf(l, r), &stripe.PriceParams{Params: stripe.Params{Context: ctx}})
}

// billUse makes the line of a use, or finds it. The key follows from the use
// alone, whichever invoice it is meant for.
func (j job) billUse(ctx context.Context, n *billing.NewUsage, invoiceID string, r billing.Results) (*stripe.InvoiceItem, error) {
	params, err := j.useParams(ctx, n, r)
	if err != nil {
		return nil, err
	}
	params.Invoice = known(invoiceID)
	create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
		params.Params = p
		return j.invoiceItems.New(params)
	}
	j.ref.OperationID, j.ref.CreatedAt, j.step = n.Name, n.Since, "line"
	return once(ctx, j, "", create, func() (*stripe.InvoiceItem, error) { return j.findUsage(ctx, n, r.CustomerID) })
}

// useParams are the words of a use's line. One call, for the price's product.
func (j job) useParams(ctx context.Context, n *billing.NewUsage, r billing.Results) (*stripe.InvoiceItemParams, error) {
	price, err := j.priceFor(ctx, billing.PriceLine{ItemID: n.ItemID, StripeID: n.PriceID}, r)
	if err != nil {
		return nil, err
	}
	about := j.metadata()
	about[metaItem], about[metaUse], about[metaProduct] = n.ItemID, n.Name, price.Metadata[metaProduct]
	params := &stripe.InvoiceItemParams{
		Customer: &r.CustomerID, Subscription: known(n.SubscriptionID), Description: &n.Description, Metadata: about,
		Period: &stripe.InvoiceItemPeriodParams{Start: stripe.Int64(n.Period.Start.Unix()), End: stripe.Int64(n.Period.End.Unix())},
	}
	if n.Amount < 0 { // a price can't be below 0, an amount can
		params.Currency, params.Amount = stripe.String(string(n.Currency)), stripe.Int64(int64(n.Amount))
	} else {
		params.PriceData = &stripe.InvoiceItemPriceDataParams{Currency: stripe.String(string(n.Currency)), Product: &price.Product.ID, UnitAmount: stripe.Int64(int64(n.Amount))}
	}
	return params, nil
}

// findUsage finds the line of a use, wherever it is now, or nil.
func (j job) findUsage(ctx context.Context, n *billing.NewUsage, customerID string) (*stripe.InvoiceItem, error) {
	there, err := j.uses(ctx, []billing.NewUsage{*n}, customerID)
	return there[n.Name], err
}

// takesNoLines reports whether an invoice is a draft no longer, or gone.
func takesNoLines(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && (e.Code == stripe.ErrorCodeInvoiceNotEditable || missing(e) && e.Param == "invoice")
}
