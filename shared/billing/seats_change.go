package billing

import (
	"fmt"
	"slices"
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
	if ch.seatsWait() {
		return nil, nil, nil, ch.errUnpaid()
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
			Description: line.Description, Since: ch.cmd.Now, For: ch.current.SubscriptionID})
	}
	return nonzero(lines), asked, steps, nil
}

// seatsRepeatAnew reports whether seats are paid of the present product that repeat in
// another interval in the new one. They are exchanged, as what was paid for a year can't
// stand for each of its months.
func (ch change) seatsRepeatAnew() bool {
	for _, b := range ch.Balances {
		for _, g := range b.At(ch.cmd.Now).Grants {
			_, item, known := ch.itemOfGrant(ch.Catalog, g.ID)
			if !known || g.CustomerProductID != ch.current.ID || !g.SeatsPaidAt(ch.cmd.Now) || !g.Paid.IsPositive() {
				continue
			}
			if slices.ContainsFunc(ch.cmd.Products[0].Items, func(i catalog.Item) bool {
				return i.FeatureID == item.FeatureID && i.InArrears() && i.Cycle.Plain() != item.Cycle.Plain()
			}) {
				return true
			}
		}
	}
	return false
}

// seatsWait reports whether seats of the present product are still to be billed for a
// time that is not over: a bill was refused, or the schedule has not come yet. They
// would be charged with the change and by that bill.
func (ch change) seatsWait() bool {
	now := ch.cmd.Now
	for _, b := range ch.Balances {
		if slices.ContainsFunc(b.At(now).Closed, func(u entitlement.UnbilledUsage) bool {
			cp, _, known := ch.itemOfGrant(ch.Catalog, u.GrantID)
			return u.Ahead && known && cp.ID == ch.current.ID && u.Period.End.After(now)
		}) {
			return true
		}
	}
	return slices.ContainsFunc(ch.Operations, func(op Operation) bool {
		return op.Command == BillSeats && now.Sub(op.CreatedAt) > waitsLong && slices.ContainsFunc(op.Decision.Steps, func(s Step) bool {
			return s.Invoice != nil && slices.ContainsFunc(s.Invoice.Usage, func(u NewUsage) bool {
				return u.For == ch.current.SubscriptionID && u.Period.End.After(now)
			})
		})
	})
}

// waitsLong is when a bill for seats that were taken is no longer one that is just being
// made: a run of the schedule takes it up after a minute.
const waitsLong = 2 * time.Minute

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
