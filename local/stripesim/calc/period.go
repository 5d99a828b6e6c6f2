package calc

import "time"

// An Interval is how often a price bills: Count times day, week, month or year. Day is
// the day of the month on which it does, where the anchor is in a month that is too
// short for it; 0 is the anchor's.
type Interval struct {
	Unit  string
	Count int64
	Day   int
}

// Add is the n-th boundary counted from the anchor. Months are counted from
// the anchor's day and clamped to the length of the month, so that 31 January
// is followed by 28 February and 31 March.
//
// https://docs.stripe.com/billing/subscriptions/billing-cycle
func (i Interval) Add(anchor int64, n int64) int64 {
	switch n *= i.Count; i.Unit {
	case "day":
		return anchor + n*86400
	case "week":
		return anchor + n*7*86400
	case "year":
		return addMonths(anchor, 12*n, i.Day)
	default:
		return addMonths(anchor, n, i.Day)
	}
}

// OnDay is a day of the month of a moment, or its last day, at the same time of day.
func OnDay(at int64, day int) int64 { return addMonths(at, 0, day) }

// After is the first boundary later than at.
func (i Interval) After(anchor, at int64) int64 {
	n := (at - anchor) / i.longest()
	for i.Add(anchor, n) > at {
		n--
	}
	for i.Add(anchor, n) <= at {
		n++
	}
	return i.Add(anchor, n)
}

// Before is the last boundary earlier than at.
func (i Interval) Before(anchor, at int64) int64 {
	n := (at-anchor)/i.longest() + 1
	for i.Add(anchor, n) < at {
		n++
	}
	for i.Add(anchor, n) >= at {
		n--
	}
	return i.Add(anchor, n)
}

// longest is an upper bound of one interval in seconds.
func (i Interval) longest() int64 {
	switch i.Unit {
	case "day":
		return i.Count * 86400
	case "week":
		return i.Count * 7 * 86400
	case "year":
		return i.Count * 366 * 86400
	default:
		return i.Count * 31 * 86400
	}
}

// Shorter tells whether i is the shorter interval.
func (i Interval) Shorter(than Interval) bool { return i.longest() < than.longest() }

func addMonths(anchor, months int64, day int) int64 {
	a := time.Unix(anchor, 0).UTC()
	if day == 0 {
		day = a.Day()
	}
	first := time.Date(a.Year(), a.Month()+time.Month(months), 1, a.Hour(), a.Minute(), a.Second(), 0, time.UTC)
	day = min(day, first.AddDate(0, 1, -1).Day())
	return first.AddDate(0, 0, day-1).Unix()
}
