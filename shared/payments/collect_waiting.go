package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/money"
)

// netTerms is how many days a customer without a card has to pay what waited.
const netTerms = 30

// collectWaiting bills the items that wait for a subscription that has ended, on
// an invoice of their own. An item can't be put on another invoice, so it is
// copied, and deleted once the invoice is issued: a try after a crash finds
// either all of them, or an invoice that is issued.
func (j job) collectWaiting(ctx context.Context, sub *stripe.Subscription, o openRenewals) error {
	j.step = "waiting" // its invoice has other keys than the draft
	waiting, err := j.waitingFor(ctx, sub)
	if err != nil || len(waiting) == 0 {
		return err
	}
	var bill []*stripe.InvoiceItem
	for _, item := range waiting {
		if !o.waitsInVain(item) && (item.Amount != 0 || !seats(item.Metadata)) {
			bill = append(bill, item)
		}
	}
	if len(bill) > 0 {
		found, err := j.billWaiting(ctx, sub, bill)
		if err != nil || !found {
			return err
		}
	}
	for _, item := range waiting {
		_, err := j.invoiceItems.Del(item.ID, &stripe.InvoiceItemParams{Params: stripe.Params{Context: ctx}})
		if err != nil && !missing(err) {
			return err
		}
	}
	return nil
}

// waitingFor lists the items that wait for the next invoice of a subscription.
func (j job) waitingFor(ctx context.Context, sub *stripe.Subscription) ([]*stripe.InvoiceItem, error) {
	var waiting []*stripe.InvoiceItem
	list := j.invoiceItems.List(&stripe.InvoiceItemListParams{ListParams: every(ctx), Customer: &sub.Customer.ID, Pending: stripe.Bool(true)})
	for list.Next() {
		if item := list.InvoiceItem(); item.Subscription != nil && item.Subscription.ID == sub.ID {
			waiting = append(waiting, item)
		}
	}
	if err := list.Err(); err != nil && !missing(err) {
		return nil, err
	}
	return waiting, nil
}

// billWaiting issues an invoice with copies of items, and collects it. found is
// false if the customer was deleted at Stripe.
func (j job) billWaiting(ctx context.Context, sub *stripe.Subscription, items []*stripe.InvoiceItem) (found bool, err error) {
	payer, err := j.collectable(ctx, sub.Customer.ID)
	if err != nil || !payer.Found {
		return false, err
	}
	n := &billing.NewInvoice{Card: payer.Card, Retried: payer.Card != "", ByInvoice: payer.Card == "", CollectWithin: netTerms, Taxed: taxed(sub)}
	n.Currency = money.Currency(items[0].Currency)
	in, err := j.draft(ctx, n, nil, billing.Results{CustomerID: sub.Customer.ID})
	if err != nil {
		return false, err
	}
	if in.Status == stripe.InvoiceStatusDraft {
		for _, item := range items {
			if err := j.copyItem(ctx, in, item); err != nil {
				return false, err
			}
		}
	}
	return true, j.collect(ctx, in)
}

// copyItem copies an item to a draft, with all that our books know it by.
func (j job) copyItem(ctx context.Context, in *stripe.Invoice, item *stripe.InvoiceItem) error {
	about := map[string]string{metaMoved: item.ID}
	for key, value := range item.Metadata {
		about[key] = value
	}
	create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
		params := &stripe.InvoiceItemParams{Params: p, Customer: &item.Customer.ID, Invoice: &in.ID, Description: known(item.Description),
			Discountable: &item.Discountable, Metadata: about,
			Period: &stripe.InvoiceItemPeriodParams{Start: &item.Period.Start, End: &item.Period.End}}
		if item.Amount > 0 && item.Price != nil && item.Price.Product != nil {
			params.PriceData = &stripe.InvoiceItemPriceDataParams{Currency: stripe.String(string(item.Currency)), Product: &item.Price.Product.ID, UnitAmount: &item.Amount}
		} else {
			params.Currency, params.Amount = stripe.String(string(item.Currency)), &item.Amount
		}
		asTaxed(params, item.Price)
		return j.invoiceItems.New(params)
	}
	find := func() (*stripe.InvoiceItem, error) {
		list := j.invoiceItems.List(&stripe.InvoiceItemListParams{ListParams: every(ctx), Invoice: &in.ID})
		for list.Next() {
			if copied := list.InvoiceItem(); copied.Metadata[metaMoved] == item.ID {
				return copied, nil
			}
		}
		return nil, list.Err()
	}
	_, err := once(ctx, j, "move/"+item.ID, create, find)
	return err
}
