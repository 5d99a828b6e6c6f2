package money_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

func TestTurnsAreCountedFromTheAnchor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		cycle  Cycle
		anchor string
		want   []string // after 0, 1, 2, … turns
	}{
		{"minutes", Cycle{Interval: Minute, Count: 90}, "2027-01-31 23:00", []string{"2027-01-31 23:00", "2027-02-01 00:30", "2027-02-01 02:00"}},
		{"hours", Cycle{Interval: Hour, Count: 1}, "2027-12-31 23:15", []string{"2027-12-31 23:15", "2028-01-01 00:15"}},
		{"days", Cycle{Interval: Day, Count: 1}, "2027-02-28", []string{"2027-02-28", "2027-03-01"}},
		{"weeks", Cycle{Interval: Week, Count: 2}, "2027-04-01", []string{"2027-04-01", "2027-04-15", "2027-04-29"}},
		{"months from the 1st", Cycle{Interval: Month, Count: 1}, "2027-04-01", []string{"2027-04-01", "2027-05-01", "2027-06-01"}},
		{"the 31st comes back after every short month", Cycle{Interval: Month, Count: 1}, "2027-01-31",
			[]string{"2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"}},
		{"the 31st in a leap year", Cycle{Interval: Month, Count: 1}, "2028-01-31", []string{"2028-01-31", "2028-02-29", "2028-03-31"}},
		{"the 30th", Cycle{Interval: Month, Count: 1}, "2027-01-30", []string{"2027-01-30", "2027-02-28", "2027-03-30"}},
		{"the time of day stays", Cycle{Interval: Month, Count: 1}, "2027-01-31 13:30", []string{"2027-01-31 13:30", "2027-02-28 13:30"}},
		{"over the turn of the year", Cycle{Interval: Month, Count: 1}, "2027-11-30", []string{"2027-11-30", "2027-12-30", "2028-01-30", "2028-02-29", "2028-03-30"}},
		{"five months", Cycle{Interval: Month, Count: 5}, "2027-01-31", []string{"2027-01-31", "2027-06-30", "2027-11-30", "2028-04-30", "2028-09-30", "2029-02-28"}},
		{"quarters", Cycle{Interval: Quarter, Count: 1}, "2027-11-30", []string{"2027-11-30", "2028-02-29", "2028-05-30"}},
		{"half years", Cycle{Interval: SemiAnnual, Count: 1}, "2027-08-31", []string{"2027-08-31", "2028-02-29", "2028-08-31"}},
		{"years from a leap day", Cycle{Interval: Year, Count: 1}, "2028-02-29", []string{"2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"}},
		{"two years", Cycle{Interval: Year, Count: 2}, "2028-02-29", []string{"2028-02-29", "2030-02-28", "2032-02-29"}},
		{"a count of 0 is read as 1", Cycle{Interval: Month, Count: 0}, "2027-01-31", []string{"2027-01-31", "2027-02-28"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for n, want := range tt.want {
				if got := tt.cycle.After(Moment(tt.anchor), n); !got.Equal(Moment(want)) {
					t.Errorf("after %d: got %s, want %s", n, got, want)
				}
			}
		})
	}
}

func TestNextTurn(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		cycle             Cycle
		anchor, now, want string
	}{
		{"in the first month", Cycle{Interval: Month, Count: 1}, "2027-01-31", "2027-02-10", "2027-02-28"},
		{"at a turn it is the one after", Cycle{Interval: Month, Count: 1}, "2027-01-31", "2027-02-28", "2027-03-31"},
		{"a minute before a turn", Cycle{Interval: Month, Count: 1}, "2027-01-31", "2027-02-27 23:59", "2027-02-28"},
		{"at the anchor", Cycle{Interval: Month, Count: 1}, "2027-01-31", "2027-01-31", "2027-02-28"},
		{"before the anchor it is a full turn after it", Cycle{Interval: Month, Count: 1}, "2027-01-31", "2026-06-01", "2027-02-28"},
		{"years later", Cycle{Interval: Month, Count: 1}, "2027-01-31", "2032-02-29", "2032-03-31"},
		{"many short turns later", Cycle{Interval: Minute, Count: 7}, "2027-01-01", "2029-05-05 05:05", "2029-05-05 05:10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.cycle.Next(Moment(tt.anchor), Moment(tt.now)); !got.Equal(Moment(tt.want)) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWhichIntervalsMakeUpALongerOne(t *testing.T) {
	t.Parallel()
	of := func(n int, i Interval) Cycle { return Cycle{Interval: i, Count: n} }
	for _, tt := range []struct {
		short, long Cycle
		want        bool
	}{
		{of(1, Month), of(1, Year), true}, {of(1, Month), of(1, Quarter), true}, {of(3, Month), of(1, Quarter), true}, {of(1, Quarter), of(3, Month), true},
		{of(1, Quarter), of(1, SemiAnnual), true}, {of(5, Month), of(1, Year), false}, {of(1, Year), of(1, Month), false}, {of(8, Month), of(2, Year), true},
		{of(1, Week), of(4, Week), true}, {of(3, Week), of(4, Week), false}, {of(1, Week), of(1, Month), false}, {of(1, Month), of(8, Week), false},
		{of(1, Day), of(1, Week), true}, {of(1, Day), of(1, Month), false}, {Cycle{}, of(1, Month), false}, {of(1, Month), Cycle{}, false}, {Cycle{}, Cycle{}, false},
	} {
		if got := tt.short.Divides(tt.long); got != tt.want {
			t.Errorf("%s in %s: %v", tt.short, tt.long, got)
		}
	}
}

func TestWhatNeverRepeatsHasNoNextTurn(t *testing.T) {
	t.Parallel()
	for _, c := range []Cycle{{}, {Never, 3}} {
		if got := c.Next(April, April); !got.IsZero() {
			t.Errorf("%v: got %s", c, got)
		}
	}
}

func TestEqualCyclesHaveOneSpelling(t *testing.T) {
	t.Parallel()
	for cycle, want := range map[Cycle]Cycle{
		{Month, 0}: {Month, 1}, {Month, 2}: {Month, 2}, {Never, 5}: {}, {Week, -1}: {Week, 1},
	} {
		if got := cycle.Plain(); got != want {
			t.Errorf("%v: got %v, want %v", cycle, got, want)
		}
	}
}

func anyCycle() *rapid.Generator[Cycle] {
	return rapid.Custom(func(t *rapid.T) Cycle {
		interval := rapid.SampledFrom([]Interval{Minute, Hour, Day, Week, Month, Quarter, SemiAnnual, Year}).Draw(t, "interval")
		return Cycle{interval, rapid.IntRange(1, 40).Draw(t, "count")}
	})
}

// anyMoment draws whole seconds between 2020 and 2090, month ends among them
// more often than chance would have it.
func anyMoment() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		day := time.Date(rapid.IntRange(2020, 2090).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
			rapid.SampledFrom([]int{1, 15, 28, 29, 30, 31}).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		return day.Add(time.Duration(rapid.SampledFrom([]int{0, 1, 43_200, 86_399}).Draw(t, "second")) * time.Second)
	})
}

// The next turn is strictly later, is a turn, and none lies between.
func TestTheNextTurnIsTheFirstAfterNow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, anchor := anyCycle().Draw(t, "cycle"), anyMoment().Draw(t, "anchor")
		n := rapid.IntRange(0, 50).Draw(t, "turns")
		now := c.After(anchor, n).Add(time.Duration(rapid.Int64Range(-3, 3).Draw(t, "off")) * time.Second)
		next := c.Next(anchor, now)
		if !next.After(now) {
			t.Fatalf("%v from %s: %s is not after %s", c, anchor, next, now)
		}
		k := max(1, n-1)
		for ; !c.After(anchor, k).After(now); k++ {
		}
		if first := c.After(anchor, k); !next.Equal(first) {
			t.Fatalf("%v from %s at %s: got %s, and %s comes first", c, anchor, now, next, first)
		}
	})
}

// Turns only go forward, and a turn of months never leaves its month.
func TestTurnsGoForwardAndNeverDrift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, anchor, n := anyCycle().Draw(t, "cycle"), anyMoment().Draw(t, "anchor"), rapid.IntRange(0, 100).Draw(t, "n")
		at, later := c.After(anchor, n), c.After(anchor, n+1)
		if !later.After(at) {
			t.Fatalf("turn %d is %s, turn %d is %s", n, at, n+1, later)
		}
		if c.Months() == 0 {
			return
		}
		months := (at.Year()-anchor.Year())*12 + int(at.Month()) - int(anchor.Month())
		monthEnd := at.AddDate(0, 0, 1).Month() != at.Month()
		if months != n*c.Months() || at.Day() != anchor.Day() && !monthEnd {
			t.Fatalf("%d turns of %v from %s are %s", n, c, anchor, at)
		}
	})
}
