package catalog

import (
	"maps"
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// MaxLines is how many prices that repeat, and how many that do not, fit one
// checkout page and one subscription.
//
// Source: https://docs.stripe.com/api/checkout/sessions/create, line_items
const MaxLines = 20

// checkProduct checks what belongs to the product and to no item alone.
func checkProduct(p Product) error {
	for _, problem := range []*refusal.Phrase{textProblem(refusal.FieldName, p.Name), textProblem(refusal.FieldGroup, p.Group), longTextProblem(refusal.FieldDescription, p.Text)} {
		if problem != nil {
			return refusal.Invalid(ReasonProductText, problem)
		}
	}
	if len(p.Metadata) > maxProductMetadata {
		return refusal.Invalid(ReasonProductMetadata, maxProductMetadata, len(p.Metadata))
	}
	if p.Trial != nil {
		if err := CheckTrial(p); err != nil {
			return err
		}
	}
	switch {
	case !p.Default:
		return nil
	case p.AddOn:
		return refusal.Invalid(ReasonDefaultAddOn, p.ID)
	case !p.BeginsUnpaid():
		return refusal.Invalid(ReasonDefaultNotFree, p.ID)
	}
	return nil
}

// BeginsUnpaid reports whether a new customer can begin with the product: it costs nothing,
// or has a trial that needs no card.
func (p Product) BeginsUnpaid() bool { return p.Free() || p.Trial != nil && !p.Trial.CardRequired }

// longestTrial is the longest trial Stripe takes, two years, by duration.
//
// Source: https://docs.stripe.com/api/checkout/sessions/create, trial_period_days
var longestTrial = map[money.Interval]int{money.Day: 730, money.Month: 24, money.Year: 2}

func CheckTrial(p Product) error {
	most, ok := longestTrial[p.Trial.Duration]
	switch {
	case !ok:
		return refusal.Invalid(ReasonTrialDuration)
	case p.Trial.Length < 1 || p.Trial.Length > most:
		return refusal.Invalid(ReasonTrialLength, most, p.Trial.Duration)
	case p.OneOff():
		return refusal.Invalid(ReasonTrialOfAOneOff, p.ID)
	}
	return nil
}

func sameTrial(a, b *FreeTrial) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// checkTogether checks what no item shows alone. Prices are in the currency, and in the
// same others: one that a product has in a part of its prices could never be used.
func checkTogether(items []Item, currency money.Currency) error {
	if err := checkCurrencies(items, currency); err != nil {
		return err
	}
	lines := map[bool]int{}
	for _, i := range items {
		if !i.Priced() {
			continue
		}
		if lines[i.Cycle.Repeats()]++; lines[i.Cycle.Repeats()] > MaxLines {
			return refusal.Invalid(ReasonPricesTooMany, MaxLines, MaxLines)
		}
	}
	if err := checkIntervals(items); err != nil {
		return err
	}
	for n, i := range items {
		for _, other := range items[:n] {
			if err := i.checkBeside(other); err != nil {
				return atItem(n, err)
			}
		}
	}
	return nil
}

func checkCurrencies(items []Item, currency money.Currency) error {
	var sold *Item
	charges := map[money.Currency]money.Decimal{}
	for n, i := range items {
		if !i.Priced() {
			continue
		}
		if sold != nil && !slices.Equal(i.Currencies(), sold.Currencies()) {
			return atItem(n, refusal.Invalid(ReasonPricesUneven))
		}
		if sold = &items[n]; i.Kind() != PlainPrice {
			continue
		}
		charges[currency] = charges[currency].Add(*i.Price)
		for c, price := range i.Prices {
			charges[c] = charges[c].Add(price)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(charges)) {
		if charges[c].GreaterThan(c.Largest()) {
			return refusal.Invalid(ReasonPricesTooLarge, c.Largest()) // no customer could buy it
		}
	}
	return nil
}

// checkIntervals: what is paid in advance shares one interval, that of the
// subscription. Use and seats may be billed in a shorter one that divides it.
func checkIntervals(items []Item) error {
	cycle := Product{Items: items}.BillingCycle()
	for n, i := range items {
		switch {
		case !i.Priced() || !i.Cycle.Repeats():
		case i.InAdvance() && i.Cycle != cycle:
			return refusal.Invalid(ReasonTwoIntervals, cycle, i.Cycle)
		case !i.Cycle.Divides(cycle):
			return atItem(n, refusal.Invalid(ReasonIntervalDoesNotDivide, i.Cycle, cycle))
		}
	}
	return nil
}

// checkBeside refuses two items of one feature that can't be told apart.
func (i Item) checkBeside(o Item) error {
	switch {
	case i.FeatureID == "" || i.FeatureID != o.FeatureID || i.EntityID != o.EntityID:
		return nil
	case i.Priced() && !i.Cycle.Repeats() || o.Priced() && !o.Cycle.Repeats():
		return refusal.Invalid(ReasonFeatureSoldForGood, i.FeatureID)
	case i.Cycle != o.Cycle:
		return nil
	case i.Priced() && o.Priced() && i.UsageModel != o.UsageModel:
		return nil
	}
	return refusal.Invalid(ReasonFeatureTwicePerInterval, i.FeatureID)
}
