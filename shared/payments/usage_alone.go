package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
)

// usageAlone bills uses on the draft of an invoice of their own, and leaves collecting it to Stripe, which tries again as
// it does with renewals. A line that is on another invoice already stays
// there; a draft that is left without lines is dropped.
func (j job) usageAlone(ctx context.Context, in *stripe.Invoice, n *billing.NewInvoice, r billing.Results) error {
	if in.Status != stripe.InvoiceStatusDraft {
		return nil
	}
	lines := 0
	for _, use := range n.Usage {
		line, err := j.billUse(ctx, &use, in.ID, r)
		if err != nil {
			return err
		}
		if line.Invoice != nil && line.Invoice.ID == in.ID {
			lines++
		}
	}
	if lines == 0 {
		_, err := j.invoices.Del(in.ID, &stripe.InvoiceParams{Params: j.params(ctx, "drop")})
		if missing(err) {
			return nil // dropped before
		}
		return err
	}
	_, err := j.finalize(ctx, in.ID)
	return err
}
