package billing

import (
	"slices"
	"time"
)

// MaxWriteShards bounds on how many rows a balance may be counted: whoever
// reads the balance reads them all.
const MaxWriteShards = 16

// Shards tell on which further rows the uses of a balance are counted. One row
// takes about 1,000 writes a second. Uses without an end to them (unlimited,
// pay per use without a limit) need not know of each other, so they may be
// counted apart and added up when somebody looks. No rule looks in here: a
// balance that was read has them in its grants.
type Shards struct {
	Want  int       // on how many rows uses shall be counted; below 2 is the balance's own
	Count int       // how many there are
	Open  bool      // uses are counted there …
	Until time.Time // … up to here
	Mark  int64     // the version of the balance from which on they count
	Taken []Decimal // what was read of each of them
}

// Next is how many shards there are once the balance is saved with this head,
// and whether uses are counted there. Closed ones stay for one more save: a
// use that was on its way may still have met them.
func (s Shards) Next(h Head) (count int, open bool) {
	switch {
	case h.Open && s.Want > 1:
		return max(s.Count, s.Want), true
	case !s.Open && !slices.ContainsFunc(s.Taken, func(d Decimal) bool { return !d.IsZero() }):
		return 0, false
	}
	return s.Count, false
}

// WithShards returns the balance with what its shards have counted. They count
// up to the next date that changes it, so nothing falls into another period.
func (b Balance) WithShards(taken []Decimal) Balance {
	total := Zero
	for _, d := range taken {
		total = total.Add(d)
	}
	b = b.Deduct(total, b.Shards.Until.Add(-time.Millisecond))
	b.Shards.Taken = taken
	return b
}

func checkShards(f Feature) error {
	switch {
	case f.WriteShards == 0:
		return nil
	case f.WriteShards < 0 || f.WriteShards > MaxWriteShards:
		return badFeature("`write_shards` is the number of rows that uses without end are counted on: 1 to %d.", MaxWriteShards)
	case f.WriteShards > 1 && f.Type != SingleUse && f.Type != CreditSystem:
		return badFeature("`write_shards` is for features that are consumed (single_use, credit_system); %q is of type %s.", f.ID, f.Type)
	}
	return nil
}
