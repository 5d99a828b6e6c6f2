package calc

import "math/big"

// A Tier prices units up to and including UpTo; UpTo 0 is the last tier.
type Tier struct {
	UpTo int64
	Unit *big.Rat
	Flat *big.Rat
}

// Graduated prices each unit in the tier it falls into. The flat amount of a
// tier is due as soon as one unit reaches it; the first one also at zero.
//
// https://docs.stripe.com/products-prices/pricing-models#graduated-pricing
func Graduated(quantity int64, tiers []Tier) *big.Rat {
	sum, from := new(big.Rat), int64(0)
	for n, t := range tiers {
		units := quantity - from
		if units <= 0 && n > 0 {
			break
		}
		if t.UpTo != 0 {
			units = min(units, t.UpTo-from)
		}
		sum.Add(sum, new(big.Rat).Mul(t.Unit, Int(units)))
		sum.Add(sum, t.Flat)
		from = t.UpTo
		if t.UpTo == 0 {
			break
		}
	}
	return sum
}

// Volume prices all units at the tier that the whole quantity falls into.
//
// https://docs.stripe.com/products-prices/pricing-models#volume-pricing
func Volume(quantity int64, tiers []Tier) *big.Rat {
	for _, t := range tiers {
		if t.UpTo == 0 || quantity <= t.UpTo {
			return new(big.Rat).Add(new(big.Rat).Mul(t.Unit, Int(quantity)), t.Flat)
		}
	}
	return new(big.Rat)
}

// Packs divides a quantity into packs, rounding as the price says.
func Packs(quantity, size int64, up bool) int64 {
	if up {
		return (quantity + size - 1) / size
	}
	return quantity / size
}
