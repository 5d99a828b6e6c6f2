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
				if _, item, known := (State{Products: []CustomerProduct{next}}).itemOfGrant(ch.Catalog, g.ID); free && known {
					g.Paid = ch.stayPaid(g.Paid, b.FeatureID, item, func(cp CustomerProduct) bool { return cp.ID == ch.current.ID }, ch.cmd.Now, ch.Catalog)
				}
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
		asked = append(asked, NewUsage{List: line.List, ListAll: line.List, Name: fmt.Sprintf("seats_%s_%d", ch.cmd.OperationID, i), ItemID: line.ItemID, PriceID: id,
			Period: money.Period{Start: ch.cmd.Now, End: later(period.End, ch.cmd.Now.Add(time.Second))}, Amount: line.Amount, Currency: ch.currency,
			Description: line.Description, Since: ch.cmd.Now})
	}
	return nonzero(lines), asked, steps, nil
}

// priceOf describes the price of a line of either product to Stripe.
func (ch change) priceOf(line Line) *NewPrice {
	for _, p := range []catalog.Product{ch.from, ch.cmd.Products[0]} {
		for _, item := range p.Items {
			if item.ID == line.ItemID {
				return stripePrice(ch.Catalog, p, item)
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

// seatsCost is what it costs to go from some paid units to others for a share
// ShareOf a period; below 0 for fewer. For a whole period it is the difference of
// two prices, so that steps add up to the price of all of them. It is an error
// where no invoice takes that much.
func seatsCost(i catalog.Item, from, to money.Decimal, left money.PeriodShare, c money.Currency) (money.Amount, error) {
	was, will := money.Packs(from, i.Pack()), money.Packs(to, i.Pack())
	if left.Left == left.Of {
		before, err := i.Charge(was, c)
		if err != nil {
			return 0, err
		}
		after, err := i.Charge(will, c)
		return after - before, err
	}
	return left.ShareOf(i.MajorPrice(will).Sub(i.MajorPrice(was)), c)
}

// A seatTerm says how a change of the number of seats is billed.
type seatTerm struct {
	later    bool // on the next renewal instead of at once
	prorated bool // for the time left instead of the whole period
	credited bool // freed seats are credited for the time left, on the next renewal
}

// seatTermOf reads config.on_increase, which is bill_immediately unless said,
// and config.on_decrease, which is prorate_immediately unless said. With none
// a freed seat stays paid until the period ends and is taken again for free.
func seatTermOf(i catalog.Item) seatTerm {
	return seatTerm{
		later:    i.OnIncrease == "bill_next_cycle" || i.OnIncrease == "prorate_next_cycle",
		prorated: i.OnIncrease == "prorate_immediately" || i.OnIncrease == "prorate_next_cycle",
		credited: i.OnDecrease != "none" && i.OnDecrease != "no_prorations",
	}
}

// SeatsDue lists what seats that are in use already cost at once when the
// decision's products begin. They are billed beside the decision's own lines,
// as soon as it is carried out.
func (d Decision) SeatsDue(s State, c *catalog.Catalog, now time.Time) []Line {
	c = s.In(c)
	begins := Results{Period: money.Period{Start: now, End: entitlement.EndOfTime}} // at its start each seat costs all of the period
	if !d.First.End.IsZero() {
		begins.Period = d.First
	}
	bill := Operation{Decision: d}.Settle(s, c, begins, now).Seats
	if bill == nil {
		return nil
	}
	var lines []Line
	for _, step := range bill.Decision.Steps {
		if step.Invoice == nil {
			continue
		}
		for _, use := range step.Invoice.Usage {
			lines = append(lines, Line{ItemID: use.ItemID, UsageModel: catalog.PayPerUse, Amount: use.Amount, Description: use.Description})
		}
	}
	return lines
}
