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

// Invoice implements app.Payments. One call.
func (s *Stripe) Invoice(ctx context.Context, env catalog.Env, invoiceID string) (billing.Invoice, error) {
	a, err := s.account(ctx, env)
	if err != nil {
		return billing.Invoice{}, err
	}
	in, err := a.getInvoice(ctx, invoiceID)
	if err != nil {
		return billing.Invoice{}, a.gone(err)
	}
	out := invoiceOf(in)
	if in.Lines != nil && in.Lines.HasMore {
		lines, err := a.allLines(ctx, in)
		if err != nil {
			return billing.Invoice{}, a.explain(err)
		}
		out.Totals = add(in, lines)
		name(out, lines)
	}
	return *out, nil
}

func (a account) getInvoice(ctx context.Context, id string) (*stripe.Invoice, error) {
	return a.invoices.Get(id, &stripe.InvoiceParams{Params: stripe.Params{Context: ctx}})
}

// invoiceOf is nil for no invoice.
func invoiceOf(in *stripe.Invoice) *billing.Invoice {
	if in == nil {
		return nil
	}
	out := &billing.Invoice{
		StripeID: in.ID, Status: string(in.Status), Total: money.Amount(in.Total), Currency: money.Currency(in.Currency),
		URL: in.HostedInvoiceURL, CreatedAt: moment(in.Created),
		OperationID: in.Metadata[metaOperation],
		Renewal:     in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCycle, Totals: totalsOf(in),
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

// name sets the products of an invoice, from its lines: every price and usage
// line of ours has its product in its metadata. Lines that staff have added
// have none. Credited are products with credits alone.
func name(out *billing.Invoice, lines []*stripe.InvoiceLineItem) {
	out.ProductIDs, out.Credited = nil, nil
	var sold []string
	for _, l := range lines {
		id := l.Metadata[metaProduct]
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

// totalsOf adds up the lines that came with an invoice; nil if there are more.
func totalsOf(in *stripe.Invoice) *billing.InvoiceTotals {
	if in.Lines == nil || in.Lines.HasMore {
		return nil
	}
	return add(in, in.Lines.Data)
}

// allLines reads all lines of a long invoice. One call per 100 lines.
func (a account) allLines(ctx context.Context, in *stripe.Invoice) ([]*stripe.InvoiceLineItem, error) {
	var lines []*stripe.InvoiceLineItem
	list := a.invoices.ListLines(&stripe.InvoiceListLinesParams{ListParams: every(ctx), Invoice: &in.ID})
	for list.Next() {
		lines = append(lines, list.InvoiceLineItem())
	}
	return lines, list.Err()
}

func add(in *stripe.Invoice, lines []*stripe.InvoiceLineItem) *billing.InvoiceTotals {
	made := &billing.InvoiceTotals{Discounted: in.Discount != nil || len(in.Discounts) > 0 || len(in.TotalDiscountAmounts) > 0}
	for _, l := range lines {
		made.Periods = made.Periods || l.Type == stripe.InvoiceLineItemTypeSubscription && !l.Proration
		made.Sum += money.Amount(l.Amount)
		if l.Metadata[metaUse] != "" {
			made.Ours += money.Amount(l.Amount)
		}
	}
	return made
}

// own is invoiceOf for an invoice that this operation has just created.
func (j job) own(in *stripe.Invoice) *billing.Invoice {
	out := invoiceOf(in)
	if out != nil {
		out.OperationID = j.ref.OperationID
	}
	return out
}

// moment converts a time of Stripe's, in seconds; 0 is the zero time.
func moment(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}
