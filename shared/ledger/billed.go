package ledger

import (
	"math/big"
	"slices"
	"time"

	"windfall/shared/money"
)

// Billed is what Stripe has billed a customer for the periods that run, the oldest
// invoice first, and what it will put on the next invoice. It is read where a
// command credits something, or makes an invoice of a running subscription.
type Billed struct {
	Invoices []Invoice
	Waiting  []WaitingItem
}

// A WaitingItem is an invoice item that is not ours: staff put it there, or a
// change that they made without an invoice. Without a subscription it is for
// the customer's next invoice, whatever that is for.
type WaitingItem struct {
	Line
	ProductID   string
	Description string
	Full        bool // no discount lowers it
}

// For lists the invoices together with what waits for the next one of a
// subscription. That counts as paid: it is on the invoice that has the credits.
// What waits of ours stands among the invoices, as it took effect when it was made.
func (b Billed) For(subscriptionID string) []Invoice {
	all, next := slices.Clone(b.Invoices), Invoice{}
	for _, w := range b.Waiting {
		switch {
		case w.SubscriptionID != subscriptionID:
		case w.Ours:
			made := Invoice{CreatedAt: w.Period.Start, Lines: []Line{w.Line}, Total: w.Amount - w.Off}
			made.Paid = max(0, made.Total)
			all = append(all, made)
		default:
			next.Lines = append(next.Lines, w.Line)
			next.Total += w.Amount - w.Off
		}
	}
	if next.Paid = max(0, next.Total); len(next.Lines) == 0 {
		return all
	}
	for _, in := range all {
		if made := in.turn().at.Add(time.Second); made.After(next.CreatedAt) {
			next.CreatedAt = made // after all of them
		}
	}
	return append(all, next)
}

// An Invoice is an invoice at Stripe as far as it says what is paid of the
// periods that run.
type Invoice struct {
	ID        string
	CreatedAt time.Time
	Operation string // that made it: a change
	Currency  money.Currency
	Total     money.Amount
	Paid      money.Amount // of Total: from a card or a balance, and not given back
	Due       money.Amount // of Total: to be paid still; 0 of one that is void or written off
	Draft     bool
	Collected bool // Stripe charges it to a card within the hour: a draft, or one that it has not tried yet
	Lines     []Line
}

// BeforeTax takes the tax that came on top of an invoice out of its total, and the same
// share out of what is paid of it and due: lines and credits are before tax.
func (in Invoice) BeforeTax(tax money.Amount) Invoice {
	if tax == 0 {
		return in
	}
	net := in.Total - tax
	share := func(some money.Amount) money.Amount {
		if some <= 0 || in.Total <= 0 || net <= 0 {
			return 0
		}
		return part(net, some, in.Total)
	}
	in.Paid, in.Due, in.Total = share(in.Paid), share(in.Due), net
	return in
}

// A Line is a line of such an invoice.
type Line struct {
	SubscriptionID string // "" on an invoice of its own
	ItemID         string
	Amount         money.Amount // below 0 is a credit; less a discount that still runs
	Off            money.Amount // less a discount that is over, so that Stripe's credit knows nothing of it
	Period         money.Period
	Proration      bool         // made by Stripe for a change
	Free           bool         // … of 0, for an item that left
	Withheld       bool         // it takes a credit of Stripe's back, because nobody paid for the time
	Whole          time.Time    // when the period began that a charge of ours pays for as a whole; else zero
	Operation      string       // that made a line of ours
	List           *big.Rat     // of a proration: what a whole period costs without a discount; nil where that is not known
	Quantity       int64        // of the price
	All            money.Amount // of a credit of ours: what all seats would be credited; 0 where it doesn't say
	For            string       // the subscription whose seats a line of ours is for; "" where it doesn't say
	Ours           bool         // made by us: a credit of it gives back what was paid, and no more
}
