package money_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func TestTheNextBillingDay(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day       int
		now, want string
	}{
		{15, "2027-04-01", "2027-04-15"}, {1, "2027-04-01 10:00", "2027-04-01 10:00"}, {1, "2027-04-02", "2027-05-01"},
		{31, "2027-04-01", "2027-04-30"}, {31, "2027-04-30 23:59", "2027-04-30 23:59"}, {30, "2027-01-31", "2027-02-28"},
		{29, "2028-02-01", "2028-02-29"}, {31, "2027-12-31 08:00", "2027-12-31 08:00"}, {30, "2027-12-31", "2028-01-30"},
	} {
		if got := AnchorOn(tt.day, Moment(tt.now)); !got.At.Equal(Moment(tt.want)) || got.Day != tt.day {
			t.Errorf("day %d from %s: got %+v, want %s", tt.day, tt.now, got, tt.want)
		}
	}
}

// Whatever the day, the turns of an anchor follow each other without a gap, on that day
// or on the last one of a month that is too short; and the turn from which grants count
// gives the same ones.
func TestTurnsOfABillingDayNeverDrift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := April.Add(time.Duration(rapid.Int64Range(0, 5*366*86400).Draw(t, "now")) * time.Second)
		a := AnchorOn(rapid.IntRange(1, 31).Draw(t, "day"), now)
		c := rapid.SampledFrom([]Cycle{{Interval: Month}, {Interval: Month, Count: 5}, {Interval: Quarter}, {Interval: SemiAnnual}, {Interval: Year}, {Interval: Year, Count: 3}}).Draw(t, "cycle")
		if before, next := a.Before(c, a.At), a.Next(c, a.At.Add(-time.Second)); !before.Before(now) && !a.At.Equal(now) || !next.Equal(a.At) {
			t.Fatalf("%+v: the turns around it are %s and %s", a, before, next)
		}
		from := a.For(c, now)
		if from.After(now) {
			t.Fatalf("%+v counts from %s, after %s", a, from, now)
		}
		for at, n := a.At, 0; n < 30; n++ {
			next := a.Next(c, at)
			last := time.Date(next.Year(), next.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
			if next.Day() != min(a.Day, last) || !a.Before(c, next).Equal(at) {
				t.Fatalf("%+v turns on %s after %s", a, next, at)
			}
			if c.Months() < 12 || from.Day() == a.Day {
				if got := c.Next(from, at); !got.Equal(next) {
					t.Fatalf("counted from %s the turn after %s is %s, want %s", from, at, got, next)
				}
			}
			at = next
		}
	})
}

// A first, shorter period is charged as the share that it is of a whole one.
func TestAFirstPeriodIsAShareOfAWholeOne(t *testing.T) {
	t.Parallel()
	p := Period{Start: April, End: April.AddDate(0, 0, 14), Whole: April.AddDate(0, -1, 14)}
	if got := p.Prorate(2000, p.Start, "usd"); got != 903 { // 14 of 31 days
		t.Errorf("at its start: %d", got)
	}
	if got := p.Prorate(2000, April.AddDate(0, 0, 7), "usd"); got != 452 {
		t.Errorf("half way: %d", got)
	}
	if got := PeriodLeft(p, April); got != (PeriodShare{14 * 86400, 31 * 86400}) {
		t.Errorf("left: %+v", got)
	}
}
