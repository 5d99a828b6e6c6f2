package money

import "time"

// A Period is one billing period.
type Period struct {
	Start time.Time `json:"start,omitzero"`
	End   time.Time `json:"end,omitzero"`

	// Whole is when a first, shorter period would have begun if it were a whole one, for
	// which prices are; zero is Start.
	Whole time.Time `json:"whole,omitzero"`

	// Anchor says on which days the periods of a subscription end where Start does not: in
	// a first, shorter one, and after the end of a shorter month. Zero is Start.
	Anchor Anchor `json:"anchor,omitzero"`
}

// whole is when the period began, or would have.
func (p Period) whole() time.Time {
	if p.Whole.IsZero() {
		return p.Start
	}
	return p.Whole
}

// Left is how many seconds of a period are left at a moment, and how many it
// has. Stripe counts whole seconds, and so do we.
//
// Source: https://docs.stripe.com/billing/subscriptions/prorations
func (p Period) Left(at time.Time) (left, whole int64) {
	return p.End.Unix() - at.Unix(), p.End.Unix() - p.whole().Unix()
}

// Prorate is the part of an amount that falls on the time left. Each line is
// rounded on its own, half away from zero, as Stripe does.
func (p Period) Prorate(a Amount, at time.Time, c Currency) Amount {
	return p.ProrateExact(Int(int64(a)), at, c)
}

// ProrateExact is Prorate for an amount in minor units with parts of them, which is
// rounded once.
func (p Period) ProrateExact(minor Decimal, at time.Time, c Currency) Amount {
	left, whole := p.Left(at)
	if whole <= 0 || left <= 0 {
		return 0
	}
	step := Int(int64(c.Step()))
	return Amount(minor.Mul(Int(left)).DivRound(Int(whole).Mul(step), 0).Mul(step).IntPart())
}

// A PeriodShare is a part of a period in whole seconds, as Stripe prorates.
//
// Source: https://docs.stripe.com/billing/subscriptions/prorations
type PeriodShare struct{ Left, Of int64 }

// PeriodLeft is the part of a period that is left at a moment; none after it.
func PeriodLeft(p Period, now time.Time) PeriodShare {
	of := p.End.Unix() - p.whole().Unix()
	if of <= 0 {
		return PeriodShare{0, 1}
	}
	return PeriodShare{min(of, max(0, p.End.Unix()-now.Unix())), of}
}

// ShareOf is the share of an amount in major units, rounded once, half away from
// zero, as Stripe rounds a line. The error is that of Minor.
func (s PeriodShare) ShareOf(major Decimal, c Currency) (Amount, error) {
	return c.Minor(major.Mul(Int(s.Left)).DivRound(Int(s.Of), 2*MaxDecimals))
}
