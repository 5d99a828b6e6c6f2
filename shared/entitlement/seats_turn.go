package entitlement

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Seats that repeat within the period of their subscription turn by dates alone, as an
// allowance comes back: whoever reads the row past a turn finds the seats held then noted
// as what is to be billed for the period that begins, before anything changes their
// number. So a schedule that comes late, or after the end, bills each period at its own.

// turns reports whether a turn of the grant's seats has passed that is not noted. The end
// of the subscription's period is none: the renewal says whether another one begins.
func (g *Grant) turns(now time.Time) bool {
	end := g.PaidFor.End
	return g.Seats && g.Turn.Repeats() && !end.IsZero() && !now.Before(end) && end.Before(g.TurnsTo) &&
		(g.Until.IsZero() || end.Before(g.Until))
}

// SeatsTurn reports whether a turn of seats has passed that the row does not note.
func (b Balance) SeatsTurn(now time.Time) bool {
	for i := range b.Grants {
		if b.Grants[i].turns(now) {
			return true
		}
	}
	return false
}

// turnSeats notes the turns that have passed: of grants that are over, or of the others,
// which may hold what those held.
func (b Balance) turnSeats(now time.Time, over bool) Balance {
	if !b.SeatsTurn(now) {
		return b
	}
	b.Grants, b.Closed = slices.Clone(b.Grants), slices.Clip(b.Closed)
	for i := range b.Grants {
		g := &b.Grants[i]
		if over != (!g.Until.IsZero() && !now.Before(g.Until)) {
			continue
		}
		for g.turns(now) {
			from := g.PaidFor.End
			if !g.Turn.Next(g.Anchor, from.Add(-time.Nanosecond)).Equal(from) {
				g.Anchor = from // staff set another day
			}
			g.PaidFor, g.Paid = money.Period{Start: from, End: g.Turn.Next(g.Anchor, from)}, g.SeatsTaken()
			if g.Paid.IsPositive() {
				b.Closed = append(b.Closed, UnbilledUsage{GrantID: g.ID, Period: g.PaidFor, Units: g.Paid, Ahead: true})
			}
		}
	}
	return b
}

// turnsTo is until when seats of the origin turn by dates alone.
func (o Origin) turnsTo() time.Time {
	if o.TrialEnds.After(o.Period.Start) {
		return time.Time{} // a trial is free
	}
	return o.Period.End
}

// followTurns brings a grant along with the period of its subscription. Seats that began
// with it, or whose trial ended with it, turn for the first time then, whether its
// invoice is heard of or not.
func (g Grant) followTurns(o Origin, p catalog.Product) Grant {
	if !g.Seats {
		return g
	}
	for _, item := range p.Items {
		if g.ID == o.GrantID(item) && item.Cycle.Length() < p.BillingCycle().Length() {
			g.Turn = item.Cycle.Plain()
		}
	}
	if !g.Turn.Repeats() {
		return g
	}
	if g.TurnsTo = o.turnsTo(); g.PaidFor.End.IsZero() && !g.TurnsTo.IsZero() && !o.Period.Start.Before(g.From) {
		g.PaidFor = money.Period{Start: o.Period.Start, End: o.Period.Start}
	}
	return g
}

// seatsBegunOn is begunOn for seats: they are billed on the days of the subscription from
// its first period on, which is paid up to the next of them.
func (g Grant) seatsBegunOn(o Origin, p catalog.Product) Grant {
	if o.Period.Anchor.At.IsZero() || !o.TrialEnds.IsZero() || !g.From.Equal(o.Period.Start) || !g.Anchor.Equal(g.From) {
		return g
	}
	for _, item := range p.Items {
		if g.ID != o.GrantID(item) || item.Cycle.Months() == 0 {
			continue
		}
		anchor := o.anchor(item.Cycle, p.BillingCycle())
		if g.PaidFor.Start.Equal(g.From) && g.PaidFor.End.Equal(item.Cycle.Next(g.Anchor, g.From)) {
			g.PaidFor.End = item.Cycle.Next(anchor, g.From)
		}
		g.Anchor = anchor
	}
	return g
}
