package catalog

import (
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A WantedItem is an item as it was asked for.
type WantedItem struct {
	Item                     // without ID; BillingUnits is 1 unless said
	Kind         ItemKind    // as its sender takes it; "" is what follows from the rest
	FeatureType  FeatureType // makes the feature when there is none; "" expects it to be there
	TierBehavior string      // "" or graduated
	Rollover     bool        // unused units are to be kept at a reset
	Left         Left        // what its sender says nothing of
	At           string      // where in the request it stands, such as add_items[0]; "" is its number in the list
}

// resets are the intervals at which an allowance may come back.
var resets = []money.Interval{money.Never, money.Minute, money.Hour, money.Day, money.Week, money.Month, money.Quarter, money.SemiAnnual, money.Year}

// maxFeatureCount is the most intervals between two resets. Our choice: far
// beyond any use, and far below where dates overflow.
const maxFeatureCount = 1000

// ruled returns the item as it is stored, or says what is wrong with it. f is
// the feature it names; the zero Feature for a plain price. Its price is in the currency.
func (w WantedItem) ruled(f Feature, currency money.Currency) (Item, error) {
	item := w.Item
	once := !item.Cycle.Repeats()
	if once {
		item.Cycle.Count = 0
	}
	priced := item.HasPrice()
	switch {
	case once && w.Cycle.Count != 0 && w.Cycle.Count != 1:
		return Item{}, refusal.Invalid(ReasonIntervalCountAlone, w.Cycle.Count)
	case w.TierBehavior != "" && w.TierBehavior != "graduated":
		return Item{}, refusal.Invalid(ReasonTierBehavior, w.TierBehavior)
	case w.Rollover:
		return Item{}, refusal.Invalid(ReasonRolloverOfAnItem)
	case item.TaxBehavior != "" && item.TaxBehavior != TaxInclusive && item.TaxBehavior != TaxExclusive:
		return Item{}, refusal.Invalid(ReasonTaxBehaviorUnknown, item.TaxBehavior)
	case item.TaxBehavior != "" && !priced:
		return Item{}, refusal.Invalid(ReasonTaxBehaviorWithoutPrice)
	case item.Price != nil && len(item.Tiers) > 0:
		return Item{}, refusal.Invalid(ReasonPriceAndTiers)
	case item.Price == nil && len(item.Prices) > 0:
		return Item{}, refusal.Invalid(ReasonPricesWithoutPrice, currency)
	case item.FeatureID == "" && !priced:
		return Item{}, refusal.Invalid(ReasonItemEmpty)
	case w.Kind != "" && w.Kind != item.Kind():
		return Item{}, refusal.Invalid(ReasonItemKind, w.Kind, item.Kind())
	case item.FeatureID == "" && w.FeatureType != "":
		return Item{}, refusal.Invalid(ReasonFeatureTypeAlone, w.FeatureType)
	case item.FeatureID == "":
		return item.plainPrice(currency)
	case !w.FeatureType.fits(f.Type):
		return Item{}, refusal.Invalid(ReasonItemFeatureType, f.ID, f.Type, w.FeatureType)
	case f.Type == Boolean:
		return item.switchOn(priced)
	}
	if err := item.checkAllowance(); err != nil {
		return Item{}, err
	}
	if priced {
		return item.pricedFeature(currency)
	}
	return item.feature(f)
}

// fits reports whether items may call a feature by this type. Items know a
// credit system as single use, and boolean as static.
func (t FeatureType) fits(real FeatureType) bool {
	return t == "" || t == real || t == SingleUse && real == CreditSystem || t == AnyMetered && real != Boolean
}

// switchOn is the item of a boolean feature, which carries no numbers. Clients send an
// interval with every item: a switch does not come back at one.
func (i Item) switchOn(priced bool) (Item, error) {
	switch {
	case priced || i.Included.IsPositive() || i.Unlimited || i.UsageLimit != nil || i.UsageModel != "":
		return Item{}, refusal.Invalid(ReasonBooleanItem, i.FeatureID)
	case !slices.Contains(resets, i.Cycle.Interval):
		return Item{}, refusal.Invalid(ReasonIntervalUnknown, i.Cycle.Interval)
	case i.ResetUsage || !i.BillingUnits.Equal(money.One) || i.OnIncrease != "" || i.OnDecrease != "":
		return Item{}, refusal.Invalid(ReasonBooleanItemCounts, i.FeatureID)
	}
	return Item{FeatureID: i.FeatureID, EntityID: i.EntityID, BillingUnits: money.One}, nil
}

// checkAllowance checks what every item of a metered feature may carry.
func (i Item) checkAllowance() error {
	switch {
	case i.Included.IsNegative():
		return refusal.Invalid(ReasonIncludedNegative)
	case i.UsageLimit == nil:
		return nil
	case !i.UsageLimit.IsPositive():
		return refusal.Invalid(ReasonUsageLimitNotPositive)
	case i.Unlimited || i.UsageLimit.LessThan(i.Included):
		return refusal.Invalid(ReasonUsageLimitBelowIncluded)
	}
	return nil
}

// feature is an item that grants a feature and costs nothing.
func (i Item) feature(f Feature) (Item, error) {
	switch {
	case i.UsageModel != "":
		return Item{}, refusal.Invalid(ReasonUsageModelWithoutPrice)
	case !i.BillingUnits.Equal(money.One):
		return Item{}, refusal.Invalid(ReasonPackWithoutPrice)
	case i.OnIncrease != "" || i.OnDecrease != "":
		return Item{}, refusal.Invalid(ReasonSeatRulesWithoutPrice)
	case !slices.Contains(resets, i.Cycle.Interval):
		return Item{}, refusal.Invalid(ReasonIntervalUnknown, i.Cycle.Interval)
	case i.Cycle.Repeats() && (i.Cycle.Count < 1 || i.Cycle.Count > maxFeatureCount):
		return Item{}, refusal.Invalid(ReasonIntervalCount, maxFeatureCount)
	}
	if f.Type == ContinuousUse {
		i.Cycle = money.Cycle{} // what is held does not come back by itself
	}
	return i, nil
}

// SellsLike reports whether the product has an item of the same price.
func (p Product) SellsLike(item Item) bool { return slices.ContainsFunc(p.Items, item.CostsSame) }
