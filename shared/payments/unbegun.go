package payments

import (
	"context"
	"slices"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"windfall/shared/billing"
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
		if !in.Lines.HasMore {
			return in, nil
		}
		lines, err := j.allLines(ctx, in)
		in.Lines.Data = lines
		return in, err
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

// takenOff reports whether lines were taken off an invoice, which issues it.
func takenOff(in *stripe.Invoice) bool {
	return slices.ContainsFunc(in.Lines.Data, func(l *stripe.InvoiceLineItem) bool { return strings.HasPrefix(l.Metadata[metaUse], unbegunUse) })
}

// An unbegunLine is what a draft charges for the period that it begins, of one
// price or one use, less its discount.
type unbegunLine struct {
	name   string // of the line that takes it off
	line   *stripe.InvoiceLineItem
	amount int64
}

const unbegunUse = "unbegun_"

// unbegunLines lists what a renewal charges for the period that it begins, and
// reports whether anything else is on it. A tiered price may have several lines.
func unbegunLines(renewal *stripe.Invoice) (lines []unbegunLine, left bool) {
	for _, l := range renewal.Lines.Data {
		switch {
		case strings.HasPrefix(l.Metadata[metaUse], unbegunUse):
		case !unbegun(renewal, l):
			left = left || l.Amount != 0
		default:
			lines = addUnbegun(lines, renewal, l)
		}
	}
	return lines, left
}

func addUnbegun(lines []unbegunLine, renewal *stripe.Invoice, l *stripe.InvoiceLineItem) []unbegunLine {
	off := unbegunLine{unbegunUse + renewal.ID + "_" + l.Metadata[metaUse], l, l.Amount}
	if l.Metadata[metaUse] == "" && l.Price != nil {
		off.name += l.Price.ID
	}
	for _, d := range l.DiscountAmounts {
		off.amount -= d.Amount
	}
	for i := range lines {
		if lines[i].name == off.name {
			lines[i].amount += off.amount
			return lines
		}
	}
	return append(lines, off)
}

// unbegun reports whether a line is for the period that a renewal begins: a
// price of the subscription, or seats in advance.
func unbegun(renewal *stripe.Invoice, l *stripe.InvoiceLineItem) bool {
	ahead := l.Type == stripe.InvoiceLineItemTypeSubscription && !l.Proration || l.Metadata[metaUse] != ""
	return ahead && within(renewal, l.Period)
}

// within reports whether a span of time lies in the period that a renewal
// begins. A moment does not: it is no time that is charged.
func within(renewal *stripe.Invoice, p *stripe.Period) bool {
	return p != nil && p.Start >= renewal.PeriodEnd && p.End > p.Start
}

// takeOff adds a line to a draft for each of these, which takes it off.
func (j job) takeOff(ctx context.Context, draft *stripe.Invoice, lines []unbegunLine) error {
	for _, off := range lines {
		amount := -off.amount
		if amount == 0 {
			continue
		}
		about := map[string]string{metaUse: off.name, metaOperation: j.ref.OperationID, metaEnv: string(j.env)}
		if p := off.line.Price; p != nil {
			about[metaItem], about[metaProduct] = p.Metadata[metaItem], p.Metadata[metaProduct]
		}
		create := func(p stripe.Params) (*stripe.InvoiceItem, error) {
			return j.invoiceItems.New(&stripe.InvoiceItemParams{Params: p, Customer: &draft.Customer.ID, Invoice: &draft.ID,
				Currency: stripe.String(string(draft.Currency)), Amount: &amount, Discountable: stripe.Bool(false), Metadata: about,
				Description: stripe.String("Not begun: " + off.line.Description),
				Period:      &stripe.InvoiceItemPeriodParams{Start: &off.line.Period.Start, End: &off.line.Period.End}})
		}
		find := func() (*stripe.InvoiceItem, error) {
			return j.findUsage(ctx, &billing.NewUsage{Name: off.name, Since: moment(draft.Created)}, draft.Customer.ID)
		}
		if _, err := once(ctx, j, off.name, create, find); err != nil {
			return err
		}
	}
	return nil
}

// takeOffRemoved takes off a renewal that is still a draft what it charges for
// prices that have left the subscription, and for the seats of their products:
// the period has just begun, and the rest of the draft is collected as usual.
func (j job) takeOffRemoved(ctx context.Context, renewal *stripe.Invoice, gone []billing.PriceLine, r billing.Results) error {
	if renewal == nil {
		return nil
	}
	lines, _ := unbegunLines(renewal)
	products := map[string]bool{}
	left := func(l unbegunLine) bool {
		return l.line.Price != nil && slices.ContainsFunc(gone, func(g billing.PriceLine) bool { return priceOf(g, r) == l.line.Price.ID })
	}
	for _, l := range lines {
		if left(l) {
			products[l.line.Price.Metadata[metaProduct]] = true
		}
	}
	return ifEditable(j.takeOff(ctx, renewal, slices.DeleteFunc(lines, func(l unbegunLine) bool {
		return !left(l) && (l.line.Metadata[metaUse] == "" || !products[l.line.Metadata[metaProduct]])
	})))
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
