package billing

import (
	"fmt"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/order"
)

// An ExplainedLine is one line of an invoice, and how it was computed.
type ExplainedLine struct {
	Text, How string
	Amount    money.Amount
}

// An ExplainedInvoice is an invoice with the lines that were computed here.
type ExplainedInvoice struct {
	Invoice
	Lines    []ExplainedLine // they come to Total
	Why      []string        // what the history says of it, the oldest first
	Computed bool            // something of it was computed here …
	Mismatch string          // … and compared with Stripe's when it was made: what differed, "" where nothing did
	used     money.Amount    // of Lines, for use and seats
}

// ExplainInvoice says how an invoice was computed, from the history entries that are about it
// and what the customer holds, or held. What was computed was compared with the invoice when it
// was made, and a difference is an entry of the history: today's prices and quantities may be
// others. So they are shown only where they come to what Stripe has.
func (s State) ExplainInvoice(c *catalog.Catalog, in Invoice, entries []Audit) ExplainedInvoice {
	c = s.In(c)
	out := ExplainedInvoice{Invoice: in}
	entries = slices.Clone(entries)
	order.Stable(entries, func(a, b *Audit) int { return a.At.Compare(b.At) })
	for _, e := range entries {
		if e.Rule == InvoiceMismatch {
			out.Mismatch = e.Why
			continue
		}
		if e.Why != "" && !slices.Contains(out.Why, e.Why) {
			out.Why = append(out.Why, e.Why)
		}
		for _, l := range e.Lines {
			out.add(c, l, e.Sum)
		}
	}
	if in.Renewal {
		out.addPeriod(c, s)
	}
	out.addStripes()
	return out
}

// add adds a line that was computed. sum is the arithmetic of a change, which stands at its
// first proration.
func (out *ExplainedInvoice) add(c *catalog.Catalog, l Line, sum string) {
	out.Computed = true
	one := ExplainedLine{Text: l.Description, How: How(c, l, out.Currency), Amount: l.Amount}
	if l.Prorated {
		one.How = sum
	} else if l.FeatureID != "" && l.UsageModel == catalog.PayPerUse {
		out.used += l.Amount
	}
	out.Lines = append(out.Lines, one)
}

// How says how a line for whole periods, packs or uses was computed: "2 × 10.00 = 20.00".
func How(c *catalog.Catalog, l Line, currency money.Currency) string {
	_, item, known := c.ItemOf(l.ItemID)
	switch {
	case l.Waited:
		return "It waited for this invoice at Stripe."
	case !known || l.Prorated:
		return ""
	case item.Price != nil && l.FeatureID != "" && len(item.Tiers) == 0:
		left := ""
		if amount := currency.Major(l.Amount); l.Quantity.Mul(*item.Price).Sub(amount).Abs().GreaterThan(currency.Major(money.Amount(currency.Step()))) {
			left = " for the time left" // seats that are taken or given back within a period
			if amount.IsNegative() {
				left += ", as far as it was paid"
			}
		}
		return fmt.Sprintf("%s × %s%s = %s", l.Quantity, item.Price.StringFixed(max(currency.Exponent(), -item.Price.Exponent())), left, currency.Major(l.Amount).StringFixed(currency.Exponent()))
	case len(item.Tiers) > 0:
		return fmt.Sprintf("%s through the tiers in order", l.Quantity)
	case item.Cycle.Repeats():
		return "Price of a " + item.Cycle.String()
	}
	return "Price, once"
}

// addPeriod adds the prices of the period that a renewal begins.
func (out *ExplainedInvoice) addPeriod(c *catalog.Catalog, s State) {
	out.Why = append(out.Why, fmt.Sprintf("The period that ended on %s is over, and the next one begins.", day(out.Period.End)))
	if out.Totals == nil {
		return
	}
	t := *out.Totals
	periods := t.Sum - t.Ours - t.Prorations - t.Foreign
	var lines []Line
	for _, cp := range s.Products {
		if cp.SubscriptionID != out.SubscriptionID || !cp.spans(out.Period.End) {
			continue
		}
		for _, l := range linesOf(ProductOf(c, cp), cp.Quantities, out.Currency) {
			if l.Recurring {
				lines = append(lines, l)
			}
		}
	}
	if Subtotal(lines) != periods {
		lines = []Line{{Description: "Prices of the period", Amount: periods}}
	}
	for _, l := range lines {
		out.add(c, l, "")
	}
}

// addStripes adds what Stripe has on the invoice beside lines of ours, so that all come to
// the total.
func (out *ExplainedInvoice) addStripes() {
	var ours, off money.Amount
	for _, l := range out.Lines {
		ours += l.Amount
	}
	if t := out.Totals; t != nil {
		off = t.Off
		if t.Foreign != 0 {
			out.Lines = append(out.Lines, ExplainedLine{Text: "Added at Stripe by hand", Amount: t.Foreign})
			ours += t.Foreign
		}
	}
	if rest := out.Total - out.Tax + off - ours; rest != 0 {
		text := "Further lines at Stripe"
		if out.Totals != nil && rest == out.Totals.Ours-out.used { // put there before the invoice was made, so that its entries do not name it
			text = "Use and seats of the period before"
		}
		out.Lines = append(out.Lines, ExplainedLine{Text: text, Amount: rest})
	}
	if off != 0 {
		out.Lines = append(out.Lines, ExplainedLine{Text: "Discounts", Amount: -off})
	}
	if out.Tax != 0 {
		out.Lines = append(out.Lines, ExplainedLine{Text: "Tax", How: "Computed by Stripe", Amount: out.Tax})
	}
}
