package referral

import "windfall/shared/money"

// Stats are what the redemptions of a program have come to, or what one write adds to
// them.
type Stats struct {
	Codes       int64
	Redemptions int64
	Held        int64 // that wait for a person or their time now
	Triggered   int64 // ever, those that went back too
	Applied     int64 // ever: everybody had the reward
	Refused     int64
	Reversed    int64
	Value       money.Amount // of the rewards given, in the default currency; see Worth
}

// Plus adds two up.
func (s Stats) Plus(o Stats) Stats {
	return Stats{s.Codes + o.Codes, s.Redemptions + o.Redemptions, s.Held + o.Held, s.Triggered + o.Triggered,
		s.Applied + o.Applied, s.Refused + o.Refused, s.Reversed + o.Reversed, s.Value + o.Value}
}

// Since is what the change from one status to another adds; before is the zero
// Redemption for a new one.
func (r Redemption) Since(before Redemption) (s Stats) {
	if before.Status == "" {
		s.Redemptions = 1
	}
	count := func(n *int64, is func(Redemption) bool) {
		switch {
		case is(r) && !is(before):
			*n = 1
		case !is(r) && is(before):
			*n = -1
		}
	}
	status := func(want Status) func(Redemption) bool {
		return func(r Redemption) bool { return r.Status == want }
	}
	count(&s.Held, status(Held))
	count(&s.Triggered, Redemption.SetOff)
	count(&s.Refused, status(Refused))
	count(&s.Reversed, status(Reversed))
	if r.Status == Applied && before.Status != Applied {
		s.Applied = 1
	}
	return s
}
