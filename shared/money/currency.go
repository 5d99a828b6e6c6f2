package money

import "strings"

// A Currency is a lower-case ISO 4217 code, as Stripe writes it.
type Currency string

// Stripe's classes of currencies. All others have two decimals.
//
// Source: https://docs.stripe.com/currencies#zero-decimal, #three-decimal, #special-cases
const (
	// zeroDecimal lists the currencies that have no minor unit.
	zeroDecimal = " bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf "

	// threeDecimal lists those with thousandths, of which Stripe charges no single ones.
	threeDecimal = " bhd jod kwd omr tnd "

	// wholeUnits lists those that have no minor unit any more and that Stripe writes with
	// two decimals all the same: 5 krónur are 500.
	wholeUnits = " isk ugx "
)

// supported lists what Stripe charges in.
//
// Source: https://docs.stripe.com/currencies#presentment-currencies
const supported = zeroDecimal + threeDecimal + wholeUnits +
	" aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk" +
	" dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr" +
	" lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub" +
	" sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd xcg yer zar zmw "

func (c Currency) in(list string) bool { return strings.Contains(list, " "+string(c)+" ") }

// Known reports whether Stripe charges in the currency.
func (c Currency) Known() bool { return len(c) == 3 && c.in(supported) }

// Exponent is the number of decimals of the currency's major unit at Stripe: 2, 0 or 3.
func (c Currency) Exponent() int32 {
	switch {
	case c.in(zeroDecimal):
		return 0
	case c.in(threeDecimal):
		return 3
	}
	return 2
}

// Decimals is how many decimals an amount that is charged may have: at most Exponent.
func (c Currency) Decimals() int32 {
	switch {
	case c.in(zeroDecimal), c.in(wholeUnits):
		return 0
	}
	return 2
}

// Step is what every amount of a line is a multiple of: 10 thousandths of a currency
// with three decimals, and 1 of all others. Stripe rounds what an invoice in whole units
// comes to by itself, and its lines not.
func (c Currency) Step() Amount {
	if c.in(threeDecimal) {
		return 10
	}
	return 1
}

// Round is the nearest amount to a number of minor units, half away from zero.
func (c Currency) Round(minor Decimal) Amount { return Amount(c.rounded(minor).IntPart()) }

func (c Currency) rounded(minor Decimal) Decimal {
	step := c.Step()
	if step == 1 {
		return minor.Round(0)
	}
	return minor.DivRound(Int(int64(step)), 0).Mul(Int(int64(step)))
}
