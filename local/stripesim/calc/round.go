package calc

import "math/big"

// Round is the nearest whole number.
//
// assumption: ties go away from zero; Stripe publishes no example of a tie.
func Round(r *big.Rat) int64 {
	abs := new(big.Rat).Abs(r)
	abs.Add(abs, big.NewRat(1, 2))
	q := new(big.Int).Quo(abs.Num(), abs.Denom()).Int64()
	if r.Sign() < 0 {
		return -q
	}
	return q
}

// Rat reads a decimal such as "0.05"; a malformed one is zero.
func Rat(decimal string) *big.Rat {
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		return new(big.Rat)
	}
	return r
}

// Int is a whole number as a Rat.
func Int(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }
