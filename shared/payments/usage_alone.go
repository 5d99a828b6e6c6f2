package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// usageAlone bills usage on the draft of an invoice of its own, and leaves
// collecting it to Stripe, which retries as it does with renewals. An invoice
// for the card on file is charged once immediately, as Stripe waits an hour. Where
// credits may pay, the results have the invoice, unless another one has the lines.
func (j job) usageAlone(ctx context.Context, in *stripe.Invoice, n *billing.NewInvoice, r billing.Results) (billing.Results, error) {
	if in.Status == stripe.InvoiceStatusDraft {
		if lines, err := j.usageLines(ctx, in, n, r); err != nil || lines == 0 {
			return r, err
		}
		if err := j.payByCredits(ctx, in.ID, n, r); err != nil {
			return r, err
		}
		if _, err := j.finalize(ctx, in.ID); err != nil {
			return r, err
		}
	}
	if n.OnFile && n.Card != "" {
		_, err := j.pay(ctx, in.ID, n.Card)
		if err != nil && !declined(err) && !refused(err) { // it stays open: Stripe continues, or it was paid by hand or voided
			return r, err
		}
	}
	if len(n.Credits) == 0 {
		return r, nil
	}
	in, err := j.getInvoice(ctx, in.ID)
	if err == nil {
		r.Invoice, err = j.own(ctx, in)
	}
	return r, err
}

// usageLines adds the usage lines to a draft and returns how many there are. A
// line on another invoice stays there; a draft left without lines is deleted.
func (j job) usageLines(ctx context.Context, in *stripe.Invoice, n *billing.NewInvoice, r billing.Results) (int, error) {
	lines := 0
	for _, use := range n.Usage {
		line, err := j.billUse(ctx, &use, in.ID, r)
		if err != nil {
			return lines, err
		}
		if line.Invoice != nil && line.Invoice.ID == in.ID {
			lines++
		}
	}
	if lines > 0 {
		return lines, nil
	}
	_, err := j.invoices.Del(in.ID, &stripe.InvoiceParams{Params: j.params(ctx, "drop")})
	if missing(err) {
		return 0, nil // deleted before
	}
	return 0, err
}
