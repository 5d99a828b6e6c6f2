package catalog

import (
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Source is a balance that uses of a feature may be taken from: the
// feature's own, or that of a credit system which covers it.
type Source struct {
	FeatureID string
	Cost      money.Decimal // what one unit takes there: 1 of the feature's own balance
	Shards    int           // on how many rows its uses without end are counted
}

// Funding lists where uses of a feature are taken from, in this order: its own
// balance first, then the credit systems that cover it, by id. A feature that
// no product grants and that credits cover has no balance of its own.
func (c *Catalog) Funding(f Feature) []Source {
	own := Source{f.ID, money.One, f.WriteShards}
	if f.Type == Boolean || f.Type == CreditSystem {
		return []Source{own}
	}
	sources := c.CreditsFor(f.ID)
	if len(sources) > 0 && !c.grants(f.ID) {
		return sources
	}
	return append([]Source{own}, sources...) // slices.Insert is 1,290 bytes of every function for each type
}

// CreditsAlone reports whether uses of a feature are taken from credits alone: a balance of
// its own would never be used, so none is given.
func (c *Catalog) CreditsAlone(featureID string) bool {
	return len(c.CreditsFor(featureID)) > 0 && !c.grants(featureID)
}

// CreditsFor lists the credit systems that cover a feature. The list is the catalog's own
// and is not to be changed.
func (c *Catalog) CreditsFor(featureID string) []Source {
	return slices.Clip(c.looked().credits[featureID])
}

// grants reports whether any version of any product grants a feature.
func (c *Catalog) grants(featureID string) bool {
	return c.looked().granted[featureID]
}

func (p Product) Grants(featureID string) bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool { return i.FeatureID == featureID })
}

// Convert is what so many units take from the source: units × cost, exact. It
// returns invalid_inputs when that has more digits than a balance keeps.
func (s Source) Convert(units money.Decimal) (money.Decimal, error) {
	if s.Cost.Equal(money.One) {
		return units, nil
	}
	taken := units.Mul(s.Cost)
	if !taken.Equal(taken.Truncate(money.MaxDecimals)) {
		return money.Zero, refusal.Invalid(ReasonCreditsTooFine, units, s.Cost, money.MaxDecimals)
	}
	if taken.Abs().GreaterThanOrEqual(money.MaxUsed) {
		return money.Zero, refusal.Invalid(ReasonCreditsTooMany, units, s.Cost, money.MaxDigits)
	}
	return taken, nil
}

// Units is how many units an amount of the source pays for, cut off after so
// many decimals.
func (s Source) Units(amount money.Decimal, decimals int32) money.Decimal {
	if s.Cost.Equal(money.One) {
		return amount
	}
	units, _ := amount.QuoRem(s.Cost, decimals)
	return units
}

// FinestDecimals is how finely units may be divided over sources, so that what
// goes to each of them is still exact there.
func FinestDecimals(sources []Source) int32 {
	n := int32(0)
	for _, s := range sources {
		n = max(n, places(s.Cost))
	}
	return money.MaxDecimals - n
}

// places is the number of decimals a number really has: 0.20 has one.
func places(d money.Decimal) int32 {
	n := max(0, -d.Exponent())
	for n > 0 && d.Equal(d.Truncate(n-1)) {
		n--
	}
	return n
}
