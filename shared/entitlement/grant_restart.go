package entitlement

import "windfall/shared/money"

// restartsWith reports whether the grant comes back with a billing period that
// was begun anew. What comes back less often than is billed keeps its day.
func (g Grant) restartsWith(p money.Period) bool {
	return g.Cycle.Repeats() && !g.ResetsAt.IsZero() && !g.Cycle.After(p.Start, 1).After(p.End) && !g.Anchor.Equal(p.Start)
}

// begunOn reports whether the grant began with the running period of a subscription
// whose days are not those that follow from that one: it waited for the last day of a
// shorter month.
func (g Grant) begunOn(o Origin) bool {
	return !o.Period.Anchor.At.IsZero() && o.TrialEnds.IsZero() && g.Cycle.Months() > 0 && !g.ResetsAt.IsZero() &&
		g.From.Equal(o.Period.Start) && g.Anchor.Equal(g.From)
}

// restart moves the grant to a billing period that was begun before the one
// before it was over: the allowance is fresh, and comes back with that period
// from then on. What was used in the new period already stays used.
func (g Grant) restart(p money.Period) Grant {
	if !g.restartsWith(p) {
		return g
	}
	if start := g.PeriodStart(); start.Before(p.Start) {
		g.Used, g.Extra = money.Zero, money.Zero
		g.Anchor, g.ResetsAt = p.Start, g.Cycle.Next(p.Start, p.Start)
	} else {
		g.Anchor, g.ResetsAt = p.Start, g.Cycle.Next(p.Start, start)
	}
	return g
}
