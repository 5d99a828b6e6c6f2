package entitlement

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// CloseEnded notes the overage of customer products that end at this moment, so that it
// is billed, but neither what goes on in another grant nor what the transition has
// billed themselves.
func (b Balance) CloseEnded(over, continuing []string, billed []UnbilledUsage, now time.Time) (Balance, bool) {
	if !slices.ContainsFunc(b.Grants, func(g Grant) bool { return slices.Contains(over, g.CustomerProductID) }) {
		return b, false
	}
	b = b.At(now)
	b.Closed = slices.Clone(b.Closed)
	for _, g := range b.Grants {
		if units := g.Overdrawn(); slices.Contains(over, g.CustomerProductID) && units.IsPositive() && !slices.Contains(continuing, g.ID) {
			b.Closed = append(b.Closed, UnbilledUsage{GrantID: g.ID, Period: money.Period{Start: g.PeriodStart(), End: now}, Units: units})
		}
	}
	for _, paid := range billed {
		i := slices.IndexFunc(b.Closed, func(c UnbilledUsage) bool {
			return c.GrantID == paid.GrantID && c.Period.Start.Equal(paid.Period.Start)
		})
		if i < 0 {
			continue
		}
		rest := b.Closed[i]
		rest.Units, rest.Period.Start = rest.Units.Sub(paid.Units), paid.Period.End
		if !rest.Period.End.After(paid.Period.End) {
			rest.Period.End = paid.Period.End.Add(time.Millisecond) // its end names it: it is another use
		}
		if b.Closed[i] = rest; !rest.Units.IsPositive() {
			b.Closed = slices.Delete(b.Closed, i, i+1)
		}
	}
	return b, true
}

// withPrepaid gives the grant another quantity. What was used beyond it while
// that was being decided is dropped.
func (g Grant) withPrepaid(units money.Decimal) Grant {
	fewer := units.LessThan(g.Prepaid)
	if g.Prepaid = units; fewer && !g.Overage && !g.Unlimited {
		g.Used = money.Min(g.Used, money.Max(money.Zero, g.Granted()))
	}
	return g
}

// Follow gives the grants of a customer product the access and the quantities
// it has, and reports whether that changes the balance. A billing period begun
// anew closes what was used beyond them until then, and so does a trial that
// begins within one. ended says that the
// product is over; packs may be bought again only of a product that repeats.
func (b Balance) Follow(o Origin, p catalog.Product, ended bool, now time.Time) (Balance, bool) {
	changed := false
	grants := slices.Clone(b.Grants)
	for i, g := range grants {
		if g.CustomerProductID != o.CustomerProductID {
			continue
		}
		if o.Restarts && !ended {
			if over := g.Overdrawn(); over.IsPositive() && g.restartsWith(o.Period) && g.PeriodStart().Before(o.Period.Start) {
				b.Closed = append(slices.Clip(b.Closed), UnbilledUsage{GrantID: g.ID, Period: money.Period{Start: g.PeriodStart(), End: o.Period.Start}, Units: over})
			}
			if g.restartsWith(o.Period) && g.PeriodStart().Before(o.Period.Start) {
				b, g.Reserved = b.leave(g, o.Period.Start, g.Reserved), nil
			}
			g = g.restart(o.Period)
		}
		g.Suspended = o.Suspended
		if g.Until = o.EndsAt; ended && g.Until.IsZero() {
			g.Until = now
		}
		if !g.From.Equal(o.StartsAt) && !ended { // it begins before its day
			g.From, g.Since, g.Anchor = o.StartsAt, o.StartsAt, o.anchor(g.Cycle, p.BillingCycle())
			if g.Cycle.Repeats() && !g.ResetsAt.IsZero() {
				g.ResetsAt = o.firstReset(g.Cycle, g.Anchor)
			}
		}
		if !ended && g.begunOn(o) && now.Before(g.ResetsAt) { // its day was known before, and not of which days it is one
			g.Anchor = o.anchor(g.Cycle, p.BillingCycle())
			g.ResetsAt = g.Cycle.Next(g.Anchor, g.From)
		}
		if !ended && g.Seats {
			g = g.seatsBegunOn(o, p)
		}
		for _, item := range p.Items {
			if g.ID == o.GrantID(item) && item.UsageModel == catalog.Prepaid && !p.OneOff() {
				g = g.withPrepaid(o.prepaid(item))
			}
		}
		if !ended {
			g = g.followTurns(o, p)
		}
		if o.TrialEnds.After(now) && !o.Restarts && !ended && grants[i].billed() { // a trial cuts a period short
			b, g = b.cutShort(grants[i], g, trialBegan(now, o.Period.Start, grants[i].PeriodStart()))
		}
		if trial := o.TrialEnds; !trial.IsZero() && !trial.Before(o.Period.Start) && g.Cycle.Repeats() && !g.ResetsAt.IsZero() && !g.Anchor.Equal(trial) {
			g.Anchor, g.ResetsAt = trial, trial // it ended earlier or later than was planned
		}
		if g.Suspended != grants[i].Suspended || !g.From.Equal(grants[i].From) || !g.Until.Equal(grants[i].Until) ||
			!g.Prepaid.Equal(grants[i].Prepaid) || !g.Anchor.Equal(grants[i].Anchor) || !g.PaidFor.End.Equal(grants[i].PaidFor.End) ||
			g.Turn != grants[i].Turn || !g.TurnsTo.Equal(grants[i].TurnsTo) {
			grants[i], changed = g, true
		}
	}
	b.Grants = grants
	return b, changed
}

// trialBegan is when a period ended that a trial cut short: as the trial began, or
// now, where Stripe says nothing of it.
func trialBegan(now, trial, period time.Time) time.Time {
	if trial.After(period) && trial.Before(now) {
		return trial
	}
	return now
}

// cutShort ends the period of a grant as a trial begins within it. What was used beyond the
// allowance is closed, and what is reserved beyond it stays with that period; the rest goes on
// in next, which is the grant from now on.
func (b Balance) cutShort(g, next Grant, end time.Time) (Balance, Grant) {
	over, room := g.Overdrawn(), money.Max(money.Zero, g.Granted().Sub(g.Used))
	if over.IsPositive() {
		b.Closed = append(slices.Clip(b.Closed), UnbilledUsage{GrantID: g.ID, Units: over, Period: money.Period{Start: g.PeriodStart(), End: end}})
		next.Used = next.Used.Sub(over) // it is billed, so no later product takes it over
	}
	var beyond []Reservation
	next.Reserved = nil
	for _, r := range g.Reserved {
		rest := r
		if r.Units = money.Min(r.Units, room); r.Units.IsPositive() {
			next.Reserved = append(next.Reserved, r)
		}
		if rest.Units = rest.Units.Sub(r.Units); rest.Units.IsPositive() {
			beyond = append(beyond, rest)
		}
		room, g.Used = room.Sub(r.Units), g.Used.Add(r.Units) // it counts before what stays
	}
	return b.leave(g, end, beyond), next
}
