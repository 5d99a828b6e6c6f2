package v2

import (
	"maps"
	"slices"
	"strings"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// oneOff is the interval of what is paid or granted once.
const oneOff = "one_off"

// intervalOf is an interval as prices have it, with its count.
func intervalOf(c money.Cycle) (api.OrNull, *int) {
	if c = c.Plain(); c.Repeats() {
		return api.OrNull(c.Interval), &c.Count
	}
	return oneOff, nil
}

// cycleOf reads an interval; "" and one_off never come round again.
func cycleOf(interval api.OrNull, count *int) money.Cycle {
	c := money.Cycle{Interval: money.Interval(interval), Count: 1}
	if interval == oneOff {
		c.Interval = money.Never
	}
	if count != nil {
		c.Count = *count
	}
	return c
}

// amountIn is a price in another currency than the environment's.
type amountIn struct {
	Currency money.Currency `json:"currency"`
	Amount   *api.Number    `json:"amount"`
	Flat     *fields.Unset  `json:"flat_amount,omitempty" instead:"a tier has a price for each unit. Use amount."`
}

func amountsOf(p catalog.Prices) (out []amountIn) {
	for _, c := range slices.Sorted(maps.Keys(p)) {
		out = append(out, amountIn{Currency: c, Amount: &api.Number{Decimal: p[c]}})
	}
	return out
}

// pricesOf reads prices in other currencies. One that is given twice would be one of two.
func pricesOf(at string, in []amountIn) (catalog.Prices, error) {
	if len(in) == 0 {
		return nil, nil
	}
	out := catalog.Prices{}
	for _, one := range in {
		if one.Amount == nil {
			return nil, api.InvalidInputs("%sadditional_currencies: each needs a currency and an amount.", at)
		}
		if _, given := out[one.Currency]; given {
			return nil, api.InvalidInputs("%sadditional_currencies: %.10q is given twice.", at, one.Currency)
		}
		out[one.Currency] = one.Amount.Decimal
	}
	return out, nil
}

// planItemJSON is a feature of a plan in answers.
type planItemJSON struct {
	FeatureID string         `json:"feature_id"`
	Included  api.Number     `json:"included"`
	Unlimited bool           `json:"unlimited"`
	Pooled    bool           `json:"pooled"`
	Reset     *planResetJSON `json:"reset"` // null for what is not used up
	Price     *itemPriceJSON `json:"price"`
	Proration *prorationJSON `json:"proration,omitempty"`
	EntityID  string         `json:"entity_feature_id,omitempty"`

	// Of this API alone.
	UsageLimit  *api.Number `json:"usage_limit,omitempty"` // of what has no price; else max_purchase says it
	ResetUsage  bool        `json:"reset_usage_when_enabled,omitempty"`
	TaxBehavior string      `json:"tax_behavior,omitempty"`
}

type planResetJSON struct {
	Interval      api.OrNull `json:"interval"`
	IntervalCount *int       `json:"interval_count,omitempty"`
}

type prorationJSON struct {
	OnIncrease string `json:"on_increase,omitempty"`
	OnDecrease string `json:"on_decrease,omitempty"`
}

// itemPriceJSON is the price of a feature: an amount, or tiers.
type itemPriceJSON struct {
	Amount        *api.Number    `json:"amount,omitempty"`
	Currencies    []amountIn     `json:"additional_currencies,omitempty"`
	Tiers         []planTierJSON `json:"tiers,omitempty"`
	TierBehavior  string         `json:"tier_behavior,omitempty"`
	Interval      api.OrNull     `json:"interval"`
	IntervalCount *int           `json:"interval_count,omitempty"`
	BillingUnits  api.Number     `json:"billing_units"`
	Method        string         `json:"billing_method"`
	MaxPurchase   *api.Number    `json:"max_purchase"`
}

type planTierJSON struct {
	To         *api.OrInf    `json:"to"`
	Amount     *api.Number   `json:"amount"`
	Currencies []amountIn    `json:"additional_currencies,omitempty"`
	Flat       *fields.Unset `json:"flat_amount,omitempty" instead:"a tier has a price for each unit. Use amount."`
}

func planItemAnswer(i catalog.Item, f catalog.Feature) planItemJSON {
	out := planItemJSON{FeatureID: i.FeatureID, Included: api.NumberOf(i.Included), Unlimited: i.Unlimited, EntityID: i.EntityID, ResetUsage: i.ResetUsage, TaxBehavior: string(i.TaxBehavior)}
	if f.Type == catalog.SingleUse || f.Type == catalog.CreditSystem {
		out.Reset = &planResetJSON{}
		out.Reset.Interval, out.Reset.IntervalCount = intervalOf(i.Cycle)
	}
	if i.OnIncrease != "" || i.OnDecrease != "" {
		out.Proration = &prorationJSON{i.OnIncrease, i.OnDecrease}
	}
	price := priceOf(i)
	if price == nil {
		out.UsageLimit = api.Optional(i.UsageLimit)
		return out
	}
	out.Price = &itemPriceJSON{Amount: price.Amount, Currencies: amountsOf(i.Prices), TierBehavior: string(price.TierBehavior), BillingUnits: price.BillingUnits, Method: price.Method, MaxPurchase: price.MaxPurchase}
	out.Price.Interval, out.Price.IntervalCount = intervalOf(i.Cycle)
	for n, t := range price.Tiers {
		out.Price.Tiers = append(out.Price.Tiers, planTierJSON{To: &t.To, Amount: &t.Amount, Currencies: amountsOf(i.Tiers[n].Prices)})
	}
	return out
}

// planItemRequest is a feature of a plan to be.
type planItemRequest struct {
	FeatureID string            `json:"feature_id"`
	Included  *api.Number       `json:"included"`
	Unlimited bool              `json:"unlimited"`
	Reset     *planResetJSON    `json:"reset"`
	Price     *itemPriceRequest `json:"price"`
	Proration *prorationJSON    `json:"proration"`
	EntityID  *string           `json:"entity_feature_id"`

	UsageLimit  *api.Number `json:"usage_limit"`
	ResetUsage  *bool       `json:"reset_usage_when_enabled"`
	TaxBehavior *string     `json:"tax_behavior"`

	Pooled    fields.Unset   `json:"pooled" instead:"what the items of an entity's feature grant is each entity's own, and what other items grant is for all. Use entity_feature_id for the former."`
	Rollover  fields.Unset   `json:"rollover" instead:"what is left at a reset does not go on. Give it with balances.create, with expires_at."`
	Expiry    fields.Unset   `json:"expiry" instead:"what a plan grants lasts as long as the plan, and comes back with reset. Use balances.create with expires_at for units that end by themselves."`
	Override  fields.Unset   `json:"feature_override" instead:"a feature is the same in all plans. Create another one with features.create."`
	Threshold fields.Unset   `json:"threshold_billing" instead:"use is billed with its interval. Use a shorter one in price."`
	Display   fields.Ignored `json:"display"` // of an answer that is sent back
	Feature   fields.Ignored `json:"feature"`
}

type itemPriceRequest struct {
	Amount        *api.Number    `json:"amount"`
	Currencies    []amountIn     `json:"additional_currencies"`
	Tiers         []planTierJSON `json:"tiers"`
	TierBehavior  api.OrNull     `json:"tier_behavior"`
	Interval      api.OrNull     `json:"interval"`
	IntervalCount *int           `json:"interval_count"`
	BillingUnits  *api.Number    `json:"billing_units"`
	Method        api.OrNull     `json:"billing_method"`
	MaxPurchase   *api.Number    `json:"max_purchase"`
	Processors    fields.Ignored `json:"processors"`
}

// methods are the ways to pay for a feature.
var methods = map[api.OrNull]catalog.UsageModel{"": "", "prepaid": catalog.Prepaid, "usage_based": catalog.PayPerUse}

// wanted converts the item to the type of package catalog. at names it in errors.
func (in planItemRequest) wanted(at string) (catalog.WantedItem, error) {
	w := catalog.WantedItem{At: strings.TrimSuffix(at, "."), Left: catalog.Left{ResetUsage: in.ResetUsage == nil, TaxBehavior: in.TaxBehavior == nil, UsageLimit: in.UsageLimit == nil && in.Price == nil, Proration: in.Proration == nil,
		Entity: in.EntityID == nil}}
	if in.FeatureID == "" {
		return w, api.InvalidInputs("%sfeature_id: required. What has no feature is the price of the plan.", at)
	}
	w.FeatureID, w.EntityID, w.Unlimited, w.BillingUnits = in.FeatureID, fields.Text(in.EntityID), in.Unlimited, money.One
	if in.Included != nil {
		w.Included = in.Included.Decimal
	}
	if in.Unlimited && w.Included.IsPositive() {
		return w, api.InvalidInputs("%sincluded: the item is unlimited. Send one of them.", at)
	}
	w.UsageLimit = in.UsageLimit.Given()
	w.ResetUsage, w.TaxBehavior = in.ResetUsage != nil && *in.ResetUsage, catalog.TaxBehavior(fields.Text(in.TaxBehavior))
	if in.Proration != nil {
		w.OnIncrease, w.OnDecrease = in.Proration.OnIncrease, in.Proration.OnDecrease
	}
	if in.Reset != nil {
		w.Cycle = cycleOf(in.Reset.Interval, in.Reset.IntervalCount)
	}
	if in.Price == nil {
		return w, nil
	}
	return w, in.Price.add(&w, in.Reset, at)
}

// add gives a price to an item, whose reset must not say another interval.
func (in itemPriceRequest) add(w *catalog.WantedItem, reset *planResetJSON, at string) (err error) {
	cycle := cycleOf(in.Interval, in.IntervalCount)
	model, known := methods[in.Method]
	switch {
	case !known:
		return api.InvalidInputs("%sprice.billing_method: prepaid or usage_based, not %.40q.", at, in.Method)
	case in.Interval == "":
		return api.InvalidInputs("%sprice.interval: required: one_off for what is paid once.", at)
	case in.Method == "":
		return api.InvalidInputs("%sprice.billing_method: required: prepaid or usage_based.", at)
	case reset != nil && reset.Interval != "" && w.Cycle.Plain() != cycle.Plain():
		return api.InvalidInputs("%sreset and price say different intervals, and a feature that is sold comes back when it is paid. Leave reset out.", at)
	case w.UsageLimit != nil && in.MaxPurchase != nil:
		return api.InvalidInputs("%susage_limit and price.max_purchase: send one of them.", at)
	}
	w.Cycle, w.UsageModel, w.Price, w.TierBehavior = cycle, model, in.Amount.Given(), string(in.TierBehavior)
	if in.BillingUnits != nil {
		w.BillingUnits = in.BillingUnits.Decimal
	}
	if in.MaxPurchase != nil {
		if in.MaxPurchase.IsNegative() {
			return api.InvalidInputs("%sprice.max_purchase: at least 0.", at)
		}
		limit := w.Included.Add(in.MaxPurchase.Decimal)
		w.UsageLimit = &limit
	}
	if w.Prices, err = pricesOf(at+"price.", in.Currencies); err != nil {
		return err
	}
	for _, t := range in.Tiers {
		if t.To == nil || t.Amount == nil {
			return api.InvalidInputs("%sprice.tiers: each needs \"to\", a number or \"inf\", and \"amount\".", at)
		}
		tier := catalog.Tier{Amount: t.Amount.Decimal}
		if !t.To.Inf {
			tier.To = &t.To.Decimal
		}
		if tier.Prices, err = pricesOf(at+"price.tiers: ", t.Currencies); err != nil {
			return err
		}
		w.Tiers = append(w.Tiers, tier)
	}
	return nil
}
