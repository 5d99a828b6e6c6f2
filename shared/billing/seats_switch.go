package billing

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/ledger"
	"windfall/shared/money"
)

// SwitchSeats returns what a change of plan costs for seats: the paid seats of
// the products that end are credited for what is left of the period they are
// paid for, and the seats in use under the new ones are charged for what is
// left of theirs. Both are lines of the change itself.
//
// switched are the balances as the change leaves them; they are returned with
// the seats charged for marked as paid, so that nothing bills them again.
func (s State) SwitchSeats(c *catalog.Catalog, ended []string, begun []CustomerProduct, switched []entitlement.Balance, now time.Time) ([]entitlement.Balance, []Line) {
	c = s.In(c)
	var lines []Line
	for _, id := range slices.Sorted(maps.Keys(s.Balances)) {
		for _, g := range s.Balances[id].At(now).Grants {
			if !slices.Contains(ended, g.CustomerProductID) || !g.SeatsPaidAt(now) {
				continue
			}
			if cp, item, known := s.itemOfGrant(c, g.ID); known {
				cost, err := seatsCost(item, g.Paid, money.Zero, money.PeriodLeft(g.PaidFor, now), c.Currency())
				if err != nil {
					continue // it was never charged
				}
				lines = addSeats(lines, c, cp, item, cost, g, "Unused time on %s: %s × %s")
			}
		}
	}
	next := State{Products: begun}
	out := slices.Clone(switched)
	for n := range out {
		out[n].Grants = slices.Clone(out[n].Grants)
		for i := range out[n].Grants {
			g := &out[n].Grants[i]
			cp, item, known := next.itemOfGrant(c, g.ID)
			if !known || !g.SeatsPaidAt(now) {
				continue
			}
			g.Paid = money.Packs(g.SeatsTaken(), item.Pack()).Mul(item.Pack())
			cost, err := seatsCost(item, money.Zero, g.Paid, money.PeriodLeft(g.PaidFor, now), c.Currency())
			if err != nil {
				g.Paid = money.Zero // no invoice takes it: DecideSeats tells of it once the change is done
				continue
			}
			lines = addSeats(lines, c, cp, item, cost, *g, "Remaining time on %s: %s × %s")
		}
	}
	return out, lines
}

// seatsForNothing lists the seats of a product that ends, with no credit.
func (s State) seatsForNothing(c *catalog.Catalog, cp CustomerProduct, now time.Time) []Line {
	_, lines := s.SwitchSeats(c, []string{cp.ID}, nil, nil, now)
	for i := range lines {
		lines[i].List, lines[i].Amount = -lines[i].Amount, 0
	}
	return lines
}

// paidSeats is the credit of the seats of a product that ends, as far as they were
// paid.
func (s State) paidSeats(c *catalog.Catalog, paid paidTime, cp CustomerProduct, now time.Time) []Line {
	_, lines := s.SwitchSeats(c, []string{cp.ID}, nil, nil, now)
	for i, l := range lines {
		lines[i].List, lines[i].Amount = -l.Amount, -paid.seats(l, now, func(b ledger.Backing) *big.Rat { return b.Paid })
	}
	return lines
}

func addSeats(lines []Line, c *catalog.Catalog, cp CustomerProduct, item catalog.Item, cost money.Amount, g entitlement.Grant, text string) []Line {
	if cost == 0 {
		return lines
	}
	line := seatLine(cp, item, cost, fmt.Sprintf(text, ProductOf(c, cp).Name, item.FeatureID, g.Paid))
	line.Quantity, line.Until = money.Packs(g.Paid, item.Pack()), g.PaidFor.End
	return append(lines, line)
}

// takeSeatsOver counts seats in use as paid under a product that Stripe has put in
// place of another one on its subscription, where that one's were paid: nobody
// charges them anew, and none is credited. Those that were freed and stay paid do so.
func (s State) takeSeatsOver(c *catalog.Catalog, t transition, balances []entitlement.Balance, now time.Time) {
	next := State{Products: t.begin}
	for _, b := range balances {
		for i, g := range b.Grants {
			cp, item, known := next.itemOfGrant(c, g.ID)
			if !known || !g.SeatsPaidAt(now) || !s.paysSeatsOn(c, cp.SubscriptionID, b.FeatureID, now) {
				continue
			}
			taken := money.Packs(g.SeatsTaken(), item.Pack()).Mul(item.Pack())
			b.Grants[i].Paid = s.stayPaid(taken, b.FeatureID, item, func(other CustomerProduct) bool {
				return other.SubscriptionID == cp.SubscriptionID && slices.ContainsFunc(t.end, func(e Ending) bool { return e.CustomerProductID == other.ID })
			}, now, c)
		}
	}
}

// stayPaid is how many seats are paid where a product takes the place of others without
// a charge: those that are taken, and those that were freed and stay the customer's
// until the period ends, in packs that are whole.
func (s State) stayPaid(taken money.Decimal, featureID string, item catalog.Item, gone func(CustomerProduct) bool, now time.Time, c *catalog.Catalog) money.Decimal {
	paid := money.Zero
	for _, g := range s.Balances[featureID].At(now).Grants {
		if cp, of, known := s.itemOfGrant(c, g.ID); known && gone(cp) && g.SeatsPaidAt(now) {
			paid = paid.Add(money.Packs(g.Paid, of.Pack()).Mul(of.Pack()))
		}
	}
	if whole := paid.Div(item.Pack()).Floor().Mul(item.Pack()); whole.GreaterThan(taken) {
		return whole
	}
	return taken
}

// paysSeatsOn reports whether a subscription has seats of a feature that are paid.
func (s State) paysSeatsOn(c *catalog.Catalog, subscriptionID, featureID string, now time.Time) bool {
	return slices.ContainsFunc(s.Balances[featureID].At(now).Grants, func(g entitlement.Grant) bool {
		cp, _, known := s.itemOfGrant(c, g.ID)
		return known && cp.SubscriptionID == subscriptionID && g.SeatsPaidAt(now)
	})
}

// renewSeats pays the seats in use for the period that begins at from, and
// lists them among what is to be billed. It is a function of the row alone, so
// doubled and late invoices renew once.
func (s State) renewSeats(c *catalog.Catalog, b entitlement.Balance, subscriptionID string, from time.Time) (entitlement.Balance, bool) {
	b.Grants, b.Closed = slices.Clone(b.Grants), slices.Clip(b.Closed)
	renewed := false
	for i, g := range b.Grants {
		cp, item, known := s.itemOfGrant(c, g.ID)
		if !known || cp.SubscriptionID != subscriptionID {
			continue
		}
		next, due := renewGrant(c.Currency(), cp, item, g, from)
		b.Grants[i], b.Closed, renewed = next, append(b.Closed, due...), renewed || !next.PaidFor.Start.Equal(g.PaidFor.Start)
	}
	return b, renewed
}

// renewGrant pays the seats of one grant for the period that begins at from, unless
// they are.
//
//   - A period that no invoice was heard of for is billed with it; a trial is free.
//   - A period that was cut short, by a trial or a new billing day that staff set at
//     Stripe, has its seats paid beyond from: that share is taken off, so that each
//     day is paid once.
func renewGrant(c money.Currency, cp CustomerProduct, item catalog.Item, g entitlement.Grant, from time.Time) (entitlement.Grant, []entitlement.UnbilledUsage) {
	if !g.Seats || g.From.After(from) || !g.PaidFor.End.IsZero() && !g.PaidFor.Start.Before(from) { // one that waits for its day has no period yet
		return g, nil
	}
	if g.PaidFor.End.Before(from) && (g.PaidFor.End.IsZero() || cp.TrialEnds.Equal(from)) {
		g.PaidFor.End = from
	}
	packs := money.Packs(g.SeatsTaken(), item.Pack())
	units := packs.Mul(item.Pack())
	billed := units
	if _, err := item.Charge(packs, c); err != nil {
		billed = money.Zero // no invoice takes it, and what is not billed is not paid
	}
	var due []entitlement.UnbilledUsage
	pay := func(p money.Period) {
		paid := money.Min(g.Paid, billed)
		over, _ := seatsCost(item, money.Zero, paid, money.PeriodLeft(g.PaidFor, p.Start), c) // it was charged, so it can be
		if g.PaidFor, g.Paid = p, billed; units.IsPositive() {
			due = append(due, entitlement.UnbilledUsage{GrantID: g.ID, Period: p, Units: units, Ahead: true, Less: over})
		}
	}
	for g.PaidFor.End.Before(from) {
		pay(money.Period{Start: g.PaidFor.End, End: item.Cycle.Next(g.Anchor, g.PaidFor.End)})
	}
	if !item.Cycle.Next(g.Anchor, from.Add(-time.Nanosecond)).Equal(from) {
		g.Anchor = from
	}
	pay(money.Period{Start: from, End: item.Cycle.Next(g.Anchor, from)})
	return g, due
}
