package money

import (
	"fmt"
	"time"
)

// An Interval is how often something repeats. The empty interval means never:
// a lifetime allowance, or a price paid once.
type Interval string

const (
	Never      Interval = ""
	Minute     Interval = "minute"
	Hour       Interval = "hour"
	Day        Interval = "day"
	Week       Interval = "week"
	Month      Interval = "month"
	Quarter    Interval = "quarter"
	SemiAnnual Interval = "semi_annual"
	Year       Interval = "year"
)

// A Cycle is an interval and how many of them make one turn: 2 weeks.
type Cycle struct {
	Interval Interval `json:"interval,omitzero"`
	Count    int      `json:"count,omitzero"` // 1 or more; 0 is read as 1
}

func (c Cycle) Times() int { return max(1, c.Count) }

// Plain is the cycle in its one spelling, so that equal cycles compare equal.
func (c Cycle) Plain() Cycle {
	if c.Interval == Never {
		return Cycle{}
	}
	return Cycle{c.Interval, c.Times()}
}

// Repeats reports whether the cycle ever comes round again.
func (c Cycle) Repeats() bool { return c.Interval != Never }

// Months is the length of the cycle in months; 0 for cycles shorter than that.
func (c Cycle) Months() int {
	return map[Interval]int{Month: 1, Quarter: 3, SemiAnnual: 6, Year: 12}[c.Interval] * c.Times()
}

// Divides reports whether turns of the cycle make up one turn of a longer one, or one
// as long: three months a quarter. No number of weeks makes up months.
func (c Cycle) Divides(long Cycle) bool {
	if a, b := c.Months(), long.Months(); a > 0 || b > 0 {
		return a > 0 && b > 0 && b%a == 0
	}
	return c.duration() > 0 && long.duration()%c.duration() == 0 && long.duration() > 0
}

func (c Cycle) duration() time.Duration {
	unit := map[Interval]time.Duration{
		Minute: time.Minute, Hour: time.Hour, Day: 24 * time.Hour, Week: 7 * 24 * time.Hour,
	}[c.Interval]
	return unit * time.Duration(c.Times())
}

// After returns the time n turns after the anchor. Months are always counted
// from the anchor's own day and clamped to the month's length, so that the
// 31st comes back after February.
//
// Source: https://docs.stripe.com/billing/subscriptions/billing-cycle
func (c Cycle) After(anchor time.Time, n int) time.Time {
	if m := c.Months(); m > 0 {
		return monthsLater(anchor, m*n, anchor.Day())
	}
	return anchor.Add(c.duration() * time.Duration(n))
}

// Next returns the first turn strictly after now. It returns the zero time for
// a cycle that never repeats.
func (c Cycle) Next(anchor, now time.Time) time.Time {
	if !c.Repeats() {
		return time.Time{}
	}
	for n := c.Turns(anchor, now); ; n++ {
		if next := c.After(anchor, n); next.After(now) {
			return next
		}
	}
}

// Turns is a number of turns that is surely not past now; Next walks the rest.
func (c Cycle) Turns(anchor, now time.Time) int {
	if !now.After(anchor) {
		return 1
	}
	if m := c.Months(); m > 0 {
		passed := (now.Year()-anchor.Year())*12 + int(now.Month()-anchor.Month())
		return max(1, passed/m-1)
	}
	return max(1, int(now.Sub(anchor)/c.duration()))
}

// Length orders cycles: minutes, with a month taken as 30 days.
func (c Cycle) Length() int64 {
	if m := c.Months(); m > 0 {
		return int64(m) * 30 * 24 * 60
	}
	return int64(c.duration() / time.Minute)
}

// String is the cycle as people say it: "month", "2 weeks".
func (c Cycle) String() string {
	if c.Times() == 1 {
		return string(c.Interval)
	}
	return fmt.Sprintf("%d %ss", c.Times(), c.Interval)
}
