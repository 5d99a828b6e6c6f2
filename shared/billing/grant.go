package billing

import (
	"slices"
	"time"
)

// GrantsOf returns what a customer product gives, by feature.
func GrantsOf(cp CustomerProduct, p Product, features map[string]Feature) map[string][]Grant {
	out := map[string][]Grant{}
	for _, item := range p.Items {
		if item.FeatureID == "" {
			continue
		}
		g := Grant{
			ID: cp.ID + "/" + item.ID, CustomerProductID: cp.ID, ProductID: cp.ProductID, AddOn: cp.AddOn,
			Since: cp.StartsAt, From: cp.StartsAt, Until: cp.EndsAt, Suspended: cp.Status == PastDue,
			Boolean: features[item.FeatureID].Type == Boolean, Unlimited: item.Unlimited,
			Included: item.Included, Prepaid: cp.prepaid(item),
			Overage: item.UsageModel == PayPerUse, UsageLimit: item.UsageLimit,
			ResetUsage: item.ResetUsage, Cycle: item.Cycle.Plain(), Anchor: cp.anchor(),
		}
		if features[item.FeatureID].Type == ContinuousUse {
			g.Cycle = Cycle{} // what is held does not come back by itself
			g.Seats = item.InArrears()
		}
		if g.Seats && cp.TrialEnds.IsZero() {
			g.PaidFor = cp.Period
		}
		if g.Cycle.Repeats() && !g.Boolean && !g.Unlimited {
			g.ResetsAt = cp.firstReset(g.Cycle)
		}
		out[item.FeatureID] = append(out[item.FeatureID], g)
	}
	return out
}

// anchor is the moment from which resets are counted: the end of the trial,
// the start of the billing period, or the start of the product.
func (p CustomerProduct) anchor() time.Time {
	switch {
	case !p.TrialEnds.IsZero():
		return p.TrialEnds
	case !p.Period.Start.IsZero():
		return p.Period.Start
	}
	return p.StartsAt
}

// firstReset: a trial's allowance comes back when the trial ends, every other
// one a full cycle after the anchor.
func (p CustomerProduct) firstReset(c Cycle) time.Time {
	if p.TrialEnds.After(p.StartsAt) {
		return p.TrialEnds
	}
	return c.Next(p.anchor(), p.StartsAt)
}

// prepaid is how many units were bought of an item, in whole packs.
func (p CustomerProduct) prepaid(item Item) Decimal {
	if item.UsageModel != Prepaid {
		return Zero
	}
	for _, o := range p.Quantities {
		if o.FeatureID == item.FeatureID {
			return Packs(o.Quantity, item.Pack()).Mul(item.Pack())
		}
	}
	return Zero
}

// Regrant returns the balance of one feature after some customer products
// ended and others began. Usage is carried from an ended grant to a new one of
// the same interval, unless the new item resets it (reset_usage_when_enabled).
// Carried usage fills the new grants in the order in which they are used up. It
// never takes them below zero, except where they may be overdrawn, and never
// beyond a usage limit; what none of them can hold is dropped. What was used
// beyond an allowance is billed with the end, and not carried.
func (b Balance) Regrant(ended []string, begun []Grant, now time.Time) Balance {
	return b.replaceGrants(ended, begun, false, now)
}

// replaceGrants is Regrant; with carry no new item resets the usage.
func (b Balance) replaceGrants(ended []string, begun []Grant, carry bool, now time.Time) Balance {
	b = b.At(now)
	var kept []Grant
	carried := map[Cycle]Decimal{}
	for _, g := range b.Grants {
		if slices.Contains(ended, g.CustomerProductID) {
			used := g.Used
			if !carry {
				used = used.Sub(g.overdrawn()) // it is billed with the end
			}
			carried[g.Cycle] = carried[g.Cycle].Add(used)
			continue
		}
		kept = append(kept, g)
	}
	begun = slices.Clone(begun)
	sortGrants(begun)
	for _, g := range begun {
		if i := slices.IndexFunc(kept, func(k Grant) bool { return k.ID == g.ID }); i >= 0 {
			kept[i].Prepaid, kept[i].Included = kept[i].Prepaid.Add(g.Prepaid), kept[i].Included.Add(g.Included)
			continue // bought again: it adds to the same entry
		}
		if used, ok := carried[g.Cycle]; ok && (carry || !g.ResetUsage) && !g.Unlimited && !g.Boolean {
			if available, unlimited := g.available(); !unlimited {
				used = minOf(used, available)
			}
			g.Used = used
			carried[g.Cycle] = carried[g.Cycle].Sub(used)
		}
		kept = append(kept, g)
	}
	sortGrants(kept)
	b.Grants = kept
	return b
}
