package calc

import "math/big"

// Prorate is the part of amount that belongs to the time from at until end of
// a period, counted in seconds. Each line is rounded on its own, to a step of the
// currency: the example in Stripe's documentation has -166 and 541 for
// -166.35 and 540.96.
//
// https://docs.stripe.com/billing/subscriptions/prorations
func Prorate(amount *big.Rat, at, start, end, step int64) int64 {
	if end <= start {
		return 0
	}
	part := new(big.Rat).SetFrac64(end-at, end-start)
	return RoundTo(part.Mul(part, amount), step)
}
