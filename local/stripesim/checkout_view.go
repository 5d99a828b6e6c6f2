package stripesim

import (
	"fmt"
	"net/url"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/pages"
)

// nobody are the parameters of a request that has none.
var nobody = func() *form.Params {
	p, err := form.Decode(form.Compile("expand:[s]"), url.Values{})
	if err != nil {
		panic(err)
	}
	return p
}()

// fillCheckout puts amounts and words on the page.
func (t *tx) fillCheckout(v *pages.Checkout, cs *object.CheckoutSession) {
	currency := string(cs.Currency)
	write := func(n int64) string { return minor(n, currency) }
	for _, line := range cs.State.Lines {
		l := pages.CheckoutLine{ID: line.ID, Name: line.Description, Amount: write(line.AmountSubtotal), Each: t.eachText(line.Price)}
		if line.Quantity != nil {
			l.Quantity, l.Adjustable, l.Min, l.Max = *line.Quantity, line.State.Adjustable, line.State.Min, line.State.Max
		}
		if line.Price.Recurring != nil && trialing(cs) {
			l.Amount = "Free"
		}
		v.Lines = append(v.Lines, l)
	}
	if cs.AmountTotal != nil {
		v.Subtotal, v.Total, v.Due = write(*cs.AmountSubtotal), write(*cs.AmountTotal), *cs.AmountTotal
		if off := cs.TotalDetails.AmountDiscount; off > 0 {
			v.Discount = "−" + write(off)
		}
	}
	if terms := t.checkoutTerms(cs); terms != nil {
		v.DiscountName = discountName(terms)
	}
	v.Trial = trialing(cs)
	t.fillRenewal(v, cs)
	v.AskEmail = cs.Customer == "" && cs.CustomerEmail == ""
	switch {
	case v.AskEmail: // what was typed stays
	case cs.CustomerDetails != nil:
		v.Email = string(cs.CustomerDetails.Email)
	default:
		v.Email = string(cs.CustomerEmail)
	}
	v.Cards = offeredCards()
	v.AskCard = cs.Mode != "subscription" || *cs.AmountTotal > 0 || cs.PaymentMethodCollection == "always"
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

func (t *tx) eachText(p *object.Price) string {
	text := "tiered price"
	if p.BillingScheme != "tiered" {
		text = grouped(money(p.UnitAmountDecimal, p.Currency))
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
