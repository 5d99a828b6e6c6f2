package billing

import (
	"slices"

	"windfall/shared/money"
)

// mostLines is how many lines of ours go on one invoice. Stripe takes 250 items;
// the others are for what staff and changes of plan leave there.
//
// Source: https://docs.stripe.com/changelog/2016-02-22/no-more-than-250-invoice-items
const mostLines = 200

// invoiceRoom is what an invoice still takes.
type invoiceRoom struct {
	amount money.Amount
	lines  int
}

// takes reports whether the invoice takes a line of an amount, which is on it
// then.
func (r *invoiceRoom) takes(line money.Amount) bool {
	if line > r.amount || r.lines == 0 {
		return false
	}
	r.amount, r.lines = r.amount-line, r.lines-1
	return true
}

// alone puts a line on an invoice of its own, for the card on file. The key is
// the line's: whichever lines another try finds, this one is asked for alike.
func (l UsageLine) alone() UsageJob {
	return UsageJob{Key: "alone_" + l.ask.Name, ClosedAt: l.ask.Since, ProductIDs: []string{l.ProductID},
		Steps: append(slices.Clip(l.price), Step{Name: "invoice", Invoice: &NewInvoice{Currency: l.ask.Currency, Usage: []NewUsage{l.ask},
			OnFile: true, CollectWithin: netTerms}})}
}

// fitting divides lines over as many invoices as take them.
func fitting(lines []NewUsage) (invoices [][]NewUsage) {
	var room invoiceRoom
	for _, line := range lines {
		if !room.takes(line.Amount) {
			invoices, room = append(invoices, nil), invoiceRoom{money.MaxAmount, mostLines}
			room.takes(line.Amount)
		}
		invoices[len(invoices)-1] = append(invoices[len(invoices)-1], line)
	}
	return invoices
}
