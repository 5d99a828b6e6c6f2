package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"
)

// finalize issues a draft. With collect, Stripe goes on by itself: it mails
// the invoice and reminds, as the account is set up.
func (j job) finalize(ctx context.Context, id string, collect bool) (*stripe.Invoice, error) {
	create := func(p stripe.Params) (*stripe.Invoice, error) {
		return j.invoices.FinalizeInvoice(id, &stripe.InvoiceFinalizeInvoiceParams{Params: p, AutoAdvance: &collect})
	}
	return once(ctx, j, "finalize", create, func() (*stripe.Invoice, error) {
		return j.getInvoiceUnless(ctx, id, stripe.InvoiceStatusDraft)
	})
}

// pay charges an open invoice to a card.
func (j job) pay(ctx context.Context, id, card string) (*stripe.Invoice, error) {
	create := func(p stripe.Params) (*stripe.Invoice, error) {
		params := &stripe.InvoicePayParams{Params: p}
		if card != "" {
			params.PaymentMethod = &card
		}
		return j.invoices.Pay(id, params)
	}
	return once(ctx, j, "pay", create, func() (*stripe.Invoice, error) {
		return j.getInvoiceUnless(ctx, id, stripe.InvoiceStatusOpen)
	})
}

// sendFirstInvoice issues the first invoice of a subscription that is paid by
// invoice, or keeps it a draft: Stripe would issue it an hour later.
func (j job) sendFirstInvoice(ctx context.Context, in *stripe.Invoice, keepDraft bool) (*stripe.Invoice, error) {
	switch {
	case in.Status != stripe.InvoiceStatusDraft:
		return in, nil
	case keepDraft:
		return j.invoices.Update(in.ID, &stripe.InvoiceParams{Params: j.params(ctx, "hold"), AutoAdvance: stripe.Bool(false)})
	}
	return j.finalize(ctx, in.ID, true)
}

// takeBack undoes an invoice that was refused for good and returns why it was.
// What may still work out is left for the next try. When the invoice can't be
// taken back now, that error is returned: the next try comes here again.
func (j job) takeBack(ctx context.Context, id string, why error) error {
	if !final(why) {
		return why
	}
	in, err := j.getInvoice(ctx, id)
	switch {
	case missing(err):
		return why
	case err != nil:
		return err
	case in.Status == stripe.InvoiceStatusDraft:
		_, err = j.invoices.Del(id, &stripe.InvoiceParams{Params: j.params(ctx, "delete")})
	case in.Status == stripe.InvoiceStatusOpen:
		_, err = j.invoices.VoidInvoice(id, &stripe.InvoiceVoidInvoiceParams{Params: j.params(ctx, "void")})
	}
	if err != nil {
		return err
	}
	return why
}

// getInvoiceUnless reads an invoice, or returns nil when it is still in the
// state that a call was to bring it out of.
func (j job) getInvoiceUnless(ctx context.Context, id string, state stripe.InvoiceStatus) (*stripe.Invoice, error) {
	in, err := j.getInvoice(ctx, id)
	if err != nil || in.Status == state {
		return nil, err
	}
	return in, nil
}
