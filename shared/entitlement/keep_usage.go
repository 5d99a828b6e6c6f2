package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// KeepUsage prepares grants for the same product to go on with other items.
// It returns the new grants, which take over what was used, whatever reset_usage_when_enabled
// says (ReplaceGrants has how much), what was given by hand, and the day of the next reset.
func (b Balance) KeepUsage(over []string, begun []Grant, now time.Time) []Grant {
	begun = slices.Clone(begun)
	sortGrants(begun)
	for _, old := range b.At(now).Grants {
		if !slices.Contains(over, old.CustomerProductID) {
			continue
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
	return begun
}
