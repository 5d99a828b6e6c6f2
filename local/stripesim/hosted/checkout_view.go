package hosted

import (
	"fmt"

	"windfall/local/stripesim/display"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// fillCheckout puts amounts and words on the page.
func (s *Server) fillCheckout(v *pages.Checkout, q Quote) {
	cs := q.Session
	currency := string(cs.Currency)
	write := func(n int64) string { return minor(n, currency) }
	for _, line := range cs.State.Lines {
		l := pages.CheckoutLine{ID: line.ID, Name: line.Description, Amount: write(line.AmountSubtotal), Each: eachText(line.Price)}
		if line.Quantity != nil {
			l.Quantity, l.Adjustable, l.Min, l.Max = *line.Quantity, line.State.Adjustable, line.State.Min, line.State.Max
		}
		if line.Price.Recurring != nil && cs.Trialing() {
			l.Amount = "Free"
		}
		v.Lines = append(v.Lines, l)
	}
	if cs.AmountTotal != nil {
		v.Subtotal, v.Total, v.Due = write(*cs.AmountSubtotal), write(*cs.AmountTotal), *cs.AmountTotal
		if off := cs.TotalDetails.AmountDiscount; off > 0 {
			v.Discount = "−" + write(off)
		}
		v.Tax = taxText(cs)
	}
	if q.Coupon != nil {
		v.DiscountName = discountName(q.Coupon)
	}
	v.Trial = cs.Trialing()
	v.AskAddress = cs.AutomaticTax.Enabled || cs.BillingAddressCollection == "required"
	v.AskTaxID = cs.TaxIDCollection != nil
	if d := cs.CustomerDetails; d != nil && d.Address != nil && v.Country == "" {
		v.Country, v.PostalCode = string(d.Address.Country), string(d.Address.PostalCode)
	}
	fillRenewal(v, cs, q.Outcome)
	v.AskEmail = cs.Customer == "" && cs.CustomerEmail == ""
	switch {
	case v.AskEmail: // what was typed stays
	case cs.CustomerDetails != nil:
		v.Email = string(cs.CustomerDetails.Email)
	default:
		v.Email = string(cs.CustomerEmail)
	}
	v.Cards = s.cards
	v.AskCard = cs.Mode != "subscription" || *cs.AmountTotal > 0 || cs.PaymentMethodCollection == "always"
}

// taxText is the tax of a session, and "" where none is computed. It is a part of the
// amounts where none of it comes on top.
func taxText(cs *object.CheckoutSession) string {
	if !cs.AutomaticTax.Enabled || cs.TotalDetails == nil {
		return ""
	}
	if cs.AutomaticTax.Status != "complete" {
		return "with your address"
	}
	text := minor(cs.TotalDetails.AmountTax, string(cs.Currency))
	if tax := cs.TotalDetails.AmountTax; tax > 0 && *cs.AmountTotal == *cs.AmountSubtotal-cs.TotalDetails.AmountDiscount {
		text += " included"
	}
	return text
}

func discountName(c *object.Coupon) string {
	name := string(c.Name)
	if name == "" {
		name = c.ID
	}
	off := string(c.PercentOff) + "% off"
	if c.AmountOff != nil {
		off = minor(*c.AmountOff, string(c.Currency)) + " off"
	}
	switch c.Duration {
	case "repeating":
		return fmt.Sprintf("%s (%s for %d months)", name, off, *c.DurationInMonths)
	case "once":
		return fmt.Sprintf("%s (%s once)", name, off)
	}
	return fmt.Sprintf("%s (%s)", name, off)
}

func eachText(p *object.Price) string {
	text := "tiered price"
	if p.BillingScheme != "tiered" {
		text = display.Price(string(p.UnitAmountDecimal), p.Currency)
	}
	if r := p.Recurring; r != nil {
		if r.IntervalCount > 1 {
			text += " " + everyText(r)
		} else {
			text += " per " + r.Interval
		}
		if r.UsageType == "metered" {
			text += ", billed by usage"
		}
	}
	return text
}
