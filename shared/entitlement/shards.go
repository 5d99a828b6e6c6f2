package entitlement

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// Shards tell on which further rows the uses of a balance are counted. One row
// takes about 1,000 writes a second. Uses without an end to them (unlimited,
// pay per use without a limit) need not know of each other, so they may be
// counted apart and added up when they are read. No rule looks in here: a
// balance that was read has them in its grants.
type Shards struct {
	Want  int             // on how many rows uses shall be counted; below 2 is the balance's own
	Count int             // how many there are
	Open  bool            // uses are counted there …
	Until time.Time       // … up to here
	Mark  int64           // the version of the balance from which on they count
	Taken []money.Decimal // what was read of each of them
}

// Next is how many shards there are once the balance is saved with this head,
// and whether uses are counted there. Closed ones stay for one more save: a
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

// WithShards returns the balance with what its shards have counted. They count
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
