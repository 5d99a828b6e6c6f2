package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// newInvoice bills prices that are paid once. Three calls for one line: draft,
// line, and either pay or finalize; each has its own key. Those of couponOf come
// first.
//
// It continues from the invoice's state, where an earlier try stopped. An
// invoice that can't be paid is taken back, so that it can't be paid later
// beside the page that replaces it.
func (j job) newInvoice(ctx context.Context, n *billing.NewInvoice, r billing.Results) (billing.Results, error) {
	n, err := j.onFile(ctx, n, r)
	if err != nil {
		return r, err
	}
	coupon, err := j.couponOf(ctx, n.Coupon, r)
	if err != nil {
		return r, err
	}
	in, err := j.draft(ctx, n, coupon, r)
	if err != nil {
		return r, err
	}
	if len(n.Usage) > 0 {
		return j.usageAlone(ctx, in, n, r)
	}
	done, err := j.issue(ctx, in, n, r)
	if err != nil {
		if done, err = j.takeBack(ctx, in.ID, err); err != nil {
			return r, err
		}
	}
	if replayed(done.LastResponse) {
		if done, err = j.getInvoice(ctx, done.ID); err != nil {
			return r, err
		}
	}
	r.Invoice, err = j.own(ctx, done)
	return r, err
}

// onFile sets how an invoice for the card on file is paid: by the present card,
// or by the customer if there is none.
func (j job) onFile(ctx context.Context, n *billing.NewInvoice, r billing.Results) (*billing.NewInvoice, error) {
	if !n.OnFile {
		return n, nil
	}
	payer, err := j.collectable(ctx, r.CustomerID)
	if err != nil {
		return n, err
	}
	paid := *n
	paid.Card, paid.Retried, paid.ByInvoice = payer.Card, payer.Card != "", payer.Card == ""
	return &paid, nil
}

// draft creates an empty invoice that Stripe leaves alone until it is issued. It names
// no card: each try of Stripe's charges the customer's default, also one that comes later.
func (j job) draft(ctx context.Context, n *billing.NewInvoice, coupon *string, r billing.Results) (*stripe.Invoice, error) {
	about := j.purchaseMetadata()
	about[metaStep] = j.step
	create := func(p stripe.Params) (*stripe.Invoice, error) {
		params := &stripe.InvoiceParams{
			Params: p, Customer: &r.CustomerID, Metadata: about, AutoAdvance: stripe.Bool(false),
			PendingInvoiceItemsBehavior: stripe.String("exclude"), // waiting items are not ours to bill
			CollectionMethod:            stripe.String(string(stripe.InvoiceCollectionMethodChargeAutomatically)),
		}
		if n.Currency != "" {
			params.Currency = stripe.String(string(n.Currency))
		}
		if n.Taxed {
			params.AutomaticTax = &stripe.InvoiceAutomaticTaxParams{Enabled: stripe.Bool(true)}
		}
		if coupon != nil {
			params.Discounts = []*stripe.InvoiceDiscountParams{{Coupon: coupon}}
		}
		if n.ByInvoice {
			params.CollectionMethod = stripe.String(string(stripe.InvoiceCollectionMethodSendInvoice))
			params.DaysUntilDue = stripe.Int64(int64(n.CollectWithin))
		}
		return j.invoices.New(params)
	}
	return once(ctx, j, "draft", create, func() (*stripe.Invoice, error) { return j.findInvoice(ctx, r.CustomerID) })
}

// issue adds the lines, and sends or collects, as far as that is asked for and
// not done yet.
func (j job) issue(ctx context.Context, in *stripe.Invoice, n *billing.NewInvoice, r billing.Results) (*stripe.Invoice, error) {
	draft, open := in.Status == stripe.InvoiceStatusDraft, in.Status == stripe.InvoiceStatusOpen
	if draft {
		if err := j.addLines(ctx, in.ID, n.Lines, r); err != nil {
			return nil, err
		}
	}
	switch {
	case draft && n.DraftInvoice:
		return j.getInvoice(ctx, in.ID)
	case draft && n.ByInvoice:
		return j.finalize(ctx, in.ID)
	case (draft || open) && !n.ByInvoice:
		return j.pay(ctx, in.ID, n.Card)
	case in.Status == stripe.InvoiceStatusVoid, in.Status == stripe.InvoiceStatusUncollectible:
		return nil, errTakenBack
	}
	return in, nil
}

// addLines adds each price to the draft. A line of an earlier try is recognised
// by its item.
func (j job) addLines(ctx context.Context, invoiceID string, lines []billing.PriceLine, r billing.Results) error {
	for _, l := range lines {
		price, quantity := priceOf(l, r), l.Quantity
		create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
			return j.invoiceItems.New(&stripe.InvoiceItemParams{
				Params: p, Customer: &r.CustomerID, Invoice: &invoiceID, Price: &price, Quantity: &quantity,
				Metadata: map[string]string{metaItem: l.ItemID, metaOperation: j.ref.OperationID},
			})
		}
		find := func() (*stripe.InvoiceItem, error) { return j.findLine(ctx, invoiceID, l.ItemID) }
		if _, err := once(ctx, j, "line/"+l.ItemID, create, find); err != nil {
			return err
		}
	}
	return nil
}

// findInvoice finds the invoice of this step of this operation, or returns nil.
func (j job) findInvoice(ctx context.Context, customerID string) (*stripe.Invoice, error) {
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Customer: &customerID})
	for list.Next() {
		if in := list.Invoice(); j.made(in.Metadata) && in.Metadata[metaStep] == j.step {
			return in, nil
		}
	}
	return nil, list.Err()
}

func (j job) findLine(ctx context.Context, invoiceID, itemID string) (*stripe.InvoiceItem, error) {
	list := j.invoiceItems.List(&stripe.InvoiceItemListParams{ListParams: every(ctx), Invoice: &invoiceID})
	for list.Next() {
		if line := list.InvoiceItem(); line.Metadata[metaItem] == itemID {
			return line, nil
		}
	}
	return nil, list.Err()
}
