package v2

import (
	"slices"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// oneOff is the interval of what is paid or granted once.
const oneOff = "one_off"

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
	Flat     *fields.Unset  `json:"flat_amount,omitempty"`
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

type resetRequest struct {
	Interval      api.OrNull `json:"interval"`
	IntervalCount *int       `json:"interval_count,omitempty"`
}

type prorationJSON struct {
	OnIncrease string `json:"on_increase,omitempty"`
	OnDecrease string `json:"on_decrease,omitempty"`
}

type planTierJSON struct {
	To         *api.OrInf    `json:"to"`
	Amount     *api.Number   `json:"amount"`
	Currencies []amountIn    `json:"additional_currencies,omitempty"`
	Flat       *fields.Unset `json:"flat_amount,omitempty"`
}

// planItemRequest is a feature of a plan to be.
type planItemRequest struct {
	FeatureID string            `json:"feature_id"`
	Included  *api.Number       `json:"included"`
	Unlimited bool              `json:"unlimited"`
	Reset     *resetRequest     `json:"reset"`
	Price     *itemPriceRequest `json:"price"`
	Proration *prorationJSON    `json:"proration"`
	EntityID  api.OrNull        `json:"entity_feature_id"`

	UsageLimit  *api.Number `json:"usage_limit"`
	ResetUsage  *bool       `json:"reset_usage_when_enabled"`
	TaxBehavior *string     `json:"tax_behavior"`

	Pooled    fields.Unset   `json:"pooled"`
	Rollover  fields.Unset   `json:"rollover"`
	Expiry    fields.Unset   `json:"expiry"`
	Override  fields.Unset   `json:"feature_override"`
	Threshold fields.Unset   `json:"threshold_billing"`
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
	w := catalog.WantedItem{}
	if in.FeatureID == "" {
		return w, api.InvalidInputs("%sfeature_id: required. What has no feature is the price of the plan.", at)
	}
	w.FeatureID, w.EntityID, w.Unlimited, w.BillingUnits = in.FeatureID, string(in.EntityID), in.Unlimited, money.One
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
func (in itemPriceRequest) add(w *catalog.WantedItem, reset *resetRequest, at string) (err error) {
	cycle := cycleOf(in.Interval, in.IntervalCount)
	model, known := methods[in.Method]
	switch {
	case !known:
		return api.InvalidInputs("%sprice.billing_method: prepaid or usage_based, not %.40q.", at, in.Method)
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
	if len(w.Tiers) > 0 && w.Price != nil && slices.Contains([]string{"", "graduated"}, w.TierBehavior) && w.Price.IsZero() {
		w.Price = nil // some clients send 0 beside tiers
	}
	return nil
}
