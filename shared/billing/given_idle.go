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
func (d Decision) Idle(c *catalog.Catalog, r catalog.Reward, products []catalog.Product, now time.Time) *refusal.Error {
	with := d.With(c, r)
	switch g := with.Given; {
	case g.Credits != nil:
		return nil
	case d.Page && with.Misses():
		return refusal.Invalid(reward.ReasonMissedOnAPage)
	case g.Duration == catalog.OneOffDiscount && d.givesBack(g):
		return refusal.Invalid(reward.ReasonWasted)
	case g.Duration == catalog.MonthsDiscount && (d.trialBegins(now) && with.GivenOff() == 0 || d.givesBack(g) && !usesAny(products)):
		if next := with.Next(products, now); next.Given == nil {
			return refusal.Invalid(reward.ReasonOutlived, day(g.ends(now)), day(next.At))
		}
	}
	return nil
}

// givesBack reports whether a change charges something that a reward lowers, and its credit
// leaves nothing to pay.
func (d Decision) givesBack(g *Given) bool {
	return d.Way() == reward.Changed && d.DueNow() <= 0 &&
		slices.ContainsFunc(d.Lines, func(l Line) bool { return l.Amount > 0 && g.Discount.Covers(l.ItemID) })
}

// trialBegins reports whether a decision begins a trial of something.
func (d Decision) trialBegins(now time.Time) bool {
	return slices.ContainsFunc(d.Start, func(cp CustomerProduct) bool { return cp.TrialEnds.After(now) })
}

// usesAny reports whether a product is charged for what is used of it.
func usesAny(products []catalog.Product) bool {
	return slices.ContainsFunc(products, func(p catalog.Product) bool { return slices.ContainsFunc(p.Items, catalog.Item.InArrears) })
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

// With is the decision of a page with another reward, as far as its lines go.
func (d Decision) With(c *catalog.Catalog, r catalog.Reward) Decision {
	g, _, _ := Attach{Reward: &r}.given(c, Customer{})
	d.Given, d.Lines = g, discounted(slices.Clone(d.Lines), &g.Discount)
	return d
}
