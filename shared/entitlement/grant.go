package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// ReplaceGrants returns the balance of one feature after some customer products
// ended and others began. Usage is carried from an ended grant to a new one of
// the same interval, unless the new item resets it (reset_usage_when_enabled)
// and keepUsage does not say otherwise. Carried usage fills the new grants in the
// order in which they are used up. It never takes them below zero, except where
// they may be overdrawn, and never beyond a usage limit; what none of them can
// hold is dropped. What was used beyond an allowance is billed with the end, and
// carried with keepUsage only.
func (b Balance) ReplaceGrants(ended []string, begun []Grant, keepUsage bool, now time.Time) Balance {
	late := func(g Grant) bool { return g.Held && g.From.Before(now) }
	b.Grants = slices.Clip(b.Grants)
	for _, g := range begun {
		if late(g) { // an end was heard of late: what was held goes on as it would have
			b.Grants = append(b.Grants, g)
		}
	}
	begun = slices.DeleteFunc(slices.Clone(begun), late)
	b = b.At(now)
	var kept []Grant
	carried := map[kindOfGrant]money.Decimal{}
	for _, g := range b.Grants {
		if slices.Contains(ended, g.CustomerProductID) {
			used := g.Used
			if !keepUsage {
				used = used.Sub(g.Overdrawn()) // it is billed with the end
			}
			carried[g.kind()] = carried[g.kind()].Add(used)
			continue
		}
		kept = append(kept, g)
	}
	sortGrants(begun)
	for _, g := range begun {
		if i := slices.IndexFunc(kept, func(k Grant) bool { return k.ID == g.ID }); i >= 0 {
			kept[i].Prepaid, kept[i].Included = kept[i].Prepaid.Add(g.Prepaid), kept[i].Included.Add(g.Included)
			continue // bought again: it adds to the same entry
		}
		if used, ok := carried[g.kind()]; ok && (keepUsage || !g.ResetUsage) && !g.Unlimited && !g.Boolean {
			if available, unlimited := g.available(); !unlimited {
				used = money.Min(used, available)
			}
			g.Used = used
			carried[g.kind()] = carried[g.kind()].Sub(used)
		}
		kept = append(kept, g)
	}
	sortGrants(kept)
	b.Grants = kept
	return b
}

// kindOfGrant is what two grants have in common of which one takes over what was used of
// the other.
type kindOfGrant struct {
	cycle     money.Cycle
	perEntity string
}

func (g Grant) kind() kindOfGrant { return kindOfGrant{g.Cycle, g.PerEntity} }
