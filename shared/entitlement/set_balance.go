package entitlement

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// SetUsage returns the use that brings the usage of a feature to a value, such
// as the number of seats that are held now. b is the feature's own balance. What is
// reserved is no part of it: that is used once it is confirmed.
// The errors are invalid_inputs and invalid_request.
func SetUsage(f catalog.Feature, b Balance, value money.Decimal, now time.Time) (UsageRequest, error) {
	b = b.At(now)
	if value.IsNegative() {
		return UsageRequest{}, refusal.Invalid(ReasonUsageNegative)
	}
	if err := countable(f, b, now); err != nil {
		return UsageRequest{}, err
	}
	return UsageRequest{Feature: f, Funding: []catalog.Source{{FeatureID: f.ID, Cost: money.One, Shards: f.WriteShards}}, Value: value.Sub(b.used(now)), Now: now}, nil
}

// used is what was used of the open grants. b must have come from At.
func (b Balance) used(now time.Time) money.Decimal {
	total := money.Zero
	for _, i := range b.OpenGrants(now) {
		total = money.Plus(total, b.Grants[i].Used)
	}
	return total
}

func countable(f catalog.Feature, b Balance, now time.Time) error {
	if !f.Metered() {
		return refusal.ErrNotMetered(f.ID)
	}
	if !b.Has(now) {
		return refusal.Invalid(ReasonNoBalance, f.ID)
	}
	return nil
}

// A SetBalance asks to bring what is left of a feature to an amount, or to
// make it unlimited.
type SetBalance struct {
	_ [0]func() // never compared: see catalog.RunningDiscount

	FeatureID string
	EntityID  string // whose balance it is; "" is the customer's own
	Left      money.Decimal
	Unlimited bool
	Cycle     *money.Cycle // only the part that resets like this; nil is all of it
	GrantID   string       // only this part; "" is all of it
	Add       bool         // Left is added to what is left, or taken off
}

// Overlaps reports whether two of them would set the same units.
func (s SetBalance) Overlaps(o SetBalance) bool {
	return s.FeatureID == o.FeatureID && s.EntityID == o.EntityID && (s.Cycle == nil || o.Cycle == nil || s.Cycle.Plain() == o.Cycle.Plain())
}

// DecideSetBalance returns the balance as it is to be. What was used stays
// used: what was granted changes, until the next reset grants it afresh. More
// goes to the part that is used up first; less is taken from there, too. The
// errors are invalid_inputs and invalid_request.
func DecideSetBalance(f catalog.Feature, b Balance, set SetBalance, now time.Time) (Balance, error) {
	b = b.At(now)
	if set.Left.IsNegative() && !set.Add {
		return b, refusal.Invalid(ReasonBalanceNegative)
	}
	if err := countable(f, b, now); err != nil {
		return b, err
	}
	var parts []int
	left := money.Zero
	for _, i := range b.OpenGrants(now) {
		g := b.Grants[i]
		if set.Cycle != nil && g.Cycle.Plain() != set.Cycle.Plain() || set.GrantID != "" && set.GrantID != g.BalanceID() {
			continue
		}
		if g.Unlimited {
			return b, refusal.Invalid(ReasonBalanceUnlimited, f.ID)
		}
		parts, left = append(parts, i), left.Add(g.Remaining())
	}
	if len(parts) == 0 && set.GrantID != "" {
		return b, refusal.NotFound(ReasonNoGrantOfID, f.ID, set.GrantID)
	}
	if len(parts) == 0 {
		return b, refusal.Invalid(ReasonNoBalanceOfInterval, f.ID)
	}
	b.Grants = slices.Clone(b.Grants)
	if set.Unlimited {
		g := &b.Grants[parts[0]]
		g.Unlimited, g.ResetsAt = true, time.Time{}
		sortGrants(b.Grants)
		return b, nil
	}
	more := set.Left.Sub(left)
	if set.Add {
		if more = set.Left; more.IsNegative() && left.Add(more).IsNegative() {
			return b, refusal.Invalid(ReasonBalanceNegative)
		}
	}
	b.give(parts, more)
	return b, nil
}

// give grants more to the first of the parts, or takes from each in turn what
// it has left. Only what is overdrawn can be left over then; the first part
// makes good for it.
func (b Balance) give(parts []int, more money.Decimal) {
	for _, i := range parts {
		if !more.IsNegative() {
			break
		}
		less := money.Min(more.Neg(), money.Max(money.Zero, b.Grants[i].Remaining()))
		b.Grants[i].Extra = b.Grants[i].Extra.Sub(less)
		more = more.Add(less)
	}
	first := &b.Grants[parts[0]]
	first.Extra = first.Extra.Add(more)
}
