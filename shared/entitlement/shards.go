package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// Shards are further rows on which the uses of a balance are counted. One row takes
// about 1,000 writes a second. Unlimited uses (also pay per use without a limit) do
// not depend on each other, so they may be counted apart and summed when they are
// read. No rule reads this: the grants of a balance that was read include them.
type Shards struct {
	Want  int             // wanted number of rows; below 2 is the balance's own
	Count int             // present number
	Open  bool            // uses are counted there …
	Until time.Time       // … up to here
	Mark  int64           // the version of the balance from which on they count
	Taken []money.Decimal // amount read from each of them
}

// Next is the number of shards after the balance is saved with this head, and
// whether uses are counted there. Closed ones stay for one more save: a
// use that was on its way may still have met them.
func (s Shards) Next(h Head) (count int, open bool) {
	switch {
	case h.Open && s.Want > 1:
		return max(s.Count, s.Want), true
	case !s.Open && !slices.ContainsFunc(s.Taken, func(d money.Decimal) bool { return !d.IsZero() }):
		return 0, false
	}
	return s.Count, false
}

// WithShards returns the balance with the amounts counted by its shards. They count
// up to the next date that changes it, so nothing falls into another period.
func (b Balance) WithShards(taken []money.Decimal) Balance {
	total := money.Zero
	for _, d := range taken {
		total = total.Add(d)
	}
	b = b.Deduct(total, b.Shards.Until.Add(-time.Millisecond))
	b.Shards.Taken = taken
	return b
}
