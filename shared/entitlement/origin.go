package entitlement

import (
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// An Origin is what a grant needs to know of the customer product that it comes
// from.
type Origin struct {
	CustomerProductID, ProductID string
	AddOn                        bool
	StartsAt, EndsAt, TrialEnds  time.Time    // zero where there is none
	Period                       money.Period // of the Stripe subscription; zero without one
	Suspended                    bool         // a payment failed
	Quantities                   []catalog.Quantity
	Restarts                     bool // Period was begun before the one before it was over
	OfEntity                     bool // the product is an entity's: all that it grants is that entity's
}

// Grants returns what the items of a product give, by feature.
func (o Origin) Grants(items []catalog.Item, features map[string]catalog.Feature) map[string][]Grant {
	out, billed := map[string][]Grant{}, catalog.Product{Items: items}.BillingCycle()
	for _, item := range items {
		if item.FeatureID == "" {
			continue
		}
		g := Grant{
			ID: o.GrantID(item), CustomerProductID: o.CustomerProductID, ProductID: o.ProductID, AddOn: o.AddOn,
			Since: o.StartsAt, From: o.StartsAt, Until: o.EndsAt, Suspended: o.Suspended,
			Boolean: features[item.FeatureID].Type == catalog.Boolean, Unlimited: item.Unlimited,
			Included: item.Included, Prepaid: o.prepaid(item),
			Overage: item.UsageModel == catalog.PayPerUse, UsageLimit: item.UsageLimit,
			ResetUsage: item.ResetUsage, Cycle: item.Cycle.Plain(), Anchor: o.anchor(item.Cycle, billed),
		}
		if !o.OfEntity {
			g.PerEntity = item.EntityID
		}
		if features[item.FeatureID].Type == catalog.ContinuousUse {
			g.Cycle = money.Cycle{} // what is held does not come back by itself
			g.Held, g.Seats = !g.Boolean, item.InArrears()
		}
		if g.Seats && o.TrialEnds.IsZero() {
			g.PaidFor = money.Period{Start: o.Period.Start, End: o.Period.End, Whole: o.Period.Whole}
			if item.Cycle.Length() < billed.Length() && !o.Period.End.IsZero() {
				g.PaidFor = o.within(item.Cycle, g.Anchor)
			}
		}
		if g.Seats && item.Cycle.Length() < billed.Length() {
			g.Turn, g.TurnsTo = item.Cycle.Plain(), o.turnsTo()
		}
		if g.Cycle.Repeats() && !g.Boolean && !g.Unlimited {
			g.ResetsAt = o.firstReset(g.Cycle, g.Anchor)
		}
		out[item.FeatureID] = append(out[item.FeatureID], g)
	}
	return out
}

// GrantID names the grant of an item for good.
func (o Origin) GrantID(item catalog.Item) string { return o.CustomerProductID + "/" + item.ID }

// anchor is the moment from which the resets of a cycle are counted: the end of
// the trial, a turn of the subscription's own, the start of the billing period, or the
// start of the product. billed is the cycle of the subscription: what comes back less
// often begins with its first day.
func (o Origin) anchor(c, billed money.Cycle) time.Time {
	turns := o.Period.Anchor
	switch {
	case !o.TrialEnds.IsZero():
		return o.TrialEnds
	case !turns.At.IsZero() && c.Repeats() && c.Length() <= billed.Length():
		return turns.For(c, o.Period.Start)
	case !o.Period.Whole.IsZero() && c.Repeats():
		return turns.At
	case !o.Period.Start.IsZero():
		return o.Period.Start
	}
	return o.StartsAt
}

// firstReset: a trial's allowance comes back when the trial ends, every other
// one with the next turn after the anchor.
func (o Origin) firstReset(c money.Cycle, anchor time.Time) time.Time {
	if o.TrialEnds.After(o.StartsAt) {
		return o.TrialEnds
	}
	return c.Next(anchor, o.StartsAt)
}

// within is the running one of the shorter periods of that of the subscription.
func (o Origin) within(c money.Cycle, anchor time.Time) money.Period {
	p := money.Period{Start: anchor, End: c.Next(anchor, o.StartsAt)}
	for n := 1; c.After(anchor, n).Before(p.End); n++ {
		p.Start = c.After(anchor, n)
	}
	if p.Start.Before(o.Period.Start) { // the first of them is shorter
		p.Start, p.Whole = o.Period.Start, p.Start
	}
	return p
}

// prepaid is how many units were bought of an item, in whole packs.
func (o Origin) prepaid(item catalog.Item) money.Decimal {
	if item.UsageModel != catalog.Prepaid {
		return money.Zero
	}
	return catalog.PacksOf(item, o.Quantities).Mul(item.Pack())
}
