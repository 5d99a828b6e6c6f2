package calc

import (
	"math/big"
	"strings"
)

// Stripe's classes of currencies; all others have two decimals.
//
// https://docs.stripe.com/currencies#zero-decimal
const (
	zeroDecimal  = " bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf "
	threeDecimal = " bhd jod kwd omr tnd "

	// wholeUnits have no minor unit any more, and are written with two decimals.
	wholeUnits = " isk ugx "
)

func in(list, currency string) bool { return strings.Contains(list, " "+currency+" ") }

// Decimals is how many places a currency has.
func Decimals(currency string) int {
	switch {
	case in(zeroDecimal, currency):
		return 0
	case in(threeDecimal, currency):
		return 3
	}
	return 2
}

// Step is what every amount of a line is a multiple of.
//
// assumption: Stripe asks that payments in a currency with three decimals end with a 0,
// and says nothing of lines; they are rounded to the nearest ten, each on its own.
func Step(currency string) int64 {
	if in(threeDecimal, currency) {
		return 10
	}
	return 1
}

// Smallest is what every payment is a multiple of: of currencies that have no minor unit
// any more, and are written with two decimals, a whole unit.
func Smallest(currency string) int64 {
	if in(wholeUnits, currency) {
		return 100
	}
	return Step(currency)
}

// RoundTo is the nearest multiple of a step.
func RoundTo(r *big.Rat, step int64) int64 {
	return Round(new(big.Rat).Quo(r, Int(step))) * step
}

// Due is what is collected of an invoice: the nearest amount that can be paid. The rest is
// put on the customer's balance.
//
// https://docs.stripe.com/currencies#special-cases
func Due(amount int64, currency string) int64 { return RoundTo(Int(amount), Smallest(currency)) }
