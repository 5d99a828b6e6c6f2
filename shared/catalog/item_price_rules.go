package catalog

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

const (
	maxTiers = 50
	// fineDecimals is how many decimals, in major units, a price per unit of
	// usage may have. Stripe's unit_amount_decimal takes 12 of the minor unit.
	fineDecimals = 10
)

// MaxPrice is the largest amount Stripe charges, in major units.
//
// Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
var MaxPrice = decimal.New(99_999_999, -2)

// longestCycle is the most of each interval between two payments: 3 years.
//
// Source: https://docs.stripe.com/api/prices/create, recurring.interval_count
var longestCycle = map[money.Interval]int{money.Week: 156, money.Month: 36, money.Quarter: 12, money.SemiAnnual: 6, money.Year: 3}

var (
	increaseRules = []string{"", "bill_immediately", "prorate_immediately", "prorate_next_cycle", "bill_next_cycle"}
	decreaseRules = []string{"", "prorate", "prorate_immediately", "prorate_next_cycle", "none", "no_prorations"}
)

// plainPrice is an item that only costs: a base price or a fee paid once.
func (i Item) plainPrice() (Item, error) {
	switch {
	case i.Price == nil:
		return Item{}, badItem("tiers price the use of a feature, and this item names none. Give a feature_id or a price.")
	case i.Included.IsPositive() || i.Unlimited || i.UsageLimit != nil || i.UsageModel != "" || i.EntityID != "":
		return Item{}, badItem("this item has a price and no feature_id, so included_usage, usage_model, usage_limit and entity_feature_id mean nothing.")
	case !i.BillingUnits.Equal(money.One):
		return Item{}, badItem("billing_units belong to the price of a feature, and this item names none.")
	case i.OnIncrease != "" || i.OnDecrease != "":
		return Item{}, badItem("config.on_increase and on_decrease belong to the price of a feature, and this item names none.")
	case !i.Price.IsPositive():
		return Item{}, badItem("price must be above 0. A product without prices is free.")
	}
	i.ResetUsage = false
	if err := checkAmount("price", *i.Price, money.DefaultCurrency.Exponent()); err != nil {
		return Item{}, err
	}
	return i, checkPaid(i.Cycle)
}

// pricedFeature is an item that sells a feature, by the pack or by its use.
func (i Item) pricedFeature() (Item, error) {
	if i.UsageModel == "" {
		i.UsageModel = PayPerUse
	}
	switch {
	case i.Unlimited:
		return Item{}, badItem("included_usage is \"inf\", so there is nothing left to sell. Drop the price or give a number.")
	case i.UsageModel != Prepaid && i.UsageModel != PayPerUse:
		return Item{}, badItem("usage_model must be prepaid or pay_per_use.")
	case i.UsageModel == PayPerUse && !i.Cycle.Repeats():
		return Item{}, badItem("pay_per_use is billed at the end of each interval, so it needs one. To sell units once, use prepaid.")
	case !i.BillingUnits.IsPositive() || !i.BillingUnits.IsInteger() || i.BillingUnits.GreaterThan(maxPack):
		return Item{}, badItem("billing_units must be a whole number from 1 to %s.", maxPack)
	case !slices.Contains(increaseRules, i.OnIncrease):
		return Item{}, badItem("config.on_increase must be one of %s.", strings.Join(increaseRules[1:], ", "))
	case !slices.Contains(decreaseRules, i.OnDecrease):
		return Item{}, badItem("config.on_decrease must be one of %s.", strings.Join(decreaseRules[1:], ", "))
	}
	if err := i.checkPrice(); err != nil {
		return Item{}, err
	}
	return i, checkPaid(i.Cycle)
}

// maxPack keeps a number of packs, and units made of packs, countable.
var maxPack = money.Int(1_000_000_000_000)

func (i Item) checkPrice() error {
	if i.Price != nil {
		if !i.Price.IsPositive() {
			return badItem("price must be above 0. Leave it out where the feature is free.")
		}
		return checkAmount("price", *i.Price, fineDecimals)
	}
	return i.checkTiers()
}

// checkTiers: each tier ends above the one before, the last has no end, and
// something costs something.
func (i Item) checkTiers() error {
	if len(i.Tiers) > maxTiers {
		return badItem("at most %d tiers.", maxTiers)
	}
	from := money.Zero
	for n, t := range i.Tiers {
		last := n == len(i.Tiers)-1
		switch {
		case t.Amount.IsNegative():
			return badItem("tiers[%d].amount can't be below 0.", n)
		case last && t.To != nil:
			return badItem("the last tier must have \"to\": \"inf\", so that every quantity has a price.")
		case !last && t.To == nil:
			return badItem("only the last tier may have \"to\": \"inf\".")
		case !last && !t.To.GreaterThan(from):
			return badItem("tiers[%d].to must be above %s: tiers start where the one before ends.", n, from)
		case !last && i.UsageModel == Prepaid && !t.To.Mod(i.BillingUnits).IsZero():
			return badItem("tiers[%d].to is %s, which is no whole number of packs of %s units. Prepaid units are sold in packs, and Stripe counts packs.", n, t.To, i.BillingUnits)
		}
		if err := checkAmount("a tier's amount", t.Amount, fineDecimals); err != nil {
			return err
		}
		if !last {
			from = *t.To
		}
	}
	if !slices.ContainsFunc(i.Tiers, func(t Tier) bool { return t.Amount.IsPositive() }) {
		return badItem("at least one tier must cost something.")
	}
	return nil
}

func checkAmount(what string, amount money.Decimal, decimals int32) error {
	switch {
	case amount.GreaterThan(MaxPrice):
		return badItem("%s can't be above %s.", what, MaxPrice)
	case !amount.Equal(amount.Truncate(decimals)):
		return badItem("%s is %s, which is finer than %d decimals.", what, amount, decimals)
	}
	return nil
}

// checkPaid checks the interval of a price; a price without one is paid once.
func checkPaid(c money.Cycle) error {
	most, ok := longestCycle[c.Interval]
	switch {
	case !c.Repeats():
		return nil
	case !ok:
		return refusal.InvalidInputs("%q can't be the interval of a price. Use week, month, quarter, semi_annual, year, or null for a price paid once.", c.Interval)
	case c.Count < 1 || c.Count > most:
		return refusal.InvalidInputs("interval_count must be from 1 to %d for a price per %s: Stripe bills at least every three years.", most, c.Interval)
	}
	return nil
}
