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
//   - A draft of that period alone stays a draft, which nobody collects: issued,
//     it would use up a discount of the customer's for nothing.
//   - What waits is moved to an invoice of its own. What waits for time in the
//     period that is not charged is deleted.
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
	renewal, err := j.lastRenewal(ctx, sub)
	if err != nil {
		return err
	}
	draft := asDraft(renewal)
	if err := j.collectWaiting(ctx, sub, draft); err != nil || renewal == nil {
		return err
	}
	off, left := unbegunLines(renewal)
	if !left || draft == nil && (renewal.Status != stripe.InvoiceStatusOpen || renewal.Attempted || !takenOff(renewal)) {
		return nil
	}
	if payer, err := j.payer(ctx, sub.Customer.ID); err != nil || !payer.Found {
		return err // deleted: nobody can be charged
	}
	if draft == nil { // an earlier try issued it, and stopped there
		return j.charge(ctx, renewal)
	}
	if err := j.takeOff(ctx, draft, off); err != nil {
		return ifEditable(err)
	}
	return j.collect(ctx, draft)
}

// lastRenewal returns the renewal that began the running period of a
// subscription, with all of its lines, or nil. An older draft is one that staff
// keeps.
func (j job) lastRenewal(ctx context.Context, sub *stripe.Subscription) (*stripe.Invoice, error) {
	list := j.invoices.List(&stripe.InvoiceListParams{ListParams: every(ctx), Subscription: &sub.ID,
		CreatedRange: &stripe.RangeQueryParams{GreaterThanOrEqual: sub.CurrentPeriodStart}})
	for list.Next() {
		in := list.Invoice()
		if in.BillingReason != stripe.InvoiceBillingReasonSubscriptionCycle || in.PeriodEnd != sub.CurrentPeriodStart || in.Lines == nil {
			continue
		}
		return in, j.readLines(ctx, in)
	}
	return nil, list.Err()
}

// renewalDraft returns that renewal while it is a draft, or nil.
func (j job) renewalDraft(ctx context.Context, sub *stripe.Subscription) (*stripe.Invoice, error) {
	renewal, err := j.lastRenewal(ctx, sub)
	return asDraft(renewal), err
}

func asDraft(in *stripe.Invoice) *stripe.Invoice {
	if in == nil || in.Status != stripe.InvoiceStatusDraft {
		return nil
	}
	return in
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
