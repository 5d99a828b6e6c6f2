package stripesim

import (
	"math/big"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

// cost is what a quantity of a price costs, before rounding.
func cost(p *object.Price, quantity int64) *big.Rat {
	switch {
	case p.BillingScheme == "tiered" && p.TiersMode == "volume":
		return calc.Volume(quantity, tiersOf(p))
	case p.BillingScheme == "tiered":
		return calc.Graduated(quantity, tiersOf(p))
	}
	if q := p.TransformQuantity; q != nil {
		quantity = calc.Packs(quantity, q.DivideBy, q.Round == "up")
	}
	return new(big.Rat).Mul(calc.Rat(string(p.UnitAmountDecimal)), calc.Int(quantity))
}

func tiersOf(p *object.Price) []calc.Tier {
	out := make([]calc.Tier, len(p.State.Tiers))
	for i, t := range p.State.Tiers {
		out[i] = calc.Tier{Unit: calc.Rat(string(t.UnitAmountDecimal)), Flat: calc.Rat(string(t.FlatAmountDecimal))}
		if t.UpTo != nil {
			out[i].UpTo = *t.UpTo
		}
	}
	return out
}

// intervalOf is how often a recurring price bills.
func intervalOf(p *object.Price) calc.Interval {
	return calc.Interval{Unit: p.Recurring.Interval, Count: p.Recurring.IntervalCount}
}

func metered(p *object.Price) bool { return p.Recurring != nil && p.Recurring.UsageType == "metered" }

// nameOf is what a line of an invoice calls a price.
func (t *tx) nameOf(p *object.Price) string {
	if prod, ok := find[*object.Product](t, p.Product); ok {
		return prod.Name
	}
	return p.ID
}
