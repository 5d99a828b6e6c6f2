package money

import (
	"strings"

	"windfall/shared/refusal"
)

// An Amount is money in the minor unit of its currency: cents for usd, whole
// yen for jpy.
type Amount int64

// MaxAmount is the largest amount that Stripe takes, of a charge as of a line:
// eight digits in any currency. It can be added up without end.
//
// Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
const MaxAmount Amount = 99_999_999

// A Currency is a lower-case ISO 4217 code, as Stripe writes it.
type Currency string

// DefaultCurrency is used until a product says otherwise.
const DefaultCurrency Currency = "usd"

// zeroDecimal lists the currencies that have no minor unit.
//
// Source: https://docs.stripe.com/currencies#zero-decimal
const zeroDecimal = " bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf "

// Exponent is the number of decimals of the currency's major unit: 2 or 0.
func (c Currency) Exponent() int32 {
	if strings.Contains(zeroDecimal, " "+string(c)+" ") {
		return 0
	}
	return 2
}

// Minor converts major units to an Amount, rounding half away from zero. One
// beyond MaxAmount, above or below zero, is an error and no Amount.
func (c Currency) Minor(major Decimal) (Amount, error) {
	minor := major.Shift(c.Exponent()).Round(0)
	if minor.Abs().GreaterThan(Int(int64(MaxAmount))) {
		return 0, refusal.Invalid(ReasonAmountUnchargeable, c.Major(MaxAmount), major.StringFixed(c.Exponent()))
	}
	return Amount(minor.IntPart()), nil
}

// Major converts an Amount to major units: 1999 in usd is 19.99.
func (c Currency) Major(a Amount) Decimal {
	return Int(int64(a)).Shift(-c.Exponent())
}
