package v2

import (
	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// priceJSON is what units of a feature cost, in major units: an amount for each
// billing_units, or tiers.
type priceJSON struct {
	Amount       *api.Number `json:"amount"`
	Tiers        []tierJSON  `json:"tiers"`         // null where there is one amount
	TierBehavior api.OrNull  `json:"tier_behavior"` // graduated
	BillingUnits api.Number  `json:"billing_units"`
	Method       string      `json:"billing_method"` // prepaid or usage_based
	MaxPurchase  *api.Number `json:"max_purchase"`   // null for no limit
}

type tierJSON struct {
	To     api.OrInf  `json:"to"`
	Amount api.Number `json:"amount"`
}

// priceOf is the price of a feature's item, nil if it has none.
func priceOf(i catalog.Item) *priceJSON {
	if !i.Priced() || i.FeatureID == "" {
		return nil
	}
	out := &priceJSON{Amount: api.Optional(i.Price), BillingUnits: api.NumberOf(i.Pack()), Method: "prepaid", MaxPurchase: beyond(i.UsageLimit, i.Included)}
	if i.UsageModel == catalog.PayPerUse {
		out.Method = "usage_based"
	}
	for _, t := range i.Tiers {
		one := tierJSON{To: api.OrInf{Inf: t.To == nil}, Amount: api.NumberOf(t.Amount)}
		if t.To != nil {
			one.To.Number = api.NumberOf(*t.To)
		}
		out.Tiers, out.TierBehavior = append(out.Tiers, one), "graduated"
	}
	return out
}

// beyond is how much of a usage limit lies beyond what is granted: the most that
// can be bought.
func beyond(limit *money.Decimal, granted money.Decimal) *api.Number {
	if limit == nil {
		return nil
	}
	most := money.Max(money.Zero, money.Less(*limit, granted))
	return &api.Number{Decimal: most}
}
