package billing

import (
	"fmt"
	"slices"
	"time"
)

// BillSeats is the command of operations that bill seats.
const BillSeats = "bill_seats"

// A seatTerm says how a change of the number of seats is billed.
type seatTerm struct {
	later    bool // on the next renewal instead of at once
	prorated bool // for the time left instead of the whole period
	credited bool // freed seats are credited for the time left, on the next renewal
}

// seatTerm reads config.on_increase, which is bill_immediately unless said,
// and config.on_decrease, which is prorate_immediately unless said. With none
// a freed seat stays paid until the period ends and is taken again for free.
func (i Item) seatTerm() seatTerm {
	return seatTerm{
		later:    i.OnIncrease == "bill_next_cycle" || i.OnIncrease == "prorate_next_cycle",
		prorated: i.OnIncrease == "prorate_immediately" || i.OnIncrease == "prorate_next_cycle",
		credited: i.OnDecrease != "none" && i.OnDecrease != "no_prorations",
	}
}

// seatsTaken is how many units beyond the granted ones are in use.
func (g Grant) seatsTaken() Decimal { return maxOf(Zero, g.Used.Sub(g.Granted())) }

// paidNow reports whether a moment is in the period that seats are paid for.
// Between its end and the renewal, and in a trial, nothing is billed: the
// renewal bills what is in use then.
func (g Grant) paidNow(now time.Time) bool { return g.Seats && now.Before(g.PaidFor.End) }

// MovesSeats reports whether a balance may hold other seats than are paid for.
// b must have come from At.
func (b Balance) MovesSeats(now time.Time) bool {
	for _, i := range b.open(now) {
		if g := b.Grants[i]; g.paidNow(now) && !g.seatsTaken().Equal(g.Paid) {
			return true
		}
	}
	return false
}

// PaysSeats reports whether a balance has seats that are paid for at a moment.
func (b Balance) PaysSeats(now time.Time) bool {
	b = b.At(now)
	return slices.ContainsFunc(b.open(now), func(i int) bool { return b.Grants[i].paidNow(now) })
}

// DecideSeats bills the seats that changed balances hold beyond those paid
// for, and credits freed ones. It returns the balances with what is paid then,
// and the operation that makes it so at Stripe; nil when no money moves.
//
//   - Seats are paid in advance, in whole packs, through the tiers.
//   - bill_immediately charges the whole period's price whenever in the period
//     a seat is first taken; prorate_immediately the share of the period that
//     is left. Both are collected at once, on an invoice of their own.
//   - What is credited, or charged with the next cycle, waits at Stripe for
//     the subscription's next invoice.
//   - A use never fails for it: the seats are held, and Stripe collects.
//
// The balances must have come from At.
func DecideSeats(s State, c *Catalog, changed []Balance, op Operation) ([]Balance, *Operation) {
	bill := seatBill{catalog: c, op: op}
	out := make([]Balance, len(changed))
	for n, b := range changed {
		b.Grants = append([]Grant(nil), b.Grants...)
		for _, i := range b.open(op.CreatedAt) {
			g := &b.Grants[i]
			cp, item, known := s.itemOfGrant(c, g.ID)
			if !known || !g.paidNow(op.CreatedAt) {
				continue
			}
			g.Paid = bill.move(cp, item, *g)
		}
		out[n] = b
	}
	return out, bill.operation()
}

// A seatBill collects the lines of one operation.
type seatBill struct {
	catalog *Catalog
	op      Operation
	now     []NewUsage
	later   []NewUsage
	prices  []Step
}

// move bills the step from the seats paid to those in use and returns what is
// paid then.
func (b *seatBill) move(cp CustomerProduct, item Item, g Grant) Decimal {
	term, packs := item.seatTerm(), Packs(g.seatsTaken(), item.Pack())
	taken, was := packs.Mul(item.Pack()), g.Paid
	left := PeriodLeft(g.PaidFor, b.op.CreatedAt)
	switch {
	case taken.GreaterThan(was) && term.prorated:
		b.add(cp, item, g, item.seatsCost(was, taken, left), term.later)
	case taken.GreaterThan(was):
		b.add(cp, item, g, item.seatsCost(was, taken, whole), term.later)
	case taken.LessThan(was) && term.credited:
		b.add(cp, item, g, item.seatsCost(was, taken, left), true)
	default:
		return was
	}
	return taken
}

// add puts an amount on the bill, split where it is beyond Stripe's largest
// line; nothing where it is rounded to 0.
func (b *seatBill) add(cp CustomerProduct, item Item, g Grant, amount Amount, later bool) {
	p, units := b.catalog.ProductOf(cp), Packs(g.seatsTaken(), item.Pack()).Mul(item.Pack())
	id := b.catalog.StripePrices[item.ID]
	if id == "" && amount != 0 {
		b.prices = append(b.prices, Step{Name: "price_" + item.ID, Price: stripePrice(p, item, DefaultCurrency)})
	}
	for part := Amount(0); amount != 0; amount -= part {
		part = max(-maxLine, min(maxLine, amount))
		ask := NewUsage{ItemID: item.ID, PriceID: id, Amount: part, Currency: DefaultCurrency, Since: b.op.CreatedAt,
			Name:   fmt.Sprintf("seats_%s_%d", b.op.ID, len(b.op.Decision.Lines)),
			Period: Period{b.op.CreatedAt, g.PaidFor.End}, Description: fmt.Sprintf("%s: %s, now %s", p.Name, item.FeatureID, units)}
		if b.op.Decision.Lines = append(b.op.Decision.Lines, seatLine(cp, item, part, ask.Description)); later {
			ask.SubscriptionID = cp.SubscriptionID
			b.later = append(b.later, ask)
			continue
		}
		b.now = append(b.now, ask)
	}
}

func seatLine(cp CustomerProduct, item Item, amount Amount, text string) Line {
	return Line{ItemID: item.ID, ProductID: cp.ProductID, FeatureID: item.FeatureID, UsageModel: PayPerUse, Amount: amount, Description: text}
}

func (b *seatBill) operation() *Operation {
	if len(b.op.Decision.Lines) == 0 {
		return nil
	}
	op := b.op
	op.Command, op.State, op.Decision.Currency = BillSeats, Running, DefaultCurrency
	op.Decision.Why = "Seats are paid in advance: more are billed when they are taken, fewer are credited."
	op.Decision.Steps = b.prices
	if len(b.now) > 0 {
		op.Decision.Steps = append(op.Decision.Steps, Step{Name: "invoice",
			Invoice: &NewInvoice{Currency: DefaultCurrency, Usage: b.now, OnFile: true, CollectWithin: netTerms}})
	}
	for i := range b.later {
		op.Decision.Steps = append(op.Decision.Steps, Step{Name: b.later[i].Name, Usage: &b.later[i]})
	}
	return &op
}
