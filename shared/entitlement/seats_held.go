package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
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
