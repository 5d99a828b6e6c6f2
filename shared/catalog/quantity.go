package catalog

import (
	"slices"

	"windfall/shared/money"
)

// A Quantity is a prepaid quantity of a feature, in units without the included
// usage.
type Quantity struct {
	FeatureID string        `json:"feature_id,omitzero"`
	Quantity  money.Decimal `json:"quantity,omitzero"`
}

// SameQuantities compares prepaid quantities by the packs they make.
func SameQuantities(p Product, a, b []Quantity) bool {
	for _, item := range p.Items {
		if !PacksOf(item, a).Equal(PacksOf(item, b)) {
			return false
		}
	}
	return true
}

// MergeQuantities replaces the quantities that are given and keeps the others.
func MergeQuantities(had, given []Quantity) []Quantity {
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

func (p Product) SellsInAdvance(featureID string) bool {
	return slices.ContainsFunc(p.Items, func(i Item) bool {
		return i.FeatureID == featureID && i.UsageModel == Prepaid && i.Priced()
	})
}

// QuantitiesOf are those of the options that the product sells.
func (p Product) QuantitiesOf(options []Quantity) []Quantity {
	var out []Quantity
	for _, o := range options {
		if p.SellsInAdvance(o.FeatureID) {
			out = append(out, o)
		}
	}
	return out
}

func QuantityGiven(options []Quantity, featureID string) bool {
	return slices.ContainsFunc(options, func(o Quantity) bool { return o.FeatureID == featureID })
}

// PacksOf is how many packs of an item are bought: 1 of a plain price.
func PacksOf(item Item, options []Quantity) money.Decimal {
	if item.UsageModel != Prepaid {
		return money.One
	}
	for _, o := range options {
		if o.FeatureID == item.FeatureID {
			return money.Packs(o.Quantity, item.Pack())
		}
	}
	return money.Zero
}

func (o Quantity) Same(other Quantity) bool {
	return o.FeatureID == other.FeatureID && o.Quantity.Equal(other.Quantity)
}
