package billing

import (
	"slices"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// checkQuantities refuses prepaid quantities that mean nothing. On a page the
// customer chooses the quantity, so it may be left out.
func checkQuantities(c *catalog.Catalog, cmd Attach, page bool) error {
	for _, o := range cmd.Quantities {
		if _, known := c.Features[o.FeatureID]; !known {
			return refusal.ErrFeatureNotFound(o.FeatureID)
		}
		if o.Quantity.IsNegative() {
			return errQuantities("The quantity of feature %q can't be negative.", o.FeatureID)
		}
		if !slices.ContainsFunc(cmd.Products, func(p catalog.Product) bool { return p.SellsInAdvance(o.FeatureID) }) {
			return refusal.New(refusal.KindInvalid, "price_not_found", "No product of this call sells feature %q in advance, so it takes no quantity.", o.FeatureID)
		}
	}
	for _, p := range cmd.Products {
		due := false
		for _, item := range p.Items {
			if item.UsageModel == catalog.Prepaid && item.Priced() && !page && !catalog.QuantityGiven(cmd.Quantities, item.FeatureID) {
				return errQuantities("Pass in 'quantity' for feature %q in options.", item.FeatureID)
			}
			if item.InAdvance() && item.MajorPrice(catalog.PacksOf(item, cmd.Quantities)).GreaterThan(catalog.MaxPrice) {
				return errQuantities("That quantity of feature %q costs more than %s, the most Stripe charges at once.", item.FeatureID, catalog.MaxPrice)
			}
			due = due || item.InArrears() || item.InAdvance() && (catalog.PacksOf(item, cmd.Quantities).IsPositive() || page && !catalog.QuantityGiven(cmd.Quantities, item.FeatureID))
		}
		if !due && !p.Free() {
			return errQuantities("A quantity of 0 leaves nothing to buy of product %q.", p.ID)
		}
	}
	return nil
}
func errQuantities(format string, args ...any) *refusal.Error {
	return refusal.New(refusal.KindInvalid, "invalid_options", format, args...)
}
