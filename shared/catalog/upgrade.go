package catalog

import "windfall/shared/money"

// Upgrades reports whether a change from one product to another is an upgrade,
// which happens at once. Everything else waits for the end of the period.
//
//   - From free to paid is an upgrade, from paid to free is not.
//   - Two products that are only billed for use: an upgrade.
//   - Another interval: the longer one is the upgrade, whatever the prices.
//   - Otherwise the higher price, with one unit of everything in the first
//     tier. An equal price is not an upgrade.
func (p Product) Upgrades(from Product) bool {
	switch {
	case p.Free() || from.Free():
		return !p.Free()
	case p.onlyUse() && from.onlyUse():
		return true
	}
	if d := p.BillingCycle().Length() - from.BillingCycle().Length(); d != 0 {
		return d > 0
	}
	return p.firstPrice().GreaterThan(from.firstPrice())
}

func (p Product) onlyUse() bool {
	for _, i := range p.Items {
		if i.InAdvance() {
			return false
		}
	}
	return true
}

// firstPrice is what one unit of everything costs, in major units.
func (p Product) firstPrice() money.Decimal {
	sum := money.Zero
	for _, i := range p.Items {
		switch {
		case i.Price != nil:
			sum = sum.Add(*i.Price)
		case len(i.Tiers) > 0:
			sum = sum.Add(i.Tiers[0].Amount)
		}
	}
	return sum
}
