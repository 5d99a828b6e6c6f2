package app

import (
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A ChargedLine is one line of what a preview charges, and how it was computed.
type ChargedLine struct {
	Text, How string
	Amount    money.Amount
}

// Charge is what is to be paid at once, line by line: with a discount, and less what invoice
// credits and the customer's balance at Stripe pay. The lines come to total; below 0 it is a
// credit for invoices to come.
func (p Preview) Charge(now time.Time) (lines []ChargedLine, total money.Amount) {
	d, cat := p.Decision, p.State.Catalog
	for _, l := range d.Lines {
		how := billing.How(cat, l, d.Currency)
		if l.Prorated {
			how = d.Sum
		}
		lines = append(lines, ChargedLine{l.Description, how, l.Amount})
	}
	if off := billing.Off(d.Lines); off != 0 {
		how := "The discount that runs"
		if d.Given != nil {
			how = "Reward " + d.Given.RewardID
		}
		lines = append(lines, ChargedLine{"Discount", how, -off})
	}
	paid := d.Paid(p.State, now)
	if paid.Credits != 0 {
		lines = append(lines, ChargedLine{"Invoice credits", "They pay what they are for.", -paid.Credits})
	}
	if paid.Balance != 0 {
		how := "The customer's own credit"
		if paid.Balance < 0 {
			how = "What the customer owes"
		}
		lines = append(lines, ChargedLine{"Balance at Stripe", how, -paid.Balance})
	}
	return lines, d.DueNow() - paid.Credits - paid.Balance
}

// NextCharge is what the period after the one that is charged now costs, before its use; zero
// where nothing repeats.
func (p Preview) NextCharge(now time.Time) (at time.Time, amount money.Amount) {
	next := p.Decision.Next(p.Products, now)
	return next.At, billing.Total(next.Lines)
}

// ProductHeld is a product as a customer holds it.
func ProductHeld(c *catalog.Catalog, cp billing.CustomerProduct) catalog.Product {
	return billing.ProductOf(c, cp)
}

// PeriodPrice is what a period of a product costs that a customer holds, or is to begin, before
// its use and without discounts.
func PeriodPrice(c *catalog.Catalog, cp billing.CustomerProduct, now time.Time) money.Amount {
	d := billing.Decision{Quantities: cp.Quantities, Currency: c.Currency()}
	return billing.Total(d.Next([]catalog.Product{billing.ProductOf(c, cp)}, now).Lines)
}
