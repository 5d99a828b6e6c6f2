package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// Deduct takes value out of the balance at a moment and returns the balance
// afterwards. What is included is used up in all grants, in their order, before any
// of them goes beyond. What no grant can give is dropped: without pay per use a balance
// never goes below zero, and a usage limit is never passed. A negative value
// gives back, never above what was granted. b may be as it was read.
func (b Balance) Deduct(value money.Decimal, now time.Time) Balance {
	b = b.At(now)
	b.Grants = slices.Clone(b.Grants)
	open := b.OpenGrants(now)
	if value.IsNegative() {
		b.giveBack(open, value.Neg())
		return b
	}
	b.take(open, b.take(open, value, Grant.within), Grant.available)
	return b
}

// take fills grants in their order, each as far as room says, and returns what none of
// them has room for.
func (b Balance) take(grants []int, value money.Decimal, room func(Grant) (money.Decimal, bool)) money.Decimal {
	for _, i := range grants {
		part := value
		if most, unlimited := room(b.Grants[i]); !unlimited {
			part = money.Min(value, most)
		}
		b.Grants[i].Used = b.Grants[i].Used.Add(part)
		if value = value.Sub(part); !value.IsPositive() {
			break
		}
	}
	return value
}

// giveBack returns usage to the grants in the reverse of the order it was
// taken from them: first what went beyond.
func (b Balance) giveBack(open []int, value money.Decimal) {
	for _, taken := range []func(Grant) money.Decimal{Grant.beyond, func(g Grant) money.Decimal { return g.Used }} {
		for _, i := range slices.Backward(open) {
			part := money.Min(value, money.Max(money.Zero, taken(b.Grants[i])))
			b.Grants[i].Used = b.Grants[i].Used.Sub(part)
			value = value.Sub(part)
		}
	}
}

// Available is how much can be taken out of the balance, and whether there is no
// end to it. b must have come from At.
func (b Balance) Available(now time.Time) (available money.Decimal, unlimited bool) {
	for _, i := range b.OpenGrants(now) {
		more, unlimited := b.Grants[i].available()
		if unlimited {
			return money.Zero, true
		}
		available = money.Plus(available, more)
	}
	return available, false
}

// taken is how much can be given back. b must have come from At.
func (b Balance) taken(now time.Time) money.Decimal {
	total := money.Zero
	for _, i := range b.OpenGrants(now) {
		total = total.Add(money.Max(money.Zero, b.Grants[i].Used))
	}
	return total
}

// A Head is the part of a balance that track may move without reading the row.
type Head struct {
	Index     int           // the grant that is being used up; -1 when there is none
	Available money.Decimal // amount left in it before another one's turn
	Open      bool          // it takes any amount: unlimited, or with overage
	Back      bool          // returned amounts go to this grant first
	Until     time.Time     // from then on the whole row must be read
}

// Head returns the fast path of the balance at a moment: which grant a plain
// subtraction may come out of, how far it goes, and until when that holds.
// Seats have none, as each change of their number may cost something. b must
// have come from At.
func (b Balance) Head(now time.Time) Head {
	h := Head{Index: -1, Until: b.nextChange(now)}
	if slices.ContainsFunc(b.OpenGrants(now), func(i int) bool { return b.Grants[i].Seats }) {
		return h
	}
	open := slices.DeleteFunc(b.OpenGrants(now), func(i int) bool { return b.Grants[i].Boolean })
	next, beyond := b.first(open, Grant.within), b.first(open, Grant.available)
	switch {
	case len(open) == 0:
		return h
	case beyond < 0:
		h.Index = open[len(open)-1]
	case next < 0 || next == beyond && b.first(slices.DeleteFunc(slices.Clone(open), func(i int) bool { return i == next }), Grant.within) < 0:
		h.Index = beyond
		h.Available, h.Open = b.Grants[beyond].available()
	default:
		h.Index = next
		h.Available, h.Open = b.Grants[next].within()
	}
	h.Back = !slices.ContainsFunc(open, func(i int) bool {
		g := b.Grants[i]
		return i != h.Index && (g.beyond().IsPositive() || i > h.Index && g.Used.IsPositive())
	})
	return h
}

// first is the index of the first grant that has room; -1 if none has.
func (b Balance) first(grants []int, room func(Grant) (money.Decimal, bool)) int {
	for _, i := range grants {
		if most, unlimited := room(b.Grants[i]); unlimited || most.IsPositive() {
			return i
		}
	}
	return -1
}

// EndOfTime is the end of what no date limits: year 9999, which every number
// format in use still holds.
var EndOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// nextChange is the first moment at which a date changes the balance.
func (b Balance) nextChange(now time.Time) time.Time {
	next := EndOfTime
	for _, g := range b.Grants {
		for _, t := range []time.Time{g.ResetsAt, g.From, g.Until} {
			if t.After(now) && t.Before(next) {
				next = t
			}
		}
	}
	return next
}

// Same reports whether two states of one balance allow and hold the same.
func (b Balance) Same(other Balance) bool {
	return slices.EqualFunc(b.Grants, other.Grants, func(x, y Grant) bool {
		return x.ID == y.ID && x.Used.Equal(y.Used) && x.ResetsAt.Equal(y.ResetsAt) &&
			x.Extra.Equal(y.Extra) && x.Unlimited == y.Unlimited && x.Paid.Equal(y.Paid) && x.PaidFor == y.PaidFor
	})
}
