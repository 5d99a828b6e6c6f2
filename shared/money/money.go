package money

import "windfall/shared/refusal"

// An Amount is money in the minor unit of its currency: cents for usd, whole
// yen for jpy.
type Amount int64

// MaxAmount is the largest amount that Stripe takes, of a charge as of a line:
// eight digits in any currency. It can be added up without end.
//
// Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
const MaxAmount Amount = 99_999_999

// Largest is the most that Stripe charges in a currency, in major units.
func (c Currency) Largest() Decimal { return c.Major(MaxAmount - MaxAmount%c.Step()) }

// Minor converts major units to an Amount, rounding half away from zero. One
// beyond MaxAmount, above or below zero, is an error and no Amount.
func (c Currency) Minor(major Decimal) (Amount, error) {
	minor := c.rounded(major.Shift(c.Exponent()))
	if minor.Abs().GreaterThan(Int(int64(MaxAmount))) {
		return 0, refusal.Invalid(ReasonAmountUnchargeable, c.Largest(), major.StringFixed(c.Exponent()))
	}
	return Amount(minor.IntPart()), nil
}

// Major converts an Amount to major units: 1999 in usd is 19.99.
func (c Currency) Major(a Amount) Decimal {
	return Int(int64(a)).Shift(-c.Exponent())
}
