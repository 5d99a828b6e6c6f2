package billing

import "time"

// A PeriodShare is a part of a period in whole seconds, as Stripe prorates.
//
// Source: https://docs.stripe.com/billing/subscriptions/prorations
type PeriodShare struct{ Left, Of int64 }

// whole is a period from its beginning.
var whole = PeriodShare{1, 1}

// PeriodLeft is the part of a period that is left at a moment; none after it.
func PeriodLeft(p Period, now time.Time) PeriodShare {
	of := p.End.Unix() - p.Start.Unix()
	if of <= 0 {
		return PeriodShare{0, 1}
	}
	return PeriodShare{min(of, max(0, p.End.Unix()-now.Unix())), of}
}

// of is the share of an amount in major units, rounded once, half away from
// zero, as Stripe rounds a line.
func (s PeriodShare) of(major Decimal, c Currency) Amount {
	return c.Minor(major.Mul(Int(s.Left)).DivRound(Int(s.Of), 2*maxDecimals))
}

// seatsCost is what it costs to go from some paid units to others for a share
// of a period; below 0 for fewer. For a whole period it is the difference of
// two prices, so that steps add up to the price of all of them.
func (i Item) seatsCost(from, to Decimal, left PeriodShare) Amount {
	was, will := Packs(from, i.Pack()), Packs(to, i.Pack())
	if left.Left == left.Of {
		return i.Charge(will, DefaultCurrency) - i.Charge(was, DefaultCurrency)
	}
	return left.of(i.major(will).Sub(i.major(was)), DefaultCurrency)
}
