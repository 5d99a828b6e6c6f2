package payments

import (
	"context"
	"time"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// Invoice implements app.Payments. One call.
func (s *Stripe) Invoice(ctx context.Context, env billing.Env, invoiceID string) (billing.Invoice, error) {
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
		if out.Books, err = a.allBooks(ctx, in); err != nil {
			return billing.Invoice{}, a.explain(err)
		}
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
		StripeID: in.ID, Status: string(in.Status), Total: billing.Amount(in.Total), Currency: billing.Currency(in.Currency),
		URL: in.HostedInvoiceURL, CreatedAt: moment(in.Created),
		OperationID: in.Metadata[metaOperation], ProductIDs: splitIDs(in.Metadata[metaProducts]),
		Renewal: in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCycle, Books: booksOf(in),
	}
	if out.Renewal {
		out.Period = billing.Period{Start: moment(in.PeriodStart), End: moment(in.PeriodEnd)}
	}
	if in.Customer != nil {
		out.StripeCustomerID = in.Customer.ID
	}
	if in.Subscription != nil {
		out.SubscriptionID = in.Subscription.ID
	}
	if in.SubscriptionDetails == nil {
		return out
	}
	// Invoices of a subscription carry what was noted on it. The operation
	// that started it made its first invoice and that of a change its own, but
	// neither made the renewals.
	noted := in.SubscriptionDetails.Metadata
	switch {
	case in.BillingReason == stripe.InvoiceBillingReasonSubscriptionUpdate && noted[metaChange] != "":
		out.OperationID, out.ProductIDs = noted[metaChange], splitIDs(noted[metaChanged])
	case in.BillingReason == stripe.InvoiceBillingReasonSubscriptionCreate && out.OperationID == "":
		out.OperationID = noted[metaOperation]
	}
	if len(out.ProductIDs) == 0 {
		out.ProductIDs = splitIDs(noted[metaProducts])
	}
	return out
}

// booksOf adds up the lines that came with an invoice; nil when there are more.
func booksOf(in *stripe.Invoice) *billing.Books {
	if in.Lines == nil || in.Lines.HasMore {
		return nil
	}
	return add(in, in.Lines.Data)
}

// allBooks adds up all lines of a long invoice. One call for each 100 lines.
func (a account) allBooks(ctx context.Context, in *stripe.Invoice) (*billing.Books, error) {
	var lines []*stripe.InvoiceLineItem
	list := a.invoices.ListLines(&stripe.InvoiceListLinesParams{ListParams: every(ctx), Invoice: &in.ID})
	for list.Next() {
		lines = append(lines, list.InvoiceLineItem())
	}
	return add(in, lines), list.Err()
}

func add(in *stripe.Invoice, lines []*stripe.InvoiceLineItem) *billing.Books {
	books := &billing.Books{Discounted: in.Discount != nil || len(in.Discounts) > 0 || len(in.TotalDiscountAmounts) > 0}
	for _, l := range lines {
		books.Periods = books.Periods || l.Type == stripe.InvoiceLineItemTypeSubscription && !l.Proration
		books.Sum += billing.Amount(l.Amount)
		if l.Metadata[metaUse] != "" {
			books.Ours += billing.Amount(l.Amount)
		}
	}
	return books
}

// own is invoiceOf for the invoice that this operation has just brought about.
func (j job) own(in *stripe.Invoice) *billing.Invoice {
	out := invoiceOf(in)
	if out != nil {
		out.OperationID, out.ProductIDs = j.ref.OperationID, j.ref.ProductIDs
	}
	return out
}

// moment is a time of Stripe's, in seconds; 0 is the zero time.
func moment(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}
