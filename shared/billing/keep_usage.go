package billing

import (
	"slices"
	"time"
)

// continuing lists the grants of a balance whose overage is not reckoned up when
// their holding ends, because the same product begins with the same price for
// it: it is billed in the end of the period, as it would have been.
func (s State) continuing(c *Catalog, t transition, b Balance, over []string) []string {
	if !t.keepUsage {
		return nil
	}
	var ids []string
	for _, g := range b.Grants {
		_, item, sold := s.itemOfGrant(c, g.ID)
		for _, cp := range t.begin {
			if sold && slices.Contains(over, g.CustomerProductID) && c.ProductOf(cp).sellsLike(item) {
				ids = append(ids, g.ID)
			}
		}
	}
	return ids
}

// sellsLike reports whether the product has an item of the same price.
func (p Product) sellsLike(item Item) bool { return slices.ContainsFunc(p.Items, item.costsSame) }

// keepUsage prepares a balance for the same product to go on with other items.
// The new grants take over what was used, whatever reset_usage_when_enabled
// says, what was given by hand, and the day of the next reset. Overage that is
// billed with the end of the old ones is not taken over.
func (b Balance) keepUsage(over []string, begun []Grant, continuing []string, now time.Time) (Balance, []Grant) {
	b = b.At(now)
	b.Grants, begun = slices.Clone(b.Grants), slices.Clone(begun)
	sortGrants(begun)
	for i, old := range b.Grants {
		if !slices.Contains(over, old.CustomerProductID) {
			continue
		}
		if !slices.Contains(continuing, old.ID) {
			b.Grants[i].Used = old.Used.Sub(old.overdrawn())
		}
		extra := old.Extra
		for n := range begun {
			if begun[n].Cycle != old.Cycle || begun[n].Boolean {
				continue
			}
			begun[n].Extra, extra = begun[n].Extra.Add(extra), Zero
			if !old.ResetsAt.IsZero() && !begun[n].ResetsAt.IsZero() {
				begun[n].Anchor, begun[n].ResetsAt = old.Anchor, old.ResetsAt
			}
		}
	}
	return b, begun
}
