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
