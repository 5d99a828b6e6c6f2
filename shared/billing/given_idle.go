package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// Idle says why a reward would lower nothing with a decision that is made without one; nil
// if it lowers something, or waits for what it lowers. products are those of the decision.
//
//   - A page would use a discount for one invoice up on its first invoice.
//   - The same with a change, whose credit leaves nothing to pay of what it charges.
//   - The months of a discount begin now. Within a trial, or after a change that gives money
//     back, they may end before anything that it lowers is charged. Use that is charged
//     meanwhile may be lowered; that of a trial is free.
func (d *Decision) Idle(c *catalog.Catalog, r catalog.Reward, products []catalog.Product, now time.Time) *refusal.Error {
	g, _, _ := Attach{Reward: &r}.given(c, Customer{})
	if g.Credits != nil {
		return nil
	}
	lowered := Off(discounted(slices.Clone(d.Lines), &g.Discount)) > 0
	trial, next := false, d.Renews
	for i := range d.Start {
		if ends := d.Start[i].TrialEnds; ends.After(now) {
			trial, next = true, ends
		}
	}
	once, givesBack := g.Duration == catalog.OneOffDiscount, false
	if d.Way() == reward.Changed && d.DueNow() <= 0 {
		for i := range d.Lines {
			givesBack = givesBack || d.Lines[i].Amount > 0 && g.Discount.Covers(d.Lines[i].ItemID)
		}
	}
	used := false
	for i := range products {
		used = used || slices.ContainsFunc(products[i].Items, catalog.Item.InArrears)
	}
	switch {
	case once && d.Page && !trial && !lowered:
		return refusal.Invalid(reward.ReasonMissedOnAPage)
	case once && givesBack:
		return refusal.Invalid(reward.ReasonWasted)
	case g.Duration == catalog.MonthsDiscount && !next.Before(g.ends(now)) && (trial && !lowered || givesBack && !used):
		return refusal.Invalid(reward.ReasonOutlived, day(g.ends(now)), day(next))
	}
	return nil
}

// ends is when the months of a discount end that begins now; that moment is no part of them.
func (g *Given) ends(now time.Time) time.Time {
	return money.Cycle{Interval: money.Month, Count: g.Months}.After(now.Truncate(time.Second), 1)
}

// missed reports whether a reward for one invoice lowers nothing of the invoice
// that is made now: Stripe would use it up there all the same. A trial's invoice of 0
// does not use it up.
func (g *Given) missed(lines []Line, trial bool) bool {
	return g.Credits == nil && g.Duration == catalog.OneOffDiscount && !trial && Off(lines) == 0
}

// Misses reports whether a page would use a reward up on an invoice that it does
// not lower. Without a page it is put on the subscription after that invoice.
func (d Decision) Misses() bool {
	trial := slices.ContainsFunc(d.Steps, func(s Step) bool {
		return s.Session != nil && (s.Session.TrialDays > 0 || !s.Session.TrialEnd.IsZero())
	})
	return d.Page && d.Given != nil && d.Given.missed(d.Lines, trial)
}
