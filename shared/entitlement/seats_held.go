package entitlement

import (
	"maps"
	"slices"
	"time"

	"windfall/shared/money"
	"windfall/shared/order"
)

// SeatsTaken is how many units beyond the granted ones are in use.
func (g Grant) SeatsTaken() money.Decimal { return money.Max(money.Zero, g.Used.Sub(g.Granted())) }

// SeatsPaidAt reports whether a moment is in the period that seats are paid for.
// Between its end and the renewal, and in a trial, nothing is billed: the
// renewal bills what is in use then.
func (g Grant) SeatsPaidAt(now time.Time) bool { return g.Seats && now.Before(g.PaidFor.End) }

// MovesSeats reports whether a balance may hold other seats than are paid for.
// b must have come from At.
func (b Balance) MovesSeats(now time.Time) bool {
	for _, i := range b.OpenGrants(now) {
		if g := b.Grants[i]; g.SeatsPaidAt(now) && !g.SeatsTaken().Equal(g.Paid) {
			return true
		}
	}
	return false
}

// PaysSeats reports whether a balance has seats that are paid for at a moment.
func (b Balance) PaysSeats(now time.Time) bool {
	b = b.At(now)
	return slices.ContainsFunc(b.OpenGrants(now), func(i int) bool { return b.Grants[i].SeatsPaidAt(now) })
}

// passOn gives what ended grants held to those that begin as they end, as a change
// at once does: nobody gives back a seat because a plan was changed. What they
// can't hold, or all of it where none begins, is held of the others that are open.
func (b Balance) passOn(now time.Time) Balance {
	if !slices.ContainsFunc(b.Grants, func(g Grant) bool { return g.heldUntil(now) }) {
		return b
	}
	b.Grants = slices.Clone(b.Grants)
	for _, at := range b.endsOfHeld(now) {
		held := map[string]money.Decimal{} // by the entities that hold it
		for i, g := range b.Grants {
			if g.heldUntil(now) && g.Until.Equal(at) {
				held[g.PerEntity] = held[g.PerEntity].Add(g.Used)
				b.Grants[i].Used = money.Zero
			}
		}
		into, anew := map[string][]int{}, map[string]bool{}
		for i, g := range b.Grants {
			switch {
			case !g.Held || !g.From.Equal(at):
			case g.ResetUsage:
				anew[g.PerEntity] = true
			default:
				into[g.PerEntity] = append(into[g.PerEntity], i)
			}
		}
		for _, of := range slices.Sorted(maps.Keys(held)) {
			if rest := b.fill(into[of], held[of], at); !anew[of] {
				b.hold(of, rest, at)
			}
		}
	}
	return b
}

// hold has open grants take over what is held of one that ended: what they include first.
// What none of them has room for is dropped, and so is all where nothing is open.
func (b Balance) hold(of string, units money.Decimal, now time.Time) {
	var open []int
	for i, g := range b.Grants {
		if g.Held && g.PerEntity == of && g.Open(now) {
			open = append(open, i)
		}
	}
	if units.IsPositive() {
		b.take(open, b.take(open, units, Grant.within), Grant.available)
	}
}

// Hold has the balance hold at least a number of units, as far as it has room for them.
func (b Balance) Hold(units int, now time.Time) Balance {
	b = b.At(now)
	if more := money.Int(int64(units)).Sub(b.used(now)); more.IsPositive() {
		return b.Deduct(more, now)
	}
	return b
}

// heldUntil reports whether a grant has ended with something that was held.
func (g Grant) heldUntil(now time.Time) bool {
	return g.Held && g.Used.IsPositive() && !g.Until.IsZero() && !now.Before(g.Until)
}

// endsOfHeld lists when such grants ended, in order.
func (b Balance) endsOfHeld(now time.Time) []time.Time {
	var ends []time.Time
	for _, g := range b.Grants {
		if g.Held && !g.Until.IsZero() && !now.Before(g.Until) {
			ends = append(ends, g.Until)
		}
	}
	order.Stable(ends, func(a, b *time.Time) int { return a.Compare(*b) })
	return slices.CompactFunc(ends, time.Time.Equal)
}
