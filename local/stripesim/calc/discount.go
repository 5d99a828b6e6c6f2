package calc

import "math/big"

// SplitOff divides a fixed discount over the eligible amounts in proportion:
// each share is cut down, and the last one takes what is left. The example in
// Stripe's documentation divides 500 over 1000 and 2000 as 166 and 334. More
// than the sum is lost. What the last one can't hold goes back to those before
// it.
//
// https://docs.stripe.com/billing/subscriptions/prorations
func SplitOff(off int64, amounts []int64, step int64) []int64 {
	var sum int64
	last := -1
	for i, a := range amounts {
		if a > 0 {
			sum += a
			last = i
		}
	}
	off = min(off, sum)
	out := make([]int64, len(amounts))
	left := off
	for i, a := range amounts {
		switch {
		case a <= 0:
		case i == last:
			out[i] = left
		default:
			share := new(big.Int).Mul(big.NewInt(off), big.NewInt(a))
			out[i] = share.Quo(share, big.NewInt(sum)).Int64()
			out[i] -= out[i] % step
			left -= out[i]
		}
	}
	for i := last - 1; i >= 0; i-- {
		part := max(0, min(out[last]-amounts[last], amounts[i]-out[i]))
		out[i], out[last] = out[i]+part, out[last]-part
	}
	return out
}

// PercentOff is the discount of one amount.
//
// assumption: each line is rounded on its own, to the nearest step of the currency.
func PercentOff(percent *big.Rat, amount, step int64) int64 {
	if amount <= 0 {
		return 0
	}
	part := new(big.Rat).Mul(percent, big.NewRat(amount, 100))
	return min(RoundTo(part, step), amount)
}
