package entitlement

import (
	"fmt"
	"slices"
	"time"

	"windfall/shared/money"
)

// An UnbilledUsage is what was used beyond an allowance in a period that is over.
// It stays on the balance until it is billed, so neither a late webhook nor a
// use in the next period can lose it, and it never changes, so that asking
// Stripe again is asking the same.
type UnbilledUsage struct {
	GrantID string        `json:"grant_id,omitzero"`
	Period  money.Period  `json:"period,omitzero"`
	Units   money.Decimal `json:"units,omitzero"` // beyond what was granted, above 0
	Ahead   bool          `json:"ahead,omitzero"` // seats: paid for the period when it begins
	Less    money.Amount  `json:"less,omitzero"`  // what of that is paid already, with the period before
	After   money.Decimal `json:"after,omitzero"` // units of the same period that were closed before these, for the tiers of the price
}

// Since is when the usage became what is to be billed.
func (c UnbilledUsage) Since() time.Time {
	if c.Ahead {
		return c.Period.Start
	}
	return c.Period.End
}

// closeUsage lists what the balance still has to bill at a moment: what was
// closed before, and the overage of grants that a date resets or ends. b must
// not have been brought to that moment yet.
func (b Balance) closeUsage(now time.Time) []UnbilledUsage {
	closed := b.Closed
	for _, g := range b.Grants {
		if c, over := g.closes(now); over {
			closed = append(slices.Clip(closed), c)
		}
	}
	return closed
}

// ClosesAt is when the running period of the grant is over that is billed for use, or
// that seats are paid for: in the past where that was not billed yet. It is zero for
// what closes never.
func (g Grant) ClosesAt(now time.Time) time.Time {
	switch {
	case g.Seats:
		return g.PaidFor.End
	case g.ResetsAt.IsZero() || now.Before(g.ResetsAt) || g.Overdrawn().IsPositive():
		return g.ResetsAt
	}
	return g.Cycle.Next(g.Anchor, now)
}

// Overdrawn is what was used in the running period beyond the allowance, and is
// to be billed.
//
//   - Only what comes back by itself is billed in arrears; seats are not.
//   - What is overdrawn in a trial is free: there the first reset is the
//     anchor from which periods are counted.
func (g Grant) Overdrawn() money.Decimal {
	if !g.billed() {
		return money.Zero
	}
	return money.Max(money.Zero, g.Used.Sub(g.Granted()))
}

// closes returns the overage of the grant's running period once that is over.
func (g Grant) closes(now time.Time) (UnbilledUsage, bool) {
	over := g.Overdrawn()
	if !over.IsPositive() {
		return UnbilledUsage{}, false
	}
	end := g.ResetsAt
	if !g.Until.IsZero() && g.Until.Before(end) {
		end = g.Until
	}
	if now.Before(end) {
		return UnbilledUsage{}, false
	}
	return UnbilledUsage{GrantID: g.ID, Period: money.Period{Start: g.PeriodStart(), End: end}, Units: over}, true
}

// PeriodStart is when the running period of a grant that resets began.
func (g Grant) PeriodStart() time.Time {
	n := g.Cycle.Turns(g.Anchor, g.ResetsAt)
	for n > 1 && !g.Cycle.After(g.Anchor, n-1).Before(g.ResetsAt) {
		n--
	}
	for g.Cycle.After(g.Anchor, n).Before(g.ResetsAt) {
		n++
	}
	if start := g.Cycle.After(g.Anchor, n-1); start.After(g.From) {
		return start
	}
	return g.From
}

// Key names a closed period of one price of one customer for good.
func (c UnbilledUsage) Key() string {
	if c.Ahead {
		return fmt.Sprintf("seats_%s_%d", c.GrantID, c.Period.Start.UnixMilli())
	}
	return fmt.Sprintf("usage_%s_%d_%d", c.GrantID, c.Period.Start.UnixMilli(), c.Period.End.UnixMilli())
}
