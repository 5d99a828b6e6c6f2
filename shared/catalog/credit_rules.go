package catalog

import "windfall/shared/money"

// CreditCostOf says what one unit of a feature costs when so many units cost
// so many credits. It refuses what no decimal can hold: 1 credit for 3 units.
func CreditCostOf(featureID string, units, credits money.Decimal) (CreditCost, error) {
	if !units.IsPositive() {
		return CreditCost{}, badFeature("The feature_amount of feature %q must be above 0.", featureID)
	}
	cost := credits.DivRound(units, money.MaxDecimals)
	if !cost.Mul(units).Equal(credits) {
		return CreditCost{}, badFeature("%s credits for %s units of feature %q are no exact number per unit. Choose amounts that divide.", credits, units, featureID)
	}
	return CreditCost{featureID, cost}, nil
}

func checkCredits(c *Catalog, f Feature) error {
	if f.Type != CreditSystem {
		if len(f.Credits) > 0 {
			return badFeature("Only a credit system has a credit_schema; %q is of type %s.", f.ID, f.Type)
		}
		return nil
	}
	if len(f.Credits) == 0 {
		return badFeature("A credit system needs a credit_schema: which features it pays for, and what one unit of each costs.")
	}
	if len(f.Credits) > maxCreditCosts {
		return badFeature("credit_schema: at most %d features, got %d.", maxCreditCosts, len(f.Credits))
	}
	seen := map[string]bool{}
	for _, cost := range f.Credits {
		paid, known := c.Features[cost.FeatureID]
		switch {
		case !known || cost.FeatureID == f.ID:
			return badFeature("credit_schema names feature %q, which is not there. Create it first.", cost.FeatureID)
		case paid.Type == Boolean || paid.Type == CreditSystem:
			return badFeature("credit_schema names %q, which is of type %s; a credit system pays for metered features only.", paid.ID, paid.Type)
		case seen[paid.ID]:
			return badFeature("credit_schema names feature %q twice.", paid.ID)
		case !cost.Cost.IsPositive():
			return badFeature("The credit_cost of feature %q must be above 0.", paid.ID)
		}
		seen[paid.ID] = true
	}
	return nil
}
