package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// finalize issues a draft that the customer pays later. Stripe then mails the
// invoice and reminders, as the account is set up.
func (j job) finalize(ctx context.Context, id string) (*stripe.Invoice, error) {
	create := func(p stripe.Params) (*stripe.Invoice, error) {
		return j.invoices.FinalizeInvoice(id, &stripe.InvoiceFinalizeInvoiceParams{Params: p, AutoAdvance: stripe.Bool(true)})
	}
	return once(ctx, j, "finalize", create, func() (*stripe.Invoice, error) {
		in, err := j.getInvoice(ctx, id)
		if err != nil || in.Status == stripe.InvoiceStatusDraft {
			return nil, err
		}
		return in, nil
	})
}

// pay charges an invoice to a card. Stripe finalizes a draft first. An invoice
// that finalizing paid from the customer's balance is no error.
//
// Source: https://docs.stripe.com/api/invoices/finalize ("automatically
// finalizes drafts before … attempting payment")
func (j job) pay(ctx context.Context, id, card string) (*stripe.Invoice, error) {
	create := func(p stripe.Params) (*stripe.Invoice, error) {
		return j.invoices.Pay(id, &stripe.InvoicePayParams{Params: p, PaymentMethod: known(card)})
	}
	paid := func() (*stripe.Invoice, error) {
		in, err := j.getInvoice(ctx, id)
		if err != nil || in.Status != stripe.InvoiceStatusPaid {
			return nil, err
		}
		return in, nil
	}
	in, err := once(ctx, j, "pay", create, paid)
	if refused(err) && !declined(err) {
		if done, readErr := paid(); done != nil || readErr != nil {
			return done, readErr
		}
	}
	return in, err
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
	return j.finalize(ctx, in.ID)
}

// errTakenBack is the answer to an operation whose invoice is void: an earlier
// try was refused and stopped before its answer.
var errTakenBack = refusal.Declined(app.ReasonInvoiceTakenBack)

// takeBack undoes an invoice that was refused for good and returns the reason.
// Any other failure is left for the next try. If the invoice can't be taken
// back now, that error is returned: the next try comes here again. One that was
// paid meanwhile stays, and is returned instead.
func (j job) takeBack(ctx context.Context, id string, why error) (paid *stripe.Invoice, err error) {
	if !final(why) {
		return nil, why
	}
	in, err := j.getInvoice(ctx, id)
	switch {
	case missing(err):
		return nil, why
	case err != nil:
		return nil, err
	case in.Status == stripe.InvoiceStatusDraft:
		_, err = j.invoices.Del(id, &stripe.InvoiceParams{Params: j.params(ctx, "delete")})
	case in.Status == stripe.InvoiceStatusOpen:
		_, err = j.invoices.VoidInvoice(id, &stripe.InvoiceVoidInvoiceParams{Params: j.params(ctx, "void")})
	}
	if refused(err) { // it has changed since it was read
		in, err = j.getInvoice(ctx, id)
	}
	switch {
	case err != nil:
		return nil, err
	case in.Status == stripe.InvoiceStatusPaid:
		return in, nil
	case in.Status != stripe.InvoiceStatusDraft:
		if err := j.returnDiscount(ctx, in); err != nil {
			return nil, err
		}
	}
	return nil, why
}

// returnDiscount puts a discount for one invoice back on the customer that an invoice
// has used up which is taken back. Where another one runs by now, or the customer is
// gone, it is lost.
func (j job) returnDiscount(ctx context.Context, in *stripe.Invoice) error {
	d := in.Discount
	if d == nil || d.Coupon == nil || d.Coupon.Duration != stripe.CouponDurationOnce || d.Subscription != "" || d.Invoice != "" || in.Customer == nil {
		return nil
	}
	j.step = "return_discount"
	_, err := j.putDiscount(ctx, &billing.PutDiscount{Back: &billing.UnusedUp{RewardID: d.Coupon.Metadata[metaRewardID], CouponID: d.Coupon.ID, DiscountID: d.ID}},
		billing.Results{CustomerID: in.Customer.ID})
	if final(err) || missing(err) {
		return nil
	}
	return err
}
