package entitlement

import (
	"maps"
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
// hold is dropped. Before one of them is overdrawn, what else the balance includes is
// used up. What is reserved goes on in the same grants. What was used beyond an allowance is billed with the end, and
// what was reserved beyond it stays behind, after that in the tiers of the price; both go on with keepUsage for the
// grants whose overage continues.
func (b Balance) ReplaceGrants(ended []string, begun []Grant, keepUsage bool, now time.Time, continuing ...string) Balance {
	late := func(g Grant) bool { return g.Held && g.From.Before(now) }
	b.Grants = slices.Clip(b.Grants)
	for _, g := range begun {
		if late(g) { // an end was heard of late: what was held goes on as it would have
			b.Grants = append(b.Grants, g)
		}
	}
	begun = slices.DeleteFunc(slices.Clone(begun), late)
	b = b.At(now)
	var kept, left []Grant
	var takers []string
	carried := map[kindOfGrant]money.Decimal{}
	for _, g := range b.Grants {
		if slices.Contains(ended, g.CustomerProductID) {
			used := g.Used
			if !keepUsage || !slices.Contains(continuing, g.ID) {
				used = used.Sub(g.Overdrawn()) // it is billed with the end
			}
			carried[g.kind()] = carried[g.kind()].Add(used)
			left = append(left, g)
			continue
		}
		kept = append(kept, g)
	}
	sortGrants(begun)
	held, anew := map[string]money.Decimal{}, map[string]bool{} // by the entities that hold it
	for _, g := range left {
		if g.Held {
			held[g.PerEntity] = held[g.PerEntity].Add(g.Used)
		}
	}
	var filled []string
	for _, g := range begun {
		if i := slices.IndexFunc(kept, func(k Grant) bool { return k.ID == g.ID }); i >= 0 {
			kept[i].Prepaid, kept[i].Included = kept[i].Prepaid.Add(g.Prepaid), kept[i].Included.Add(g.Included)
			continue // bought again: it adds to the same entry
		}
		resets := g.ResetUsage && !keepUsage
		anew[g.PerEntity] = anew[g.PerEntity] || g.Held && resets
		if _, ok := carried[g.kind()]; ok && !resets && (!g.Unlimited || g.Held) && !g.Boolean {
			filled, takers = append(filled, g.ID), append(takers, g.ID)
		}
		kept = append(kept, g)
	}
	sortGrants(kept)
	b.Grants = kept
	for len(filled) > 0 {
		kind := b.Grants[slices.IndexFunc(b.Grants, func(g Grant) bool { return slices.Contains(filled, g.ID) })].kind()
		var into []int
		for i, g := range b.Grants {
			if g.kind() == kind && slices.Contains(filled, g.ID) {
				into = append(into, i)
			}
		}
		if rest := b.fill(into, carried[kind], now); held[kind.perEntity].IsPositive() {
			held[kind.perEntity] = rest
		}
		filled = slices.DeleteFunc(filled, func(id string) bool {
			return slices.ContainsFunc(into, func(i int) bool { return b.Grants[i].ID == id })
		})
	}
	for _, of := range slices.Sorted(maps.Keys(held)) {
		if !anew[of] {
			b.hold(of, held[of], now)
		}
	}
	for _, g := range left {
		if len(g.Reserved) > 0 {
			b = b.moveReservations(g, takers, keepUsage && slices.Contains(continuing, g.ID), now)
		}
	}
	return b
}

// fill has grants that begin take over what was used before. What would go beyond them is
// taken from what other open grants include, as a use would be. It returns what they can't hold.
func (b Balance) fill(into []int, used money.Decimal, now time.Time) money.Decimal {
	all := used
	used = b.take(into, used, Grant.within)
	most, unlimited := money.Zero, false
	for _, i := range into {
		available, endless := b.Grants[i].available()
		most, unlimited = most.Add(available), unlimited || endless
	}
	over := money.Zero
	if !unlimited && used.GreaterThan(most) {
		used, over = most, used.Sub(most)
	}
	if all.IsNegative() {
		over = money.Zero
	}
	return over.Add(b.take(into, b.take(b.OpenGrants(now), used, Grant.within), Grant.available))
}

// kindOfGrant is what two grants have in common of which one takes over what was used of
// the other.
type kindOfGrant struct {
	cycle     money.Cycle
	perEntity string
}

func (g Grant) kind() kindOfGrant { return kindOfGrant{g.Cycle, g.PerEntity} }
