package v1

import (
	"bytes"
	"encoding/json"
	"fmt"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// itemJSON is an item of a product, in and out. A field that does not apply to
// an item is null. In requests price_id and display are not read: they follow
// from the rest. So does type, which must not say otherwise.
type itemJSON struct {
	Type          api.OrNull      `json:"type"` // feature, priced_feature or price
	FeatureID     api.OrNull      `json:"feature_id"`
	FeatureType   api.OrNull      `json:"feature_type"` // single_use, continuous_use, static
	Included      *api.OrInf      `json:"included_usage"`
	Interval      api.OrNull      `json:"interval"` // null: lifetime, or paid once
	IntervalCount *int            `json:"interval_count"`
	Price         *api.Number     `json:"price"`
	Prices        pricesJSON      `json:"prices,omitempty"` // in other currencies
	Tiers         []tierJSON      `json:"tiers"`
	TierBehavior  api.OrNull      `json:"tier_behavior,omitempty"`
	UsageModel    api.OrNull      `json:"usage_model"` // prepaid or pay_per_use
	BillingUnits  *api.Number     `json:"billing_units"`
	ResetUsage    *bool           `json:"reset_usage_when_enabled"`
	UsageLimit    *api.Number     `json:"usage_limit"`
	TaxBehavior   api.OrNull      `json:"tax_behavior,omitempty"` // inclusive or exclusive; left out where the Stripe account says it
	EntityID      api.OrNull      `json:"entity_feature_id"`
	Config        *itemConfigJSON `json:"config"`
	PriceID       api.OrNull      `json:"price_id"` // named by price_ids of a reward
	Display       json.RawMessage `json:"display"`

	OnBilling    *unset   `json:"reset_usage_on_billing,omitempty"` // autumn-py sends its null
	Feature      *ignored `json:"feature,omitempty"`                // part of an answer that clients may send back
	Quantity     *unset   `json:"quantity,omitempty"`
	NextQuantity *unset   `json:"next_cycle_quantity,omitempty"`
}

type tierJSON struct {
	To     *api.OrInf  `json:"to"`
	Amount *api.Number `json:"amount"`
	Prices pricesJSON  `json:"prices,omitempty"`
}

// pricesJSON are prices by currency. One that is given twice would be one of two.
type pricesJSON map[money.Currency]api.Number

func (p *pricesJSON) UnmarshalJSON(b []byte) error {
	var each map[money.Currency]json.RawMessage
	if json.Unmarshal(b, &each) != nil {
		return api.InvalidInputs("prices: expected an object of currencies and numbers.")
	}
	read := json.NewDecoder(bytes.NewReader(b))
	_, _ = read.Token() // it is an object, or null
	for read.More() {
		name, _ := read.Token()
		var price api.Number
		if err := read.Decode(&price); err != nil {
			return err
		}
		if *p == nil {
			*p = pricesJSON{}
		}
		c := money.Currency(fmt.Sprint(name))
		if _, twice := (*p)[c]; twice {
			return api.InvalidInputs("prices: %.10q is given twice.", c)
		}
		(*p)[c] = price
	}
	return nil
}

func (p pricesJSON) prices() catalog.Prices {
	if len(p) == 0 {
		return nil
	}
	out := catalog.Prices{}
	for c, n := range p {
		out[c] = n.Decimal
	}
	return out
}

func pricesAnswer(p catalog.Prices) pricesJSON {
	if len(p) == 0 {
		return nil
	}
	out := pricesJSON{}
	for c, d := range p {
		out[c] = api.NumberOf(d)
	}
	return out
}

type itemConfigJSON struct {
	OnIncrease api.OrNull      `json:"on_increase"`
	OnDecrease api.OrNull      `json:"on_decrease"`
	Rollover   json.RawMessage `json:"rollover,omitempty"`
}

// wanted converts the item at this place of the list to the type of package
// catalog.
func (in itemJSON) wanted(at int) (catalog.WantedItem, error) {
	w := catalog.WantedItem{Kind: catalog.ItemKind(in.Type), FeatureType: catalog.FeatureType(in.FeatureType)}
	if in.FeatureType == "static" {
		w.FeatureType = catalog.Boolean
	}
	w.FeatureID, w.EntityID = string(in.FeatureID), string(in.EntityID)
	w.Cycle = money.Cycle{Interval: money.Interval(in.Interval), Count: 1}
	if in.IntervalCount != nil {
		w.Cycle.Count = *in.IntervalCount
	}
	if in.Included != nil {
		w.Included, w.Unlimited = in.Included.Decimal, in.Included.Inf
	}
	w.Price, w.UsageLimit = in.Price.Given(), in.UsageLimit.Given()
	w.Prices = in.Prices.prices()
	w.UsageModel, w.BillingUnits = catalog.UsageModel(in.UsageModel), money.One
	if in.BillingUnits != nil {
		w.BillingUnits = in.BillingUnits.Decimal
	}
	w.ResetUsage = in.ResetUsage != nil && *in.ResetUsage
	w.TierBehavior, w.TaxBehavior = string(in.TierBehavior), catalog.TaxBehavior(in.TaxBehavior)
	if in.Config != nil {
		w.OnIncrease, w.OnDecrease = string(in.Config.OnIncrease), string(in.Config.OnDecrease)
		w.Rollover = len(in.Config.Rollover) > 0 && string(in.Config.Rollover) != "null"
	}
	for n, t := range in.Tiers {
		if t.To == nil || t.Amount == nil {
			return w, api.InvalidInputs("items[%d].tiers[%d] needs \"to\", a number or \"inf\", and \"amount\".", at, n)
		}
		tier := catalog.Tier{Amount: t.Amount.Decimal, Prices: t.Prices.prices()}
		if !t.To.Inf {
			tier.To = &t.To.Decimal
		}
		w.Tiers = append(w.Tiers, tier)
	}
	return w, nil
}

// wantedItems converts a list of items; nil stays nil.
func wantedItems(in *[]itemJSON) (*[]catalog.WantedItem, error) {
	if in == nil {
		return nil, nil
	}
	wanted := []catalog.WantedItem{}
	for n, item := range *in {
		w, err := item.wanted(n)
		if err != nil {
			return nil, err
		}
		wanted = append(wanted, w)
	}
	return &wanted, nil
}

// productItems encodes the items of a product or of a customer product.
func productItems(p catalog.Product, features map[string]catalog.Feature) []itemJSON {
	out := []itemJSON{}
	for _, item := range p.Items {
		out = append(out, itemAnswer(item, features[item.FeatureID]))
	}
	return out
}

func itemAnswer(i catalog.Item, f catalog.Feature) itemJSON {
	out := itemJSON{Type: api.OrNull(i.Kind()), FeatureID: api.OrNull(i.FeatureID), FeatureType: itemFeatureType(f.Type),
		UsageModel: api.OrNull(i.UsageModel), EntityID: api.OrNull(i.EntityID), TaxBehavior: api.OrNull(i.TaxBehavior), UsageLimit: api.Optional(i.UsageLimit), Price: api.Optional(i.Price), Prices: pricesAnswer(i.Prices)}
	if cycle := i.Cycle.Plain(); cycle.Repeats() {
		out.Interval, out.IntervalCount = api.OrNull(cycle.Interval), &cycle.Count
	}
	if i.FeatureID != "" && f.Type != catalog.Boolean {
		out.Included = &api.OrInf{Number: api.NumberOf(i.Included), Inf: i.Unlimited}
		out.ResetUsage = &i.ResetUsage
	}
	for _, t := range i.Tiers {
		to := api.OrInf{Inf: t.To == nil}
		if t.To != nil {
			to.Decimal = *t.To
		}
		out.Tiers = append(out.Tiers, tierJSON{&to, &api.Number{Decimal: t.Amount}, pricesAnswer(t.Prices)})
	}
	if i.HasPrice() {
		out.PriceID = api.OrNull(i.ID)
		if i.FeatureID != "" {
			out.BillingUnits = &api.Number{Decimal: i.Pack()}
		}
	}
	if i.OnIncrease != "" || i.OnDecrease != "" {
		out.Config = &itemConfigJSON{OnIncrease: api.OrNull(i.OnIncrease), OnDecrease: api.OrNull(i.OnDecrease)}
	}
	return out
}

// itemFeatureType is the type of a feature as items name it: boolean is static,
// and a credit system is single_use.
func itemFeatureType(t catalog.FeatureType) api.OrNull {
	switch t {
	case catalog.Boolean:
		return "static"
	case catalog.CreditSystem:
		return api.OrNull(catalog.SingleUse)
	default:
		return api.OrNull(t)
	}
}
