package payments

import (
	"context"

	"github.com/stripe/stripe-go/v76"
)

// collectEnded collects what a subscription leaves behind that has ended. Stripe
// stops collecting then: a renewal that is still a draft stays one, and what
// waits for the next invoice waits for ever.
//
//   - The period that such a draft begins is not charged. All else on it is: our
//     use of the period that is over, and what staff or Stripe put there. The
//     draft is issued with a line for each price and each use of that period
//     that takes it off, less its discount.
//   - A price of that period that a change has credited meanwhile, on an invoice
//     of its own, stays charged: the credit relies on it.
//   - A draft of that period alone stays a draft, which nobody collects: issued,
//     it would use up a discount of the customer's for nothing.
//   - What waits is moved to an invoice of its own. What waits for time in the
//     period that is not charged is deleted, but a credit of what a change has
//     charged.
//
// Each call has a key that follows from the subscription, and each line a name,
// so that a cancel, the event of the end, and tries after a crash do this once
// between them. What waits comes first, while the draft still says which period
// is not charged.
//
// assumption: the draft of a subscription that has ended takes items and is
// issued on request, as any draft.
//
// Source: https://docs.stripe.com/billing/subscriptions/cancel ("stops automatic
// collection of all finalized invoices … set auto_advance to false")
func (j job) collectEnded(ctx context.Context, sub *stripe.Subscription) error {
	j.ref.OperationID, j.ref.ProductIDs, j.ref.CreatedAt, j.step = "ended_"+sub.ID, nil, moment(sub.EndedAt), "collect"
	open, err := j.openRenewals(ctx, sub, sub.EndedAt)
	if err != nil {
		return err
	}
	if err := j.collectWaiting(ctx, sub, open); err != nil || len(open.list) == 0 {
		return err
	}
	if payer, err := j.payer(ctx, sub.Customer.ID); err != nil || !payer.Found {
		return err // deleted: nobody can be charged
	}
	for _, renewal := range open.list {
		j.step = "collect_" + renewal.ID
		if err := j.collectRenewal(ctx, renewal, open); err != nil {
			return err
		}
	}
	return nil
}

func (j job) collectRenewal(ctx context.Context, renewal *stripe.Invoice, o openRenewals) error {
	if renewal.Status != stripe.InvoiceStatusDraft { // an earlier try issued it, and may have stopped there
		if renewal.Status == stripe.InvoiceStatusOpen && !renewal.Attempted {
			return j.charge(ctx, renewal)
		}
		return nil
	}
	off, left := o.unbegun(renewal)
	renewal, err := j.withoutCredits(ctx, renewal, off)
	if err != nil {
		return ifEditable(err)
	}
	if !left {
		return nil
	}
	if err := j.takeOff(ctx, renewal, off); err != nil {
		return ifEditable(err)
	}
	return j.collect(ctx, renewal)
}

// collect issues a draft and charges it once immediately, if it is collected by
// card. Stripe goes on with it as with any renewal.
func (j job) collect(ctx context.Context, draft *stripe.Invoice) error {
	if _, err := j.finalize(ctx, draft.ID); err != nil {
		return ifEditable(err)
	}
	return j.charge(ctx, draft)
}

func (j job) charge(ctx context.Context, in *stripe.Invoice) error {
	if in.CollectionMethod == stripe.InvoiceCollectionMethodSendInvoice {
		return nil
	}
	_, err := j.pay(ctx, in.ID, "")
	if declined(err) || refused(err) {
		return nil // it stays open
	}
	return err
}

// ifEditable passes over the refusal of a change to an invoice that is no longer
// a draft: it was issued in the meantime, by another try or by staff.
func ifEditable(err error) error {
	if takesNoLines(err) {
		return nil
	}
	return err
}
