package v1

import (
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// optionJSON is a quantity that the customer chooses. Clients confirm a
// checkout by sending feature_id and quantity back unchanged.
type optionJSON struct {
	FeatureID    string      `json:"feature_id"`
	Quantity     api.Number  `json:"quantity"` // in whole packs; one pack if the customer chooses on the page
	FeatureName  string      `json:"feature_name"`
	BillingUnits api.Number  `json:"billing_units"`
	Included     api.Number  `json:"included_usage"`
	Price        *api.Number `json:"price"`
	Tiers        []tierJSON  `json:"tiers"`
}

func optionsOf(found app.Preview) []optionJSON {
	out := []optionJSON{}
	for _, p := range found.Products {
		out = append(out, productOptions(p, found.Decision.Quantities, found.State.Catalog.Features)...)
	}
	return out
}

// productOptions lists the prepaid features of a product, and the chosen
// quantities.
func productOptions(p catalog.Product, chosen []catalog.Quantity, features map[string]catalog.Feature) []optionJSON {
	out := []optionJSON{}
	shown := productItems(p, features)
	for i, item := range p.Items {
		if item.UsageModel == catalog.Prepaid && item.Priced() {
			out = append(out, optionJSON{item.FeatureID, api.NumberOf(quantityOf(item, chosen)), features[item.FeatureID].Name,
				api.NumberOf(item.Pack()), api.NumberOf(item.Included), shown[i].Price, shown[i].Tiers})
		}
	}
	return out
}

func quantityOf(item catalog.Item, chosen []catalog.Quantity) money.Decimal {
	for _, o := range chosen {
		if o.FeatureID == item.FeatureID {
			return money.Packs(o.Quantity, item.Pack()).Mul(item.Pack())
		}
	}
	return item.Pack()
}
