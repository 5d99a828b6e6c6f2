package billing

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

// mostLines is how many lines of ours go on one invoice. Stripe takes 250 items;
// the others are for what staff and changes of plan leave there.
//
// Source: https://docs.stripe.com/changelog/2016-02-22/no-more-than-250-invoice-items
const mostLines = 200

// invoiceRoom is what an invoice still takes.
type invoiceRoom struct {
	amount money.Amount // beside onTop
	onTop  money.Amount // of the lines whose tax comes on top
	taxed  bool
	lines  int
}

func roomOf(amount money.Amount, taxed bool) invoiceRoom {
	return invoiceRoom{amount: amount, taxed: taxed, lines: mostLines}
}

// highestTax is above any percentage that Stripe computes.
//
// Source: https://docs.stripe.com/tax/supported-countries (27 % in Hungary is the highest)
const highestTax = 30

// beforeTax is the most that an amount has room for with a tax on top of it.
func beforeTax(amount money.Amount) money.Amount { return amount - amount/(100+highestTax)*highestTax }

// fits reports whether an invoice of its own takes an amount of a price.
func fits(amount money.Amount, taxed bool, b catalog.TaxBehavior) bool {
	room := roomOf(money.MaxAmount, taxed)
	return room.takes(amount, b == catalog.TaxInclusive)
}

// takes reports whether the invoice takes a line of an amount, which is on it
// then. The tax of a line is inside its amount, or comes on top and needs room, too.
func (r *invoiceRoom) takes(line money.Amount, inside bool) bool {
	next := *r
	if next.lines--; r.taxed && !inside {
		next.onTop += line
	} else {
		next.amount -= line
	}
	if next.lines < 0 || next.onTop > beforeTax(next.amount) {
		return false
	}
	*r = next
	return true
}

// alone puts a line on an invoice of its own, for the card on file. The key is
// the line's: whichever lines another try finds, this one is asked for alike.
func (l UsageLine) alone(taxed bool) UsageJob {
	return UsageJob{Key: credit.AlonePrefix + l.ask.Name, ClosedAt: l.ask.Since, ProductIDs: []string{l.ProductID},
		Steps: append(slices.Clip(l.price), Step{Name: "invoice", Invoice: &NewInvoice{Currency: l.ask.Currency, Usage: []NewUsage{l.ask},
			OnFile: true, CollectWithin: netTerms, Taxed: taxed}})}
}

// fitting divides lines over as many invoices as take them.
func fitting(lines []NewUsage, taxed bool) (invoices [][]NewUsage) {
	var room invoiceRoom
	for _, line := range lines {
		if !room.takes(line.Amount, line.TaxInside) {
			invoices, room = append(invoices, nil), roomOf(money.MaxAmount, taxed)
			room.takes(line.Amount, line.TaxInside)
		}
		invoices[len(invoices)-1] = append(invoices[len(invoices)-1], line)
	}
	return invoices
}

// AmountNotBilled is the rule of entries about amounts that no invoice can take.
const AmountNotBilled = "amount_not_billed"

// NotBilled is use or seats that come to more than one invoice can take. Such an
// amount is nearly always a mistake, so nobody is charged for any part of it:
// it leaves the customer's billing alone, and a person is told.
type NotBilled struct {
	Line   Line          `json:"line,omitzero"`  // without its amount
	Major  money.Decimal `json:"major,omitzero"` // what it comes to, in major units
	Period money.Period  `json:"period,omitzero"`
}

// audit is the entry that tells a person.
func (n NotBilled) audit(c money.Currency, actor, subscriptionID string, now time.Time) Audit {
	a := Audit{At: now, Actor: actor, Action: "bill_usage", Rule: AmountNotBilled, Lines: []Line{n.Line}, Currency: c,
		Why: fmt.Sprintf("%s, from %s to %s, comes to %s %s, and one invoice takes %s. Nobody was charged for it; somebody should look.",
			n.Line.Description, day(n.Period.Start), day(n.Period.End), n.Major.StringFixed(c.Exponent()), c, c.Largest())}
	if subscriptionID != "" {
		a.Stripe = map[string]string{"subscription": subscriptionID}
	}
	return a
}

// NotBilledAudits are the entries about what a bill leaves to a person.
func (bill UsageBill) NotBilledAudits(subscriptionID string, now time.Time) []Audit {
	return notBilledAudits(bill.NotBilled, bill.Currency, "stripe", subscriptionID, now)
}

func notBilledAudits(list []NotBilled, c money.Currency, actor, subscriptionID string, now time.Time) (entries []Audit) {
	for _, n := range list {
		entries = append(entries, n.audit(c, actor, subscriptionID, now))
	}
	return entries
}

// NotFinalized is the entry about an invoice that Stripe could not finalize: it
// stays a draft, and nobody is charged for it.
func (i Invoice) NotFinalized(now time.Time) Audit {
	return Audit{At: now, Actor: "stripe", Action: "finalize_invoice", Rule: AmountNotBilled, Amount: i.Total, Currency: i.Currency,
		Stripe: map[string]string{"invoice": i.StripeID},
		Why: fmt.Sprintf("Stripe could not finalize an invoice of %s %s, and says why on it; one invoice takes %s. It stays a draft, and nobody was charged for it; somebody should look.",
			i.Currency.Major(i.Total).StringFixed(i.Currency.Exponent()), i.Currency, i.Currency.Largest())}
}

// InvoiceNotCollected is the rule of entries about invoices that stay open.
const InvoiceNotCollected = "invoice_not_collected"

// Uncollected reports whether an invoice of ours stays open without a subscription that
// would be past due or end for it: a person decides then. One of a command that
// goes on is taken back by it.
func (s State) Uncollected(i Invoice) bool {
	runs := func(cp CustomerProduct) bool { return cp.SubscriptionID == i.SubscriptionID && cp.Status != Expired }
	switch {
	case !i.GivenUp, i.OperationID == "" && i.SubscriptionID == "":
		return false
	case i.SubscriptionID != "":
		return !slices.ContainsFunc(s.Products, runs)
	}
	return s.Operation(i.OperationID) == nil
}

// NotCollected is the entry about an invoice that Stripe tries to collect no more.
func (i Invoice) NotCollected(now time.Time) Audit {
	return Audit{At: now, Actor: "stripe", Action: "collect_invoice", Rule: InvoiceNotCollected, Amount: i.Total, Currency: i.Currency,
		Stripe: map[string]string{"invoice": i.StripeID},
		Why: fmt.Sprintf("The card was declined for an invoice of %s %s, and Stripe tries no more. It stays open: it can be paid on its page or at Stripe, voided, or marked uncollectible.",
			i.Currency.Major(i.Total).StringFixed(i.Currency.Exponent()), i.Currency)}
}
