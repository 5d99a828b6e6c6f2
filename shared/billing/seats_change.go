package billing

import (
	"fmt"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// seats adds to a change what it costs for seats, and freezes how many of the
// new product's are paid with it: those taken meanwhile are billed beside it.
// It returns the lines, what Stripe is asked for them, and the prices that
// takes. A change without a charge takes the seats over as they are paid.
func (ch change) seats(d *Decision, period money.Period, free bool) ([]Line, []NewUsage, []Step, error) {
	next := d.Start[0]
	next.StartsAt, next.Period = ch.cmd.Now, period
	_, _, switched := ch.apply(ch.Catalog, transition{begin: []CustomerProduct{next}, end: []Ending{{CustomerProductID: ch.current.ID}}}, ch.cmd.Now)
	switched, lines := ch.SwitchSeats(ch.Catalog, []string{ch.current.ID}, []CustomerProduct{next}, switched, ch.cmd.Now)
	for _, b := range switched {
		for _, g := range b.Grants {
			if g.CustomerProductID == next.ID && g.Seats {
				d.Seats = append(d.Seats, PaidSeats{g.ID, g.Paid})
			}
		}
	}
	if free {
		return nil, nil, nil, nil
	}
	lines, err := ch.paidSeats(lines)
	if err != nil {
		return nil, nil, nil, err
	}
	var asked []NewUsage
	var steps []Step
	for i, line := range lines {
		id := ch.Catalog.StripePrices[line.ItemID]
		if id == "" {
			steps = append(steps, Step{Name: "price_" + line.ItemID, Price: ch.priceOf(line)})
		}
		asked = append(asked, NewUsage{Name: fmt.Sprintf("seats_%s_%d", ch.cmd.OperationID, i), ItemID: line.ItemID, PriceID: id,
			Period: money.Period{Start: ch.cmd.Now, End: later(period.End, ch.cmd.Now.Add(time.Second))}, Amount: line.Amount, Currency: ch.currency,
			Description: line.Description, Since: ch.cmd.Now})
	}
	return lines, asked, steps, nil
}

// priceOf describes the price of a line of either product to Stripe.
func (ch change) priceOf(line Line) *NewPrice {
	for _, p := range []catalog.Product{ch.from, ch.cmd.Products[0]} {
		for _, item := range p.Items {
			if item.ID == line.ItemID {
				return stripePrice(p, item, ch.currency)
			}
		}
	}
	return nil
}

// withSeats marks seats as paid that a charge included.
func withSeats(balances []entitlement.Balance, paid []PaidSeats) []entitlement.Balance {
	for n, b := range balances {
		for i, g := range b.Grants {
			for _, p := range paid {
				if p.GrantID == g.ID {
					balances[n].Grants[i].Paid = p.Units
				}
			}
		}
	}
	return balances
}
