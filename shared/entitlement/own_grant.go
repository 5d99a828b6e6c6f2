package entitlement

import (
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// Own grants belong to no product: a company gives them to one customer. They are used
// up in the order of all grants, come back and end by their own dates, and stay when
// products change.

// MaxOwnGrants is how many of them one balance has at most: each is kept in its row.
const MaxOwnGrants = 50

// ownPrefix begins the id of an own grant: the customer product in front of it is none.
const ownPrefix = "/"

// Own reports whether the grant belongs to no product.
func (g Grant) Own() bool { return strings.HasPrefix(g.ID, ownPrefix) }

// BalanceID is the id by which calls name the grant.
func (g Grant) BalanceID() string { return strings.TrimPrefix(g.ID, ownPrefix) }

// A NewGrant asks for a grant that belongs to no product.
type NewGrant struct {
	ID        string // unique in the balance
	Included  money.Decimal
	Unlimited bool
	Cycle     money.Cycle // zero never comes back
	ResetsAt  time.Time   // the first reset; zero is a turn from now
	Until     time.Time   // zero is open
}

// DecideNewGrant adds an own grant to a balance. The errors are invalid_inputs and
// a conflict with one that has the id.
func DecideNewGrant(f catalog.Feature, b Balance, n NewGrant, now time.Time) (Balance, error) {
	b = b.At(now)
	metered, resets := f.Type != catalog.Boolean, n.Cycle.Repeats() || !n.ResetsAt.IsZero()
	switch own := b.owned(); {
	case !metered && (n.Unlimited || !n.Included.IsZero() || resets):
		return b, refusal.Invalid(ReasonGrantOfFlag, f.ID)
	case metered && !n.Unlimited && !n.Included.IsPositive():
		return b, refusal.Invalid(ReasonGrantOfNothing)
	case n.Unlimited && (resets || !n.Included.IsZero()):
		return b, refusal.Invalid(ReasonGrantUnlimited)
	case f.Type == catalog.ContinuousUse && (resets || !n.Until.IsZero()):
		return b, refusal.Invalid(ReasonGrantContinuous, f.ID)
	case !n.Until.IsZero() && !n.Until.After(now):
		return b, refusal.Invalid(ReasonGrantOver)
	case !n.ResetsAt.IsZero() && !n.Cycle.Repeats():
		return b, refusal.Invalid(ReasonGrantWithoutReset)
	case !n.ResetsAt.IsZero() && (!n.ResetsAt.After(now) || !n.Until.IsZero() && !n.ResetsAt.Before(n.Until)):
		return b, refusal.Invalid(ReasonGrantResetDate)
	case len(own) >= MaxOwnGrants:
		return b, refusal.Conflict(ReasonTooManyGrants, f.ID, MaxOwnGrants)
	case slices.ContainsFunc(own, func(i int) bool { return b.Grants[i].ID == ownPrefix+n.ID }):
		return b, refusal.Conflict(ReasonGrantExists, n.ID, f.ID)
	}
	g := Grant{ID: ownPrefix + n.ID, Since: now, From: now, Anchor: now, Until: n.Until, Included: n.Included, Unlimited: n.Unlimited,
		Boolean: !metered, Cycle: n.Cycle.Plain(), Held: f.Type == catalog.ContinuousUse}
	g.ResetsAt = g.Cycle.Next(now, now)
	if !n.ResetsAt.IsZero() {
		g.Anchor, g.ResetsAt = n.ResetsAt, n.ResetsAt
	}
	b.FeatureID, b.Grants = f.ID, append(slices.Clone(b.Grants), g)
	sortGrants(b.Grants)
	return b, nil
}

// owned lists the indexes of the own grants.
func (b Balance) owned() (own []int) {
	for i := range b.Grants {
		if b.Grants[i].Own() {
			own = append(own, i)
		}
	}
	return own
}

// ownGrant finds the own grant of an id; "" is the only one.
func (b Balance) ownGrant(id string) (int, error) {
	own := b.owned()
	if id == "" && len(own) > 1 {
		return -1, refusal.Invalid(ReasonGrantAmbiguous, b.FeatureID)
	}
	for _, i := range own {
		if id == "" || b.Grants[i].BalanceID() == id {
			return i, nil
		}
	}
	for i := range b.Grants {
		if id == "" || b.Grants[i].ID == id {
			return -1, refusal.Invalid(ReasonGrantOfProduct, b.Grants[i].ProductID, b.FeatureID)
		}
	}
	return -1, refusal.NotFound(ReasonGrantUnknown, id, b.FeatureID)
}

// DecideDeleteGrant takes an own grant off a balance, with what is left of it; id "" is
// the only one. What is reserved of it still counts where it was taken.
func DecideDeleteGrant(f catalog.Feature, b Balance, id string, now time.Time) (Balance, error) {
	b = b.At(now)
	b.FeatureID = f.ID
	i, err := b.ownGrant(id)
	if err != nil {
		return b, err
	}
	g := b.Grants[i]
	if f.Type == catalog.ContinuousUse && g.Used.IsPositive() {
		return b, refusal.Conflict(ReasonGrantHeld, g.Used, g.BalanceID(), f.ID)
	}
	b.Grants = slices.Delete(slices.Clone(b.Grants), i, i+1)
	return b.leave(g, now, g.Reserved), nil
}

// A GrantUpdate changes an own grant; nil leaves a part as it is.
type GrantUpdate struct {
	ID       string // "" is the only one
	Included *money.Decimal
	ResetsAt *time.Time // the next reset; later ones follow from it
	Until    *time.Time
}

// DecideGrantUpdate returns the balance with another allowance, or other dates, of an own
// grant. What was used stays used, and what was given by hand before is replaced.
func DecideGrantUpdate(f catalog.Feature, b Balance, u GrantUpdate, now time.Time) (Balance, error) {
	b = b.At(now)
	b.FeatureID = f.ID
	i, err := b.ownGrant(u.ID)
	if err != nil {
		return b, err
	}
	g := b.Grants[i]
	if u.Included != nil {
		switch {
		case g.Unlimited:
			return b, refusal.Invalid(ReasonBalanceUnlimited, f.ID)
		case g.Boolean:
			return b, refusal.ErrNotMetered(f.ID)
		case u.Included.IsNegative():
			return b, refusal.Invalid(ReasonGrantOfNothing)
		}
		g.Included, g.Extra = *u.Included, money.Zero
	}
	if u.Until != nil {
		if g.Until = *u.Until; !g.Until.After(now) {
			return b, refusal.Invalid(ReasonGrantOver)
		}
		if g.Held {
			return b, refusal.Invalid(ReasonGrantContinuous, f.ID)
		}
	}
	if u.ResetsAt != nil {
		switch {
		case g.ResetsAt.IsZero():
			return b, refusal.Invalid(ReasonGrantNoReset, g.BalanceID())
		case !u.ResetsAt.After(now), !g.Until.IsZero() && !u.ResetsAt.Before(g.Until):
			return b, refusal.Invalid(ReasonGrantResetDate)
		}
		g.Anchor, g.ResetsAt = *u.ResetsAt, *u.ResetsAt
	}
	b.Grants = slices.Clone(b.Grants)
	b.Grants[i] = g
	sortGrants(b.Grants)
	return b, nil
}
