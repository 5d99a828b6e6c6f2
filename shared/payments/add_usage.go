package payments

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// addUsage adds a usage line to a draft invoice, once, or leaves it to the next
// invoice of a subscription. Two calls: the price's product, and the line. It
// returns refusal.ErrStale if the invoice is no longer a draft: it must be read
// again. A subscription that has ended has no next invoice; the line is on an
// invoice of its own then.
func (j job) addUsage(ctx context.Context, n *billing.NewUsage, r billing.Results) (billing.Results, error) {
	if n.Limit != nil {
		return j.creditPaid(ctx, n, r)
	}
	if n.For != "" && n.SubscriptionID != "" && n.Amount > 0 {
		return r, j.chargeLater(ctx, n, r)
	}
	return r, j.putUsage(ctx, n, r)
}

// chargeLater makes a charge for seats wait at what they cost now: a discount that
// comes or goes before the invoice changes neither it nor the credit of seats that are
// freed meanwhile. The calls of discountsOf come on top of those of putUsage.
func (j job) chargeLater(ctx context.Context, n *billing.NewUsage, r billing.Results) error {
	use, bills := *n, billing.Bills{}
	var err error
	if bills.Discounts, err = j.discountsOf(ctx, r.CustomerID, n.Currency, j.ref.Now); err != nil {
		return err
	}
	use.Full, use.List = true, n.Amount
	use.Amount = bills.WaitingPrice(n.SubscriptionID, n.ItemID, n.Amount)
	return j.putUsage(ctx, &use, r)
}

func (j job) putUsage(ctx context.Context, n *billing.NewUsage, r billing.Results) error {
	_, err := j.billUse(ctx, n, n.InvoiceID, r)
	if takesNoLines(err) {
		return refusal.ErrStale
	}
	if n.SubscriptionID == "" || !refused(err) {
		return err
	}
	sub, readErr := j.getSubscription(ctx, n.SubscriptionID)
	if readErr != nil {
		return readErr
	}
	if !over(sub) {
		return err
	}
	if n.Amount == 0 { // of seats that went with it
		return nil
	}
	use := *n
	use.SubscriptionID, use.Name = "", n.Name+"_alone"
	_, err = j.newInvoice(ctx, &billing.NewInvoice{Currency: n.Currency, Usage: []billing.NewUsage{use}, OnFile: true, CollectWithin: netTerms, Taxed: taxed(sub)}, r)
	return err
}

// priceFor reads a price. It has a Stripe product of its own, so that a coupon
// can be restricted to this price.
func (j job) priceFor(ctx context.Context, l billing.PriceLine, r billing.Results) (*stripe.Price, error) {
	return j.prices.Get(priceOf(l, r), &stripe.PriceParams{Params: stripe.Params{Context: ctx}})
}

// billUse creates a usage line, or finds it. The key depends on the line alone,
// not on the invoice.
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

// useParams builds the parameters of a usage line. One call, for the price's
// product.
func (j job) useParams(ctx context.Context, n *billing.NewUsage, r billing.Results) (*stripe.InvoiceItemParams, error) {
	about := j.metadata()
	about[metaItem], about[metaUse] = n.ItemID, n.Name
	price := &stripe.Price{}
	if n.GrantID == "" { // a payment is of no price
		var err error
		if price, err = j.priceFor(ctx, billing.PriceLine{ItemID: n.ItemID, StripeID: n.PriceID}, r); err != nil {
			return nil, err
		}
		about[metaProduct] = price.Metadata[metaProduct]
	}
	params := &stripe.InvoiceItemParams{
		Customer: &r.CustomerID, Subscription: known(n.SubscriptionID), Description: &n.Description, Metadata: about,
		Period: &stripe.InvoiceItemPeriodParams{Start: stripe.Int64(n.Period.Start.Unix()), End: stripe.Int64(n.Period.End.Unix())},
	}
	if n.List > 0 {
		about[metaList] = strconv.FormatInt(int64(n.List), 10)
	}
	if n.ListAll > 0 {
		about[metaListAll] = strconv.FormatInt(int64(n.ListAll), 10)
	}
	if n.For != "" {
		about[metaFor] = n.For
	}
	if !n.Whole.IsZero() {
		about[metaWhole] = strconv.FormatInt(n.Whole.Unix(), 10)
	}
	if n.RewardID != "" {
		about[metaRewardID] = n.RewardID
	}
	if n.Credits {
		about[metaCredits] = "true"
	}
	if n.GrantID != "" {
		about[metaGrant] = n.GrantID
	}
	if n.Full || strings.HasPrefix(n.Name, billing.UnpaidUse) || n.RewardID != "" { // of a credit that is less the discount already, or a discount itself
		params.Discountable = stripe.Bool(false)
	}
	if n.Amount < 0 { // a price can't be below 0, an amount can
		params.Currency, params.Amount = stripe.String(string(n.Currency)), stripe.Int64(int64(n.Amount))
	} else {
		params.PriceData = &stripe.InvoiceItemPriceDataParams{Currency: stripe.String(string(n.Currency)), Product: &price.Product.ID, UnitAmount: stripe.Int64(int64(n.Amount))}
	}
	asTaxed(params, price)
	if n.GrantID != "" { // what pays is no sale: the tax of what it pays for stays
		params.TaxCode = stripe.String(nontaxable)
	}
	return params, nil
}

// nontaxable is the tax code of what is no sale.
//
// Source: https://docs.stripe.com/tax/tax-codes
const nontaxable = "txcd_00000000"

// asTaxed taxes a line as the price that it is for, where that says how.
func asTaxed(params *stripe.InvoiceItemParams, price *stripe.Price) {
	if price == nil || price.TaxBehavior == "" || price.TaxBehavior == stripe.PriceTaxBehaviorUnspecified {
		return
	}
	behavior := string(price.TaxBehavior)
	if params.PriceData != nil {
		params.PriceData.TaxBehavior = &behavior
	} else {
		params.TaxBehavior = &behavior
	}
}

// findUsage finds a usage line on any invoice or waiting, or returns nil.
func (j job) findUsage(ctx context.Context, n *billing.NewUsage, customerID string) (*stripe.InvoiceItem, error) {
	there, err := j.uses(ctx, []billing.NewUsage{*n}, customerID)
	return there[n.Name], err
}

// takesNoLines reports whether an invoice is no longer a draft, or is deleted.
func takesNoLines(err error) bool {
	var e *stripe.Error
	return errors.As(err, &e) && (e.Code == stripe.ErrorCodeInvoiceNotEditable || missing(e) && e.Param == "invoice")
}
