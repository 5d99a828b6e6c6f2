package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// KeepUsage prepares a balance for the same product to go on with other items.
// The new grants take over what was used, whatever reset_usage_when_enabled
// says, what was given by hand, and the day of the next reset. Overage that is
// billed with the end of the old ones is not taken over.
func (b Balance) KeepUsage(over []string, begun []Grant, continuing []string, now time.Time) (Balance, []Grant) {
	b = b.At(now)
	b.Grants, begun = slices.Clone(b.Grants), slices.Clone(begun)
	sortGrants(begun)
	for i, old := range b.Grants {
		if !slices.Contains(over, old.CustomerProductID) {
			continue
		}
		if !slices.Contains(continuing, old.ID) {
			b.Grants[i].Used = old.Used.Sub(old.Overdrawn())
		}
		extra := old.Extra
		for n := range begun {
			if begun[n].kind() != old.kind() || begun[n].Boolean {
				continue
			}
			begun[n].Extra, extra = begun[n].Extra.Add(extra), money.Zero
			if !old.ResetsAt.IsZero() && !begun[n].ResetsAt.IsZero() {
				begun[n].Anchor, begun[n].ResetsAt = old.Anchor, old.ResetsAt
			}
		}
	}
	return b, begun
}
