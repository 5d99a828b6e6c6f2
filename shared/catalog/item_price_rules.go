package catalog

import (
	"slices"
	"strings"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

const (
	maxTiers = 50
	// fineDecimals is how many decimals, in major units, a price per unit of
	// usage may have. Stripe's unit_amount_decimal takes 12 of the minor unit.
	fineDecimals = 10
)

// longestCycle is the most of each interval between two payments: 3 years.
//
// Source: https://docs.stripe.com/api/prices/create, recurring.interval_count
var longestCycle = map[money.Interval]int{money.Week: 156, money.Month: 36, money.Quarter: 12, money.SemiAnnual: 6, money.Year: 3}

var (
	increaseRules = []string{"", "bill_immediately", "prorate_immediately", "prorate_next_cycle", "bill_next_cycle"}
	decreaseRules = []string{"", "prorate", "prorate_immediately", "prorate_next_cycle", "none", "no_prorations"}
)

// plainPrice is an item that only costs: a base price or a fee paid once.
func (i Item) plainPrice(currency money.Currency) (Item, error) {
	switch {
	case i.Price == nil:
		return Item{}, refusal.Invalid(ReasonTiersWithoutFeature)
	case i.Included.IsPositive() || i.Unlimited || i.UsageLimit != nil || i.UsageModel != "":
		return Item{}, refusal.Invalid(ReasonAllowanceWithoutFeature)
	case !i.BillingUnits.Equal(money.One):
		return Item{}, refusal.Invalid(ReasonPackWithoutFeature)
	case i.ResetUsage:
		return Item{}, refusal.Invalid(ReasonResetWithoutFeature)
	case i.OnIncrease != "" || i.OnDecrease != "":
		return Item{}, refusal.Invalid(ReasonSeatRulesWithoutFeature)
	case !i.Price.IsPositive():
		return Item{}, refusal.Invalid(ReasonPlainPriceNotPositive)
	}
	if err := checkAmount(refusal.FieldPrice, *i.Price, currency, currency.Decimals()); err != nil {
		return Item{}, err
	}
	if err := i.Prices.check(currency, money.Currency.Decimals); err != nil {
		return Item{}, err
	}
	if err := i.checkPositive(); err != nil {
		return Item{}, err
	}
	return i, checkPaid(i.Cycle)
}

// check checks what a price is in other currencies than its own: each is one that Stripe
// charges in, and no price is nothing.
func (p Prices) check(own money.Currency, decimals func(money.Currency) int32) error {
	for _, c := range p.currencies() {
		switch {
		case !c.Known():
			return refusal.Invalid(ReasonPricesCurrency, c)
		case c == own:
			return refusal.Invalid(ReasonPricesOfOwnCurrency, own)
		case p[c].IsNegative():
			return refusal.Invalid(ReasonPricesNegative, c)
		}
		if err := checkAmount(refusal.FieldPrices, p[c], c, decimals(c)); err != nil {
			return err
		}
	}
	return nil
}

func fine(money.Currency) int32 { return fineDecimals }

// checkPositive: what costs something costs something in every currency.
func (i Item) checkPositive() error {
	for _, c := range i.Currencies() {
		if in, _ := i.In(c); !in.Priced() {
			return refusal.Invalid(ReasonPricesNotPositive, c)
		}
	}
	return nil
}

// pricedFeature is an item that sells a feature, by the pack or by its use.
func (i Item) pricedFeature(currency money.Currency) (Item, error) {
	if i.UsageModel == "" {
		i.UsageModel = PayPerUse
	}
	switch {
	case i.Unlimited:
		return Item{}, refusal.Invalid(ReasonPriceOfUnlimited)
	case i.UsageModel != Prepaid && i.UsageModel != PayPerUse:
		return Item{}, refusal.Invalid(ReasonUsageModelUnknown)
	case i.UsageModel == PayPerUse && !i.Cycle.Repeats():
		return Item{}, refusal.Invalid(ReasonPayPerUseWithoutInterval)
	case !i.BillingUnits.IsPositive() || !i.BillingUnits.IsInteger() || i.BillingUnits.GreaterThan(maxPack):
		return Item{}, refusal.Invalid(ReasonPackSize, maxPack)
	case !slices.Contains(increaseRules, i.OnIncrease):
		return Item{}, refusal.Invalid(ReasonIncreaseRuleUnknown, strings.Join(increaseRules[1:], ", "))
	case !slices.Contains(decreaseRules, i.OnDecrease):
		return Item{}, refusal.Invalid(ReasonDecreaseRuleUnknown, strings.Join(decreaseRules[1:], ", "))
	}
	if err := i.checkPrice(currency); err != nil {
		return Item{}, err
	}
	if err := i.checkPositive(); err != nil {
		return Item{}, err
	}
	return i, checkPaid(i.Cycle)
}

// maxPack keeps a number of packs, and units made of packs, countable.
var maxPack = money.Int(1_000_000_000_000)

func (i Item) checkPrice(currency money.Currency) error {
	if i.Price == nil {
		return i.checkTiers(currency)
	}
	if !i.Price.IsPositive() {
		return refusal.Invalid(ReasonFeaturePriceNotPositive)
	}
	if err := checkAmount(refusal.FieldPrice, *i.Price, currency, fineDecimals); err != nil {
		return err
	}
	return i.Prices.check(currency, fine)
}

// checkTiers: each tier ends above the one before, the last has no end, all have the same
// currencies, and something costs something.
func (i Item) checkTiers(currency money.Currency) error {
	if len(i.Tiers) > maxTiers {
		return refusal.Invalid(ReasonTiersTooMany, maxTiers)
	}
	from := money.Zero
	for n, t := range i.Tiers {
		last := n == len(i.Tiers)-1
		switch {
		case t.Amount.IsNegative():
			return refusal.Invalid(ReasonTierAmountNegative, n)
		case last && t.To != nil:
			return refusal.Invalid(ReasonLastTierEnds)
		case !last && t.To == nil:
			return refusal.Invalid(ReasonTierWithoutEnd)
		case !last && !t.To.GreaterThan(from):
			return refusal.Invalid(ReasonTierNotAbove, n, from)
		case !last && i.UsageModel == Prepaid && !t.To.Mod(i.BillingUnits).IsZero():
			return refusal.Invalid(ReasonTierCutsAPack, n, t.To, i.BillingUnits)
		case !slices.Equal(t.Prices.currencies(), i.Currencies()):
			return refusal.Invalid(ReasonTierCurrencies, n)
		}
		if err := checkAmount(refusal.FieldTierAmount, t.Amount, currency, fineDecimals); err != nil {
			return err
		}
		if err := t.Prices.check(currency, fine); err != nil {
			return err
		}
		if !last {
			from = *t.To
		}
	}
	if !slices.ContainsFunc(i.Tiers, func(t Tier) bool { return t.Amount.IsPositive() }) {
		return refusal.Invalid(ReasonTiersCostNothing)
	}
	return nil
}

func checkAmount(field refusal.Field, amount money.Decimal, c money.Currency, decimals int32) error {
	switch {
	case amount.GreaterThan(c.Largest()):
		return refusal.Invalid(ReasonAmountTooLarge, field, c.Largest())
	case !amount.Equal(amount.Truncate(decimals)):
		return refusal.Invalid(ReasonAmountTooFine, field, amount, decimals)
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
		return refusal.Invalid(ReasonIntervalOfAPrice, c.Interval)
	case c.Count < 1 || c.Count > most:
		return refusal.Invalid(ReasonIntervalCountOfAPrice, most, c.Interval)
	}
	return nil
}
