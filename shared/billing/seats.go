package billing

import (
	"fmt"
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// BillSeats is the command of operations that bill seats.
const BillSeats = "bill_seats"

// DecideSeats bills the seats that changed balances hold beyond those paid
// for, and credits freed ones. It returns the balances with what is paid then,
// and the operation that makes it so at Stripe; nil when no money moves.
//
//   - Seats are paid in advance, in whole packs, through the tiers.
//   - bill_immediately charges the whole period's price whenever in the period
//     a seat is first taken, in a shorter first one its share; prorate_immediately the share of the period that
//     is left. Both are collected at once, on an invoice of their own.
//   - What is credited, or charged with the next cycle, waits at Stripe for
//     the subscription's next invoice.
//   - Freed seats are credited only while every invoice of their product in the
//     period is paid. Otherwise they stay the customer's to its end, as the
//     charge for them does, and are taken again for nothing.
//   - A use never fails for it: the seats are held, and Stripe collects.
//   - Seats that cost more than one invoice takes are not billed and count as not
//     paid: a person is told, and seats that are freed bring the count in order.
//   - Seats of a product that a command is about to end are left to it.
//
// The balances must have come from At. The invoices are needed for a decision
// that Credits.
func DecideSeats(s State, c *catalog.Catalog, changed []entitlement.Balance, invoices []Invoice, op Operation) ([]entitlement.Balance, *Operation) {
	return seatBill{catalog: s.In(c), op: op, state: s, invoices: invoices}.decide(changed)
}

// BillSeatsTaken bills seats in use beyond those paid for as DecideSeats does, and
// credits none: it is for products that begin, where no invoice was read.
func BillSeatsTaken(s State, c *catalog.Catalog, changed []entitlement.Balance, op Operation) ([]entitlement.Balance, *Operation) {
	return seatBill{catalog: s.In(c), op: op, state: s, keep: true}.decide(changed)
}

func (b seatBill) decide(changed []entitlement.Balance) ([]entitlement.Balance, *Operation) {
	out := make([]entitlement.Balance, len(changed))
	for n, balance := range changed {
		balance.Grants = append([]entitlement.Grant(nil), balance.Grants...)
		for _, i := range balance.OpenGrants(b.op.CreatedAt) {
			g := &balance.Grants[i]
			cp, item, known := b.state.itemOfGrant(b.catalog, g.ID)
			if !known || !g.SeatsPaidAt(b.op.CreatedAt) || b.state.seatsLeave(b.catalog, cp, b.op.CreatedAt) {
				continue
			}
			g.Paid = b.move(cp, item, *g)
		}
		out[n] = balance
	}
	return out, b.operation()
}

// A seatBill collects the lines of one operation.
type seatBill struct {
	catalog  *catalog.Catalog
	state    State
	invoices []Invoice
	op       Operation
	keep     bool                    // freed seats stay paid
	whose    []entitlement.EntityRef // of each line
	now      []NewUsage
	later    []NewUsage
	prices   []Step
}

// move bills the step from the seats paid to those in use and returns what is
// paid then.
func (b *seatBill) move(cp CustomerProduct, item catalog.Item, g entitlement.Grant) money.Decimal {
	term, packs := seatTermOf(item), money.Packs(g.SeatsTaken(), item.Pack())
	taken, was := packs.Mul(item.Pack()), g.Paid
	left, later := money.PeriodLeft(g.PaidFor, b.op.CreatedAt), term.later
	switch {
	case taken.GreaterThan(was) && !term.prorated:
		left = money.PeriodLeft(g.PaidFor, g.PaidFor.Start)
	case taken.LessThan(was) && term.credited && !b.keep && !b.owing(cp, g.PaidFor):
		later = true
	case !taken.GreaterThan(was):
		return was
	}
	amount, err := seatsCost(item, was, taken, left, b.catalog.Currency())
	if err != nil || !fits(amount, b.state.taxed(cp.SubscriptionID), item.TaxBehavior) {
		b.leave(cp, item, g, packs)
		return was
	}
	b.add(cp, item, g, taken, amount, later)
	return taken
}

// owing reports whether the seats of a product may not be paid: some invoice of
// the period is not, or is being made.
func (b *seatBill) owing(cp CustomerProduct, period money.Period) bool {
	return slices.ContainsFunc(b.invoices, func(in Invoice) bool {
		return in.Status != "paid" && !in.CreatedAt.Before(period.Start) && slices.Contains(in.ProductIDs, cp.ProductID)
	}) || slices.ContainsFunc(b.state.Operations, func(op Operation) bool {
		return op.Command == BillSeats && slices.ContainsFunc(op.Decision.Lines, func(l Line) bool { return l.ProductID == cp.ProductID && l.Amount > 0 })
	})
}

// leave tells of seats that no invoice takes.
func (b *seatBill) leave(cp CustomerProduct, item catalog.Item, g entitlement.Grant, packs money.Decimal) {
	line := seatLine(cp, item, 0, fmt.Sprintf("%s: %s × %s", ProductOf(b.catalog, cp).Name, item.FeatureID, packs.Mul(item.Pack())))
	line.Quantity = packs
	b.op.Decision.NotBilled = append(b.op.Decision.NotBilled, NotBilled{line, item.MajorPrice(packs), g.PaidFor})
}

// add puts an amount on the bill, for the step to units that are paid; nothing where it is rounded to 0.
func (b *seatBill) add(cp CustomerProduct, item catalog.Item, g entitlement.Grant, units money.Decimal, amount money.Amount, later bool) {
	p := ProductOf(b.catalog, cp)
	if amount == 0 {
		return
	}
	id := b.catalog.StripePrices[item.ID]
	if id == "" {
		b.prices = append(b.prices, Step{Name: "price_" + item.ID, Price: stripePrice(b.catalog, p, item)})
	}
	ask := NewUsage{ItemID: item.ID, PriceID: id, Amount: amount, Currency: b.catalog.Currency(), Since: b.op.CreatedAt, For: cp.SubscriptionID, TaxInside: item.TaxBehavior == catalog.TaxInclusive,
		Name:   seatsName(b.op.ID, len(b.op.Decision.Lines)),
		Period: money.Period{Start: b.op.CreatedAt, End: g.PaidFor.End}, Description: fmt.Sprintf("%s: %s, now %s", p.Name, item.FeatureID, units)}
	switch {
	case amount < 0:
		limit, billed := b.limit(cp, item, g)
		if ask.List, ask.ListAll = -amount, limit.All; billed {
			ask.Limit = limit
		}
	case !seatTermOf(item).prorated:
		ask.Whole = g.PaidFor.Start
	}
	b.whose = append(b.whose, cp.Entity)
	line := seatLine(cp, item, amount, ask.Description)
	line.Quantity = money.Packs(units.Sub(g.Paid).Abs(), item.Pack()) // packs that are taken or given back
	if b.op.Decision.Lines = append(b.op.Decision.Lines, line); later {
		ask.SubscriptionID = cp.SubscriptionID
		b.later = append(b.later, ask)
		return
	}
	b.now = append(b.now, ask)
}

// limit is what a credit for freed seats is held against: all seats of the item that
// were paid. Whether they were, and at which price, is for Stripe to say when the
// credit is made. It is not billed while seats are still to be billed for the period:
// the next renewal charges them.
func (b *seatBill) limit(cp CustomerProduct, item catalog.Item, freed entitlement.Grant) (limit *PaidLimit, billed bool) {
	billed = true
	limit = &PaidLimit{Before: b.state.earlier(b.catalog, item, b.op.CreatedAt), SubscriptionID: cp.SubscriptionID, From: freed.PaidFor.Start, Returned: b.state.Credits.ReturnedFrom()}
	for _, balance := range b.state.Of(cp.Entity).Balances {
		if slices.ContainsFunc(balance.Closed, func(u entitlement.UnbilledUsage) bool { return u.Ahead && u.GrantID == freed.ID }) {
			billed = false
		}
		for _, g := range balance.At(b.op.CreatedAt).Grants {
			if _, of, known := b.state.itemOfGrant(b.catalog, g.ID); !known || of.ID != item.ID || !g.SeatsPaidAt(b.op.CreatedAt) {
				continue
			}
			if g.ID == freed.ID {
				g = freed
			}
			if cost, err := seatsCost(item, money.Zero, g.Paid, money.PeriodLeft(g.PaidFor, b.op.CreatedAt), b.catalog.Currency()); err == nil {
				limit.All += cost
			}
		}
	}
	return limit, billed
}

// seatsName names the nth line of an operation that bills seats.
func seatsName(operationID string, n int) string { return fmt.Sprintf("seats_%s_%d", operationID, n) }

func seatLine(cp CustomerProduct, item catalog.Item, amount money.Amount, text string) Line {
	return Line{ItemID: item.ID, ProductID: cp.ProductID, FeatureID: item.FeatureID, UsageModel: catalog.PayPerUse, Amount: amount, Description: text}
}

func (b *seatBill) operation() *Operation {
	if len(b.op.Decision.Lines)+len(b.op.Decision.NotBilled) == 0 {
		return nil
	}
	op := b.op
	op.Command, op.State, op.Decision.Currency = BillSeats, Running, b.catalog.Currency()
	if of := slices.Compact(slices.Clone(b.whose)); len(of) == 1 {
		op.Decision.Entity = of[0]
	}
	op.Decision.Why = "Seats are paid in advance: more are billed when they are taken, fewer are credited."
	op.Decision.Steps = b.prices
	n := 0
	for _, taxed := range []bool{false, true} {
		some := slices.DeleteFunc(slices.Clone(b.now), func(u NewUsage) bool { return b.state.taxed(u.For) != taxed })
		for _, some := range fitting(some, taxed) {
			name := "invoice"
			if n > 0 {
				name = fmt.Sprintf("invoice_%d", n)
			}
			n++
			op.Decision.Steps = append(op.Decision.Steps, Step{Name: name,
				Invoice: &NewInvoice{Currency: b.catalog.Currency(), Usage: some, OnFile: true, CollectWithin: NetTerms, Taxed: taxed}})
		}
	}
	for i := range b.later {
		op.Decision.Steps = append(op.Decision.Steps, Step{Name: b.later[i].Name, Usage: &b.later[i]})
	}
	return &op
}
