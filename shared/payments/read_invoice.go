package payments

import (
	"context"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Invoice implements app.Payments. One call, and one for each hundred lines of a
// long invoice.
func (s *Stripe) Invoice(ctx context.Context, env catalog.Env, invoiceID string) (billing.Invoice, error) {
	in, err := s.wholeInvoice(ctx, env, invoiceID)
	if err != nil {
		return billing.Invoice{}, err
	}
	return *invoiceOf(in), nil
}

// wholeInvoice reads an invoice with all of its lines.
func (s *Stripe) wholeInvoice(ctx context.Context, env catalog.Env, id string) (*stripe.Invoice, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return nil, err
	}
	in, err := a.getInvoice(ctx, id)
	if err != nil {
		return nil, a.gone(err)
	}
	return in, a.explain(a.readLines(ctx, in))
}

// readLines replaces the first lines of an invoice, which Stripe shows with it,
// by all of them. No call for an invoice of a few lines, or none.
func (a account) readLines(ctx context.Context, in *stripe.Invoice) error {
	if in == nil || in.Lines == nil || !in.Lines.HasMore {
		return nil
	}
	var lines []*stripe.InvoiceLineItem
	list := a.invoices.ListLines(&stripe.InvoiceListLinesParams{ListParams: every(ctx), Invoice: &in.ID})
	for list.Next() {
		lines = append(lines, list.InvoiceLineItem())
	}
	if err := list.Err(); err != nil {
		return err
	}
	in.Lines.Data, in.Lines.HasMore = lines, false
	return nil
}

func (a account) getInvoice(ctx context.Context, id string) (*stripe.Invoice, error) {
	return a.invoices.Get(id, &stripe.InvoiceParams{Params: stripe.Params{Context: ctx}})
}

// invoiceOf is nil for no invoice. All lines must have been read; see readLines.
func invoiceOf(in *stripe.Invoice) *billing.Invoice {
	if in == nil {
		return nil
	}
	out := &billing.Invoice{
		StripeID: in.ID, Number: in.Number, Status: string(in.Status), Total: money.Amount(in.Total), Tax: onTop(in), Currency: money.Currency(in.Currency),
		URL: in.HostedInvoiceURL, CreatedAt: moment(in.Created),
		OperationID: in.Metadata[metaOperation],
		Renewal:     renews(in), Totals: totalsOf(in),
		GivenUp: in.Status == stripe.InvoiceStatusOpen && in.Attempted && in.NextPaymentAttempt == 0 &&
			in.CollectionMethod == stripe.InvoiceCollectionMethodChargeAutomatically,
	}
	if out.Renewal {
		out.Period = money.Period{Start: moment(in.PeriodStart), End: moment(in.PeriodEnd)}
	}
	if t := in.StatusTransitions; t != nil {
		out.PaidAt = moment(t.PaidAt)
	}
	if in.Customer != nil {
		out.StripeCustomerID = in.Customer.ID
	}
	if in.Subscription != nil {
		out.SubscriptionID = in.Subscription.ID
	}
	if in.Lines != nil {
		name(out, in.Lines.Data)
	}
	if in.SubscriptionDetails == nil {
		return out
	}
	// Invoices of a subscription carry its metadata. The operation that started
	// it made its first invoice, and that of a change its own, but neither made
	// the renewals.
	noted := in.SubscriptionDetails.Metadata
	switch {
	case in.BillingReason == stripe.InvoiceBillingReasonSubscriptionUpdate && noted[metaChange] != "":
		out.OperationID = noted[metaChange]
	case in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCreate && out.OperationID == "":
		out.OperationID = noted[metaOperation]
	}
	return out
}

// onTop is the tax that comes on top of the lines of an invoice. That of prices which
// contain it is a part of the lines.
//
// Source: https://docs.stripe.com/api/invoices/object?api-version=2023-10-16#invoice_object-total_tax_amounts
func onTop(in *stripe.Invoice) (sum money.Amount) {
	for _, tax := range in.TotalTaxAmounts {
		if !tax.Inclusive {
			sum += money.Amount(tax.Amount)
		}
	}
	return sum
}

// name sets the products of an invoice, from its lines: every price and usage
// line of ours has its product in its metadata. Lines that staff have added
// have none. Credited are products with credits alone.
func name(out *billing.Invoice, lines []*stripe.InvoiceLineItem) {
	out.ProductIDs, out.Credited = nil, nil
	var sold []string
	for _, l := range lines {
		id := aboutLine(l)[metaProduct]
		if id == "" && l.Price != nil {
			id = l.Price.Metadata[metaProduct]
		}
		if id == "" {
			continue
		}
		if !slices.Contains(out.ProductIDs, id) {
			out.ProductIDs = append(out.ProductIDs, id)
		}
		if l.Amount >= 0 {
			sold = append(sold, id)
		}
	}
	for _, id := range out.ProductIDs {
		if !slices.Contains(sold, id) {
			out.Credited = append(out.Credited, id)
		}
	}
}

// renews reports whether an invoice begins the next period of its subscription. The last one of a
// subscription that staff ended, and had invoiced, has the same reason and bills nothing ahead.
//
// assumption: Stripe gives that one the reason subscription_cycle.
func renews(in *stripe.Invoice) bool {
	return in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCycle &&
		(in.Lines == nil || slices.ContainsFunc(in.Lines.Data, func(l *stripe.InvoiceLineItem) bool {
			return l.Type == stripe.InvoiceLineItemTypeSubscription && !l.Proration && l.Period != nil && l.Period.Start >= in.PeriodEnd
		}))
}

// aboutLine has our notes on a line that we made. A line that a subscription is billed
// itself shows the metadata of the subscription, where a company's own may be: it may have
// names of ours, and means nothing here.
//
// Source: https://docs.stripe.com/api/invoice-line-item/object?api-version=2023-10-16#invoice-line-item_object-metadata
func aboutLine(l *stripe.InvoiceLineItem) map[string]string {
	if l.Type == stripe.InvoiceLineItemTypeSubscription || l.Proration { // Stripe's own
		return nil
	}
	return l.Metadata
}

// totalsOf adds up the lines of an invoice.
func totalsOf(in *stripe.Invoice) *billing.InvoiceTotals {
	if in.Lines == nil {
		return nil
	}
	made := &billing.InvoiceTotals{}
	for _, d := range in.TotalDiscountAmounts {
		made.Off += money.Amount(d.Amount)
	}
	made.Unused, made.Noted, made.Waived = unusedUp(in), money.Amount(in.PostPaymentCreditNotesAmount), money.Amount(in.PrePaymentCreditNotesAmount)
	for _, l := range in.Lines.Data {
		made.Periods = made.Periods || l.Type == stripe.InvoiceLineItemTypeSubscription && !l.Proration
		made.Sum += money.Amount(l.Amount)
		if id := aboutLine(l)[metaGrant]; id != "" {
			if made.Credits == nil {
				made.Credits = map[string]money.Amount{}
			}
			made.Credits[id] -= money.Amount(l.Amount)
		}
		if aboutLine(l)[metaUse] != "" {
			made.Ours += money.Amount(l.Amount)
		} else if l.Proration {
			made.Prorations += money.Amount(l.Amount)
		} else if foreign(l) {
			made.Foreign += money.Amount(l.Amount)
		}
	}
	return made
}

// foreign reports whether staff put a line on an invoice by hand.
func foreign(l *stripe.InvoiceLineItem) bool {
	return l.Type == stripe.InvoiceLineItemTypeInvoiceItem && aboutLine(l)[metaOperation] == "" && (l.Price == nil || l.Price.Metadata[metaProduct] == "")
}

// own is invoiceOf for an invoice that this operation has just created, with all
// of its lines.
func (j job) own(ctx context.Context, in *stripe.Invoice) (*billing.Invoice, error) {
	if err := j.readLines(ctx, in); err != nil {
		return nil, err
	}
	out := invoiceOf(in)
	if out != nil {
		out.OperationID = j.ref.OperationID
	}
	return out, nil
}

// moment converts a time of Stripe's, in seconds; 0 is the zero time.
func moment(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}
