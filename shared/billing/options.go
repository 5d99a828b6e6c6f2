package billing

import "slices"

// sameOptions compares prepaid quantities by the packs they make.
func sameOptions(p Product, a, b []Quantity) bool {
	for _, item := range p.Items {
		if !packsOf(item, a).Equal(packsOf(item, b)) {
			return false
		}
	}
	return true
}

// merged replaces the quantities that are given and keeps the others.
func merged(had, given []Quantity) []Quantity {
	out := append([]Quantity(nil), had...)
	for _, o := range given {
		found := false
		for i := range out {
			if out[i].FeatureID == o.FeatureID {
				out[i], found = o, true
			}
		}
		if !found {
			out = append(out, o)
		}
	}
	return out
}

// checkOptions refuses prepaid quantities that mean nothing. On a page the
// customer chooses the quantity, so it may be left out.
func checkOptions(c *Catalog, cmd Attach, page bool) error {
	for _, o := range cmd.Quantities {
		if _, known := c.Features[o.FeatureID]; !known {
			return ErrFeatureNotFound(o.FeatureID)
		}
		if o.Quantity.IsNegative() {
			return errQuantities("The quantity of feature %q can't be negative.", o.FeatureID)
		}
		if !slices.ContainsFunc(cmd.Products, func(p Product) bool { return p.prepaidItem(o.FeatureID) }) {
			return refuse(KindInvalid, "price_not_found", "No product of this call sells feature %q in advance, so it takes no quantity.", o.FeatureID)
		}
	}
	for _, p := range cmd.Products {
		due := false
		for _, item := range p.Items {
			if item.UsageModel == Prepaid && item.Priced() && !page && !given(cmd.Quantities, item.FeatureID) {
				return errQuantities("Pass in 'quantity' for feature %q in options.", item.FeatureID)
			}
			if item.InAdvance() && item.major(packsOf(item, cmd.Quantities)).GreaterThan(maxPrice) {
				return errQuantities("That quantity of feature %q costs more than %s, the most Stripe charges at once.", item.FeatureID, maxPrice)
			}
			due = due || item.InArrears() || item.InAdvance() && (packsOf(item, cmd.Quantities).IsPositive() || page && !given(cmd.Quantities, item.FeatureID))
		}
		if !due && !p.Free() {
			return errQuantities("A quantity of 0 leaves nothing to buy of product %q.", p.ID)
		}
	}
	return nil
}

func (p Product) prepaidItem(featureID string) bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool {
		return i.FeatureID == featureID && i.UsageModel == Prepaid && i.Priced()
	})
}

// quantities are those of the options that the product sells.
func (p Product) quantities(options []Quantity) []Quantity {
	var out []Quantity
	for _, o := range options {
		if p.prepaidItem(o.FeatureID) {
			out = append(out, o)
		}
	}
	return out
}

func given(options []Quantity, featureID string) bool {
	return slices.ContainsFunc(options, func(o Quantity) bool { return o.FeatureID == featureID })
}
