package catalog

import (
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A Granted is what a reward gives of one feature, beside all products.
type Granted struct {
	FeatureID string        `json:"feature_id,omitzero"`
	Included  money.Decimal `json:"included,omitzero"` // units; 0 of a boolean feature
	Lasts     money.Cycle   `json:"lasts,omitzero"`    // from the moment it is given; zero is for good
}

// The largest reward of features. Our choices: both sides of a redemption are saved in one
// transaction, and a date stays one that can be written.
const (
	maxGranted = 10
	maxLasting = 1000
)

// checkGrants refuses a reward of features that can't be given.
func (c *Catalog) checkGrants(r Reward) error {
	switch {
	case len(r.Grants) == 0:
		return refusal.Invalid(ReasonGrantsMissing, FeatureGrant)
	case len(r.Grants) > maxGranted:
		return refusal.Invalid(ReasonGrantsTooMany, maxGranted, len(r.Grants))
	}
	for i, g := range r.Grants {
		f, known := c.Features[g.FeatureID]
		switch {
		case !known:
			return refusal.ErrFeatureNotFound(g.FeatureID)
		case slices.ContainsFunc(r.Grants[:i], func(o Granted) bool { return o.FeatureID == g.FeatureID }):
			return refusal.Invalid(ReasonGrantTwice, g.FeatureID)
		case c.CreditsAlone(f.ID) && !c.Rewards[r.ID].grants(f.ID):
			return refusal.Invalid(ReasonGrantOfWhatCreditsPay, f.ID)
		case f.Type == Boolean && !g.Included.IsZero():
			return refusal.Invalid(ReasonGrantOfASwitch, g.FeatureID)
		case f.Type != Boolean && !g.Included.IsPositive():
			return refusal.Invalid(ReasonGrantNotPositive, g.FeatureID)
		case g.Lasts == money.Cycle{}:
		case f.Type == ContinuousUse:
			return refusal.Invalid(ReasonGrantOfSeatsEnds, g.FeatureID)
		case !slices.Contains([]money.Interval{money.Day, money.Week, money.Month, money.Year}, g.Lasts.Interval) || g.Lasts.Count < 1 || g.Lasts.Count > maxLasting:
			return refusal.Invalid(ReasonGrantLasts, maxLasting)
		}
	}
	return nil
}

// grants reports whether the reward gives something of a feature by itself.
func (r Reward) grants(featureID string) bool {
	return slices.ContainsFunc(r.Grants, func(g Granted) bool { return g.FeatureID == featureID })
}

// Units is what a grant counts for: of a feature that is on or off, one reason to be on.
func (g Granted) Units(boolean bool) money.Decimal {
	if boolean {
		return money.One
	}
	return g.Included
}

// Given is what a reward gives of features at once: by itself, or with its product.
func (c *Catalog) Given(r Reward) []Granted {
	p, err := c.Product(r.FreeProduct)
	if err != nil || r.FreePeriods > 0 {
		return r.Grants
	}
	var out []Granted
	for _, i := range p.Items {
		if i.FeatureID != "" {
			out = append(out, Granted{FeatureID: i.FeatureID, Included: i.Included})
		}
	}
	return out
}
