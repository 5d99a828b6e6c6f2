package calc

import "math/big"

// TaxOn is the tax that comes on top of an amount, which may be below zero, to a
// multiple of the currency's step.
//
// Each line is rounded on its own, to nearest: 15 % of 0.43 and of 4.84 are 0.06 and
// 0.73 in Stripe's example.
//
// https://support.stripe.com/questions/rounding-rules-for-stripe-fees
func TaxOn(amount int64, percent *big.Rat, step int64) int64 {
	return RoundTo(new(big.Rat).Mul(percent, big.NewRat(amount, 100)), step)
}

// TaxIn is the tax that is a part of an amount.
func TaxIn(amount int64, percent *big.Rat, step int64) int64 {
	part := new(big.Rat).Add(big.NewRat(100, 1), percent)
	return RoundTo(part.Mul(Int(amount), part.Quo(percent, part)), step)
}
