package catalog

import "windfall/shared/money"

// Charge is the price of a number of packs in minor units: the fixed price
// each, or through graduated tiers filled in order. It is rounded once, half
// away from zero, as Stripe rounds a line. It is an error beyond the largest
// amount.
func (i Item) Charge(packs money.Decimal, currency money.Currency) (money.Amount, error) {
	return currency.Minor(i.MajorPrice(packs))
}

func (i Item) MajorPrice(packs money.Decimal) money.Decimal {
	if i.Price != nil {
		return i.Price.Mul(packs)
	}
	sum, from := money.Zero, money.Zero
	units := packs.Mul(i.Pack())
	for _, t := range i.Tiers {
		to := units
		if t.To != nil {
			to = money.Min(units, *t.To)
		}
		if part := to.Sub(from); part.IsPositive() {
			sum = sum.Add(part.Mul(t.Amount).DivRound(i.Pack(), 2*money.MaxDecimals))
		}
		from = money.Max(from, to)
	}
	return sum
}

// BasePrice is the sum of the product's fixed prices, in major units.
func (p Product) BasePrice() money.Decimal {
	sum := money.Zero
	for _, i := range p.Items {
		if i.FeatureID == "" && i.Price != nil {
			sum = sum.Add(*i.Price)
		}
	}
	return sum
}
