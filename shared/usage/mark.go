package usage

import "time"

// A Mark says how far a customer's sums go: events may be there that belong to none, as
// they were filed before there were sums. A scan of all events, the newest first, adds them.
//
//	pass 1  everything that happened on a day after To's is in sums
//	pass 2  so is everything else; the scan is repeated, as an old version of the
//	        program, which makes no sums, may have been at work beside the first one
//	pass 3  done, but where sums were rebuilt those of before are removed in another one
//	pass 4  they are
//
// The zero Mark is that of a customer of whom no event was filed since there are sums.
type Mark struct {
	Pass       int
	Before     string    // where the scan stands: the rows before this place are to be looked at
	At         time.Time // of Before
	Next       time.Time // when the scan goes on
	Generation int       // of the sums: those of another one are not read, and their events are added anew
	Version    int64     // of its row
}

// Passes of a scan.
const (
	First, Again, Done, Removed = 1, 2, 3, 4
)

// again is how long after the first scan the second one begins: by then no process of an
// old version is left.
const again = 5 * time.Minute

// Begun is the mark of a customer whose first event with a sum is to be filed.
func Begun(now time.Time) Mark { return Mark{Pass: First, At: end, Next: now} }

var end = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// Rebuilt is the mark of a customer whose sums are made anew from the events, in a generation of
// their own. The scan begins when no process is left that files events for the one before:
// until then, and as far as the scan has not come, the events tell.
func (m Mark) Rebuilt(now time.Time) Mark {
	return Mark{Pass: First, At: end, Next: now.Add(again), Generation: m.Generation + 1, Version: m.Version}
}

// DueAt is when the schedule goes on with the scan; never, unless the sums are rebuilt: other
// scans go on with the customer's tracks.
func (m Mark) DueAt() time.Time {
	if m.Generation == 0 || m.Pass == m.last() {
		return time.Time{}
	}
	return m.Next
}

// last is the pass after which nothing is left to do.
func (m Mark) last() int {
	if m.Generation == 0 {
		return Done
	}
	return Removed
}

// Due reports whether the scan may go on.
func (m Mark) Due(now time.Time) bool { return m.Pass > 0 && m.Pass < m.last() && !now.Before(m.Next) }

// After is the mark when a part of the scan is over: before is the place it came to and
// at its time, or "" at the end.
func (m Mark) After(before string, at, now time.Time) Mark {
	if m.Before, m.At = before, at; before == "" {
		m.Pass, m.At, m.Next = m.Pass+1, end, now.Add(again)
	}
	return m
}

// whole reports whether the sums have all that happened on a day.
func (m Mark) whole(of time.Time) bool {
	return m.Pass > First || m.Pass == First && of.After(m.At)
}
