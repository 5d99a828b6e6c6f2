package entitlement

import (
	"slices"
	"strings"
	"time"

	"windfall/shared/money"
)

// A Reservation is what a lock keeps of one grant: nobody else can use it, until it is
// confirmed, released or its time is over. It is not used yet, so no period bills it.
type Reservation struct {
	LockID    string
	FeatureID string        // that is to be used; the balance may be one of credits
	Units     money.Decimal // of the balance, above 0
	Expires   time.Time     // from then on it is no more
}

// A LateReservation was taken in a period that is over by now: confirmed, it counts
// there, and takes nothing of the period that runs.
type LateReservation struct {
	Reservation
	GrantID string
	Over    time.Time // when that period ended
}

// A PastPeriod is a period of a grant that is billed for use, while something is
// reserved of it yet: what is confirmed beyond the granted is billed.
type PastPeriod struct {
	GrantID       string
	Period        money.Period
	Granted, Used money.Decimal
	Last          time.Time // when use of it was closed last
}

// reserved is how much of the grant is reserved.
func (g Grant) reserved() money.Decimal {
	total := money.Zero
	for i := range g.Reserved {
		total = money.Plus(total, g.Reserved[i].Units)
	}
	return total
}

// InUse is what nobody else can use: what was used, and what is reserved.
func (g Grant) InUse() money.Decimal { return money.Plus(g.Used, g.reserved()) }

// billed reports whether use beyond the granted is billed when the period ends.
func (g Grant) billed() bool {
	return g.Overage && !g.ResetsAt.IsZero() && g.ResetsAt.After(g.Anchor)
}

// overBy is when a date ended the running period of the grant, zero if none did.
func (g Grant) overBy(now time.Time) time.Time {
	var end time.Time
	for _, t := range []time.Time{g.ResetsAt, g.Until} {
		if !t.IsZero() && !now.Before(t) && (end.IsZero() || t.Before(end)) {
			end = t
		}
	}
	return end
}

// ageReservations brings reservations to what they are at a moment: those whose time
// is over are gone, and those whose period is over are late. Like a reset it is a
// function of the dates alone. It comes before the resets.
func (b Balance) ageReservations(now time.Time) Balance {
	if !b.Reserves() {
		return b
	}
	b.Grants = slices.Clone(b.Grants)
	for i, g := range b.Grants {
		if end := g.overBy(now); len(g.Reserved) > 0 && !end.IsZero() {
			b = b.leave(g, end, g.Reserved)
			b.Grants[i].Reserved = nil
			continue
		}
		b.Grants[i].Reserved = slices.DeleteFunc(slices.Clone(g.Reserved), func(r Reservation) bool { return !now.Before(r.Expires) })
	}
	b.Late = slices.DeleteFunc(slices.Clone(b.Late), func(r LateReservation) bool { return !now.Before(r.Expires) })
	return b.forgetPast()
}

// Reserves reports whether anything of the balance is reserved, as it was read.
func (b Balance) Reserves() bool {
	return len(b.Late) > 0 || slices.ContainsFunc(b.Grants, func(g Grant) bool { return len(g.Reserved) > 0 })
}

// firstExpiry is when the first of reservations expires, or next if that is sooner.
func firstExpiry(list []Reservation, now, next time.Time) time.Time {
	for i := range list {
		if t := list[i].Expires; t.After(now) && t.Before(next) {
			next = t
		}
	}
	return next
}

// leave takes reservations off a grant whose period ended, which they outlive.
func (b Balance) leave(g Grant, end time.Time, list []Reservation) Balance {
	outlive := false
	for _, r := range list {
		if r.Expires.After(end) {
			b.Late, outlive = append(slices.Clip(b.Late), LateReservation{r, g.ID, end}), true
		}
	}
	if outlive && g.billed() {
		b.Past = append(slices.Clip(b.Past), PastPeriod{GrantID: g.ID, Period: money.Period{Start: g.PeriodStart(), End: end},
			Granted: g.Granted(), Used: g.Used, Last: end})
	}
	return b
}

// forgetPast drops the periods of which nothing is reserved any more.
func (b Balance) forgetPast() Balance {
	if len(b.Past) == 0 {
		return b
	}
	b.Past = slices.DeleteFunc(slices.Clone(b.Past), func(p PastPeriod) bool {
		return !slices.ContainsFunc(b.Late, func(r LateReservation) bool { return r.GrantID == p.GrantID && r.Over.Equal(p.Period.End) })
	})
	return b
}

// confirmLate counts units in the period in which they were reserved, and closes what
// of them is to be billed. Each closing has an end of its own, which names it.
func (b Balance) confirmLate(r LateReservation, units money.Decimal, now time.Time) Balance {
	i := slices.IndexFunc(b.Past, func(p PastPeriod) bool { return r.GrantID == p.GrantID && r.Over.Equal(p.Period.End) })
	if i < 0 || !units.IsPositive() {
		return b
	}
	p := b.Past[i]
	before := money.Max(money.Zero, p.Used.Sub(p.Granted))
	p.Used = p.Used.Add(units)
	if over := money.Max(money.Zero, p.Used.Sub(p.Granted)).Sub(before); over.IsPositive() {
		if p.Last = p.Last.Add(time.Millisecond); now.After(p.Last) {
			p.Last = now
		}
		b.Closed = append(slices.Clip(b.Closed), UnbilledUsage{GrantID: p.GrantID, Period: money.Period{Start: p.Period.Start, End: p.Last}, Units: over, After: before})
	}
	b.Past = slices.Clone(b.Past)
	b.Past[i] = p
	return b
}

// moveReservations lets what is reserved of an ended grant go on in those that took its
// usage over, as that does; what has no room there stays with the period that ended. So does
// what would be overage of that, unless that goes on: it is billed at the price at which it
// was reserved.
func (b Balance) moveReservations(ended Grant, to []string, goesOn bool, now time.Time) Balance {
	limited, room := ended.billed() && !goesOn, money.Max(money.Zero, ended.Granted().Sub(ended.Used))
	b.Grants = slices.Clone(b.Grants)
	var takers []int
	for i, g := range b.Grants {
		if slices.Contains(to, g.ID) && g.kind() == ended.kind() {
			takers = append(takers, i)
		}
	}
	var rest []Reservation
	for _, r := range ended.Reserved {
		if part := r; len(takers) > 0 {
			if limited {
				part.Units = money.Min(r.Units, room)
			}
			going := part.Units
			part = b.pass(part, takers, Grant.within)
			part = b.pass(part, b.OpenGrants(now), Grant.within)
			part = b.pass(part, takers, Grant.available)
			moved := going.Sub(part.Units)
			r.Units = r.Units.Sub(moved)
			if limited {
				room, ended.Used = room.Sub(moved), ended.Used.Add(moved) // it counts before what stays
			}
		}
		if r.Units.IsPositive() {
			rest = append(rest, r)
		}
	}
	return b.leave(ended, now, rest)
}

// pass reserves of grants in their order, each as far as room says, and returns what none
// of them has room for.
func (b Balance) pass(r Reservation, grants []int, room func(Grant) (money.Decimal, bool)) Reservation {
	for _, i := range grants {
		part := r
		if most, unlimited := room(b.Grants[i]); !unlimited {
			part.Units = money.Min(r.Units, most)
		}
		if part.Units.IsPositive() {
			b.Grants[i], r.Units = b.Grants[i].keep(part), r.Units.Sub(part.Units)
		}
	}
	return r
}

// pastNames reports whether what is reserved of an ended customer product may be billed.
func (b *Balance) pastNames(customerProductID string) bool {
	return slices.ContainsFunc(b.Past, func(p PastPeriod) bool { return strings.HasPrefix(p.GrantID, customerProductID+"/") })
}

func sameReservations(a, b []Reservation) bool {
	return slices.EqualFunc(a, b, func(x, y Reservation) bool {
		return x.LockID == y.LockID && x.FeatureID == y.FeatureID && x.Units.Equal(y.Units) && x.Expires.Equal(y.Expires)
	})
}
