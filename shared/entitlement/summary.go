package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

func (b Balance) LeftText(now time.Time) string {
	sum := b.At(now).Sum(now)
	if sum.Unlimited {
		return "unlimited"
	}
	return sum.Remaining.String()
}

// A Summary is a balance added up over its open grants. What is reserved is used in it.
type Summary struct {
	Granted, Remaining, Used money.Decimal
	Unlimited, Overage       bool
	UsageLimit               *money.Decimal
	Cycles                   []money.Cycle // the distinct ones, in order of use
	ResetsAt                 time.Time
}

// Sum adds the balance up at a moment. b must have come from At.
func (b Balance) Sum(now time.Time) Summary {
	var s Summary
	for _, i := range b.OpenGrants(now) {
		g := b.Grants[i]
		s.Granted, s.Remaining, s.Used = money.Plus(s.Granted, g.Granted()), money.Plus(s.Remaining, g.Remaining()), money.Plus(s.Used, g.InUse())
		s.Unlimited, s.Overage = s.Unlimited || g.Unlimited, s.Overage || g.Overage
		if g.UsageLimit != nil {
			limit := *g.UsageLimit
			if s.UsageLimit != nil {
				limit = limit.Add(*s.UsageLimit)
			}
			s.UsageLimit = &limit
		}
		if !slices.Contains(s.Cycles, g.Cycle) {
			s.Cycles = append(s.Cycles, g.Cycle)
		}
		if !g.ResetsAt.IsZero() && (s.ResetsAt.IsZero() || g.ResetsAt.Before(s.ResetsAt)) {
			s.ResetsAt = g.ResetsAt
		}
	}
	return s
}
