package catalog

import (
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
	for _, text := range [][2]string{{"name", p.Name}, {"group", p.Group}} {
		if problem := textProblem(text[0], text[1]); problem != "" {
			return refusal.InvalidInputs("%s", problem)
		}
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
		return refusal.InvalidInputs("Product %q can't be both is_default and is_add_on: every new customer gets the default product as their main one.", p.ID)
	case !p.Free() && (p.Trial == nil || p.Trial.CardRequired):
		return refusal.InvalidInputs("Every new customer gets a default product without paying, so %q must be free or have a free_trial with card_required: false.", p.ID)
	}
	return nil
}

// longestTrial is the longest trial Stripe takes, two years, by duration.
//
// Source: https://docs.stripe.com/api/checkout/sessions/create, trial_period_days
var longestTrial = map[money.Interval]int{money.Day: 730, money.Month: 24, money.Year: 2}

func CheckTrial(p Product) error {
	most, ok := longestTrial[p.Trial.Duration]
	switch {
	case !ok:
		return refusal.InvalidInputs("free_trial.duration must be day, month or year.")
	case p.Trial.Length < 1 || p.Trial.Length > most:
		return refusal.InvalidInputs("free_trial.length must be from 1 to %d for a duration of %s.", most, p.Trial.Duration)
	case p.OneOff():
		return refusal.InvalidInputs("Product %q is paid once, so there is nothing a trial could put off. Remove it with free_trial: null.", p.ID)
	}
	return nil
}

func sameTrial(a, b *FreeTrial) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// checkTogether checks what no item shows alone.
func checkTogether(items []Item) error {
	first, lines := money.Cycle{}, map[bool]int{}
	for _, i := range items {
		if !i.Priced() {
			continue
		}
		if lines[i.Cycle.Repeats()]++; lines[i.Cycle.Repeats()] > MaxLines {
			return refusal.InvalidInputs("A product has at most %d prices that repeat and %d that are paid once: no Stripe subscription takes more.", MaxLines, MaxLines)
		}
		if !i.Cycle.Repeats() {
			continue
		}
		if first.Repeats() && i.Cycle != first {
			return refusal.InvalidInputs("One price repeats every %s and another every %s. A product is one subscription, so all its recurring prices share one interval; offer the other as a product of its own, such as an add-on.", first, i.Cycle)
		}
		first = i.Cycle
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

// checkBeside refuses two items of one feature that can't be told apart.
func (i Item) checkBeside(o Item) error {
	switch {
	case i.FeatureID == "" || i.FeatureID != o.FeatureID || i.EntityID != o.EntityID:
		return nil
	case i.Priced() && !i.Cycle.Repeats() || o.Priced() && !o.Cycle.Repeats():
		return refusal.InvalidInputs("feature %q is sold for good by one item, so no other item may grant it.", i.FeatureID)
	case i.Cycle != o.Cycle:
		return nil
	case i.Priced() && o.Priced() && i.UsageModel != o.UsageModel:
		return nil
	}
	return refusal.InvalidInputs("feature %q has two items with the same interval. Only a prepaid and a pay_per_use item may share one.", i.FeatureID)
}
