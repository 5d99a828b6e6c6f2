package entitlement

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A Gift is what a reward gives of a feature, beside all products.
type Gift struct {
	RewardID string // internal id
	GivenBy  string // what gives it: one side of one redemption
	Boolean  bool
	Held     bool
	catalog.Granted
}

// mostEnding is how many gifts with an end one balance keeps apart. Our choice: each is a
// part of the row that every use reads.
const mostEnding = 50

// lasting is the id of the grant that has all gifts of a reward that are for good.
func (g Gift) lasting() string { return g.RewardID + "/" + g.FeatureID }

// ending is the id of the grant of a gift with an end.
func (g Gift) ending() string { return g.GivenBy + "/" + g.FeatureID }

// Give returns the balance with a gift. Those for good of one reward are one grant; those
// with an end are used up and end each by itself, but for what is beyond mostEnding: that
// joins the one that ends last, which lasts as long as the new one.
func (b Balance) Give(g Gift, now time.Time) Balance {
	grant := Grant{ID: g.lasting(), CustomerProductID: g.RewardID, Since: now, From: now, Included: g.Units(g.Boolean), Boolean: g.Boolean, Held: g.Held}
	if !g.Lasts.Repeats() {
		return b.ReplaceGrants(nil, []Grant{grant}, false, now)
	}
	b = b.At(now)
	grant.ID, grant.CustomerProductID, grant.Until = g.ending(), g.GivenBy, g.Lasts.After(now, 1)
	last, ending := -1, 0
	for i, other := range b.Grants {
		if other.ProductID != "" || other.Until.IsZero() {
			continue
		}
		if ending++; last < 0 || other.Until.After(b.Grants[last].Until) {
			last = i
		}
	}
	if ending < mostEnding {
		return b.ReplaceGrants(nil, []Grant{grant}, false, now)
	}
	b.Grants = slices.Clone(b.Grants)
	joined := &b.Grants[last]
	joined.Included = joined.Included.Add(grant.Included)
	if grant.Until.After(joined.Until) {
		joined.Until = grant.Until
	}
	return b
}

// TakeGift takes back what is unspent of a gift, and reports whether that was anything.
// One that joined another stays.
func (b Balance) TakeGift(g Gift, now time.Time) (Balance, bool) {
	b = b.At(now)
	i := slices.IndexFunc(b.Grants, func(grant Grant) bool { return grant.ID == g.ending() })
	if !g.Lasts.Repeats() {
		i = slices.IndexFunc(b.Grants, func(grant Grant) bool { return grant.ID == g.lasting() })
	}
	if i < 0 {
		return b, false
	}
	grant := b.Grants[i]
	back := money.Max(money.Zero, money.Min(g.Units(g.Boolean), grant.Remaining()))
	grant.Included = grant.Included.Sub(back)
	if b.Grants = slices.Clone(b.Grants); grant.Included.IsZero() && grant.Used.IsZero() {
		b.Grants = slices.Delete(b.Grants, i, i+1)
		return b, back.IsPositive()
	}
	b.Grants[i] = grant
	return b, back.IsPositive()
}
