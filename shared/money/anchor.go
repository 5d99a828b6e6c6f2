package money

import "time"

// An Anchor is a turn of a cycle, from which all others are counted: a day that
// months end on, the last one of those that are too short for it.
type Anchor struct {
	At  time.Time `json:"at,omitzero"`
	Day int       `json:"day,omitzero"` // of the month, where At is in a month that is too short; 0 is that of At
}

// AnchorOn is the first moment from now on at a day of the month, at the time of day of
// now; in a month that is too short, its last day. It may be now.
func AnchorOn(day int, now time.Time) Anchor {
	for n := 0; ; n++ {
		if at := monthsLater(now, n, day); !at.Before(now) {
			return Anchor{At: at, Day: day}
		}
	}
}

// day is the day of the month that is meant.
func (a Anchor) day() int { return max(a.Day, a.At.Day()) }

// turn is the turn of a cycle n turns after that of the anchor; n may be below 0.
func (a Anchor) turn(c Cycle, n int) time.Time {
	if m := c.Months(); m > 0 {
		return monthsLater(a.At, m*n, a.day())
	}
	return a.At.Add(c.duration() * time.Duration(n))
}

// Before is the last turn before a moment.
func (a Anchor) Before(c Cycle, at time.Time) time.Time {
	n := 0
	for !a.turn(c, n).Before(at) {
		n--
	}
	for a.turn(c, n+1).Before(at) {
		n++
	}
	return a.turn(c, n)
}

// Next is the first turn after a moment.
func (a Anchor) Next(c Cycle, at time.Time) time.Time {
	n := 0
	for a.turn(c, n).After(at) {
		n--
	}
	for !a.turn(c, n).After(at) {
		n++
	}
	return a.turn(c, n)
}

// yearsBack is how far a turn with the very day is looked for: leap days come after
// eight years at the latest.
const yearsBack = 9

// For is a turn of a cycle, at a moment or before, from which After counts all others:
// its day is the one that is meant, unless no turn has that.
func (a Anchor) For(c Cycle, at time.Time) time.Time {
	last := a.Before(c, at.Add(time.Nanosecond))
	if c.Months() == 0 {
		return last
	}
	for t := last; t.After(last.AddDate(-yearsBack, 0, 0)); t = a.Before(c, t) {
		if t.Day() == a.day() {
			return t
		}
	}
	return last
}

// monthsLater is a day of the month n months after that of a moment, or its last day.
func monthsLater(t time.Time, n, day int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return first.AddDate(0, 0, min(day, first.AddDate(0, 1, -1).Day())-1)
}
