package billing

import (
	"fmt"
	"maps"
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
			Period: money.Period{Start: ch.cmd.Now, End: later(line.Until, ch.cmd.Now.Add(time.Second))}, Amount: line.Amount, Currency: ch.currency,
			Description: line.Description, Since: ch.cmd.Now, For: ch.current.SubscriptionID})
	}
	return nonzero(lines), asked, steps, nil
}

// seatsRepeatAnew reports whether the new product sells seats that are paid, or that it
// includes no more, in other intervals than the present one. They are exchanged, as what
// was paid for a year, or included in a quarter, can't stand for each month, or for a year.
func (ch change) seatsRepeatAnew() bool {
	for id, b := range ch.Balances {
		was, will := seatCycles(ch.from, id), seatCycles(ch.cmd.Products[0], id)
		if len(will) == 0 || maps.Equal(was, will) {
			continue
		}
		used, paid := money.Zero, false
		for _, g := range b.At(ch.cmd.Now).Grants {
			if g.CustomerProductID == ch.current.ID && g.SeatsPaidAt(ch.cmd.Now) {
				used, paid = used.Add(g.Used), paid || g.Paid.IsPositive()
			}
		}
		if paid || used.GreaterThan(included(ch.cmd.Products[0], id)) {
			return true
		}
	}
	return false
}

// seatCycles are the intervals in which a product sells units of a feature in arrears, as
// it does seats.
func seatCycles(p catalog.Product, featureID string) map[money.Cycle]bool {
	cycles := map[money.Cycle]bool{}
	for _, i := range p.Items {
		if i.FeatureID == featureID && i.InArrears() {
			cycles[i.Cycle.Plain()] = true
		}
	}
	return cycles
}

func included(p catalog.Product, featureID string) money.Decimal {
	sum := money.Zero
	for _, i := range p.Items {
		if i.FeatureID == featureID {
			sum = sum.Add(i.Included)
		}
	}
	return sum
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
	return Operation{Decision: d}.Settle(s, c, begins, now).Seats.SeatLines()
}

// SeatLines lists what an operation that bills seats charges at once; nil is none.
func (op *Operation) SeatLines() (lines []Line) {
	if op == nil {
		return nil
	}
	for _, step := range op.Decision.Steps {
		if step.Invoice == nil {
			continue
		}
		for _, use := range step.Invoice.Usage {
			lines = append(lines, Line{ItemID: use.ItemID, UsageModel: catalog.PayPerUse, Amount: use.Amount, Description: use.Description})
		}
	}
	return lines
}

// seatsLeave reports whether the money command that is being carried out ends a product
// at once. Which of its seats are credited, and which are charged as those of the next
// product, was decided when that was recorded: more of them are billed once it is
// finished, for whatever product has them then, and would be paid twice before.
func (s State) seatsLeave(c *catalog.Catalog, cp CustomerProduct, now time.Time) bool {
	op := s.Pending()
	return op != nil && op.endsNow(s, c, cp, now)
}

func (op Operation) endsNow(s State, c *catalog.Catalog, cp CustomerProduct, now time.Time) bool {
	return op.endsAtOnce() && (op.Command == CommandDelete || slices.ContainsFunc(slices.Concat(op.Decision.End, s.replacedBy(c, op.Decision.Start, now)), func(e Ending) bool {
		return e.CustomerProductID == cp.ID && !e.At.After(now)
	}))
}

// endsAtOnce reports whether an operation that is being carried out may end a product
// at Stripe now.
func (op Operation) endsAtOnce() bool {
	return op.State == Running && slices.ContainsFunc(op.Decision.Steps, func(s Step) bool { return s.Change != nil || s.End != nil })
}

// SeatsLeaving lists the balances with seats of products that an operation ends now.
func (op Operation) SeatsLeaving(s State, c *catalog.Catalog, now time.Time) []entitlement.Balance {
	c = s.In(c)
	return op.seatsOf(s, now, func(b entitlement.Balance) bool {
		return slices.ContainsFunc(b.Grants, func(g entitlement.Grant) bool {
			cp, _, known := s.itemOfGrant(c, g.ID)
			return known && g.SeatsPaidAt(now) && op.endsNow(s, c, cp, now)
		})
	})
}

// SeatsToBill lists the balances with other seats than are paid for, as they stand once
// an operation has ended that led to nothing: DecideSeats left them to it.
func (op Operation) SeatsToBill(s State, now time.Time) []entitlement.Balance {
	return op.seatsOf(s, now, func(b entitlement.Balance) bool { return b.MovesSeats(now) })
}

func (op Operation) seatsOf(s State, now time.Time, has func(entitlement.Balance) bool) (found []entitlement.Balance) {
	if !op.endsAtOnce() {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(s.Balances)) {
		if b := s.Balances[id].At(now); has(b) {
			found = append(found, b)
		}
	}
	return found
}
