package catalog

import (
	"maps"
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// CreditCostOf says what one unit of a feature costs when so many units cost
// so many credits. It refuses what no decimal can hold: 1 credit for 3 units.
func CreditCostOf(featureID string, units, credits money.Decimal) (CreditCost, error) {
	if !units.IsPositive() {
		return CreditCost{}, refusal.Invalid(ReasonCreditUnitsNotPositive, featureID)
	}
	cost := credits.DivRound(units, money.MaxDecimals)
	if !cost.Mul(units).Equal(credits) {
		return CreditCost{}, refusal.Invalid(ReasonCreditCostNotExact, credits, units, featureID)
	}
	return CreditCost{featureID, cost}, nil
}

func checkCredits(c *Catalog, f Feature) error {
	if f.Type != CreditSystem {
		if len(f.Credits) > 0 {
			return refusal.Invalid(ReasonCreditCostsOfAPlainFeature, f.ID, f.Type)
		}
		return nil
	}
	if len(f.Credits) == 0 {
		return refusal.Invalid(ReasonCreditCostsMissing)
	}
	if len(f.Credits) > maxCreditCosts {
		return refusal.Invalid(ReasonCreditCostsTooMany, maxCreditCosts, len(f.Credits))
	}
	seen := map[string]bool{}
	for _, cost := range f.Credits {
		paid, known := c.Features[cost.FeatureID]
		switch {
		case !known || cost.FeatureID == f.ID:
			return refusal.Invalid(ReasonCreditCostOfUnknownFeature, cost.FeatureID)
		case paid.Type == Boolean || paid.Type == CreditSystem:
			return refusal.Invalid(ReasonCreditCostOfUnmeteredFeature, paid.ID, paid.Type)
		case seen[paid.ID]:
			return refusal.Invalid(ReasonCreditCostGivenTwice, paid.ID)
		case !cost.Cost.IsPositive():
			return refusal.Invalid(ReasonCreditCostNotPositive, paid.ID)
		}
		if id := c.givenBeside(paid.ID); id != "" {
			return refusal.Invalid(ReasonCreditsForWhatIsGiven, paid.ID, id)
		}
		seen[paid.ID] = true
	}
	return nil
}

// givenBeside names a reward that gives a balance of a feature of which no product does, and
// that nothing covers yet; or "". With credits for it that balance would never be used.
func (c *Catalog) givenBeside(featureID string) string {
	if c.grants(featureID) || len(c.CreditsFor(featureID)) > 0 {
		return ""
	}
	for _, id := range slices.Sorted(maps.Keys(c.Rewards)) {
		if c.Rewards[id].grants(featureID) {
			return id
		}
	}
	return ""
}
