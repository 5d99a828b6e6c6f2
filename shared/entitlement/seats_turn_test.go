package entitlement

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// seatsOfAYear is a grant of seats of each month of the year from begin on.
func seatsOfAYear(begin time.Time, held int64) Grant {
	o := Origin{CustomerProductID: "cp", StartsAt: begin, Period: money.Period{Start: begin, End: begin.AddDate(1, 0, 0)}}
	month, year := money.Cycle{Interval: money.Month, Count: 1}, money.Cycle{Interval: money.Year, Count: 1}
	items := []catalog.Item{{ID: "fee", Cycle: year}, {ID: "seats", FeatureID: "seats", UsageModel: catalog.PayPerUse, Cycle: month}}
	items[0].Price, items[1].Price = new(money.Int(100)), new(money.Int(31))
	g := o.Grants(items, map[string]catalog.Feature{"seats": {ID: "seats", Type: catalog.ContinuousUse}})["seats"][0]
	g.Used, g.Paid = money.Int(held), money.Int(held)
	return g
}

var turnsBegin = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

func TestSeatsTurnByTheirDates(t *testing.T) {
	t.Parallel()
	after := func(months, days int) time.Time { return turnsBegin.AddDate(0, months, days) }
	for name, tt := range map[string]struct {
		now   time.Time
		edit  func(*Grant)
		turns int
	}{
		"before the first turn":             {after(0, 29), nil, 0},
		"on it":                             {after(1, 0), nil, 1},
		"after three":                       {after(3, 5), nil, 3},
		"not with the subscription's own":   {after(14, 0), nil, 11},
		"not after an end":                  {after(6, 0), func(g *Grant) { g.Until = after(2, 15) }, 2},
		"not on the day of an end":          {after(6, 0), func(g *Grant) { g.Until = after(2, 0) }, 1},
		"not in a trial":                    {after(6, 0), func(g *Grant) { g.TurnsTo = time.Time{} }, 0},
		"none without a period":             {after(6, 0), func(g *Grant) { g.PaidFor = money.Period{} }, 0},
		"none to bill without a seat":       {after(6, 0), func(g *Grant) { g.Used = money.Zero }, 0},
		"rows of before have none of their": {after(6, 0), func(g *Grant) { g.Turn = money.Cycle{} }, 0},
	} {
		g := seatsOfAYear(turnsBegin, 2)
		if tt.edit != nil {
			tt.edit(&g)
		}
		b := Balance{FeatureID: "seats", Grants: []Grant{g}}.At(tt.now)
		if len(b.Closed) != tt.turns {
			t.Errorf("%s: %d turns, want %d", name, len(b.Closed), tt.turns)
		}
		for i, u := range b.Closed {
			if want := after(i+1, 0); !u.Ahead || !u.Period.Start.Equal(want) || !u.Period.End.Equal(after(i+2, 0)) || !u.Units.Equal(money.Int(2)) {
				t.Errorf("%s: turn %d is %+v", name, i, u)
			}
		}
	}
}

// Whoever reads the row, and however often: each month is noted once, with the seats that
// were held when it began.
func TestEachTurnHasTheSeatsHeldThen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := Balance{FeatureID: "seats", Grants: []Grant{seatsOfAYear(turnsBegin, 3)}}
		now, held, want := turnsBegin, int64(3), map[int64]int64{}
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			next := now.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "hours")) * time.Hour)
			for m := 1; m < 12; m++ {
				if at := turnsBegin.AddDate(0, m, 0); at.After(now) && !at.After(next) && held > 0 {
					want[at.UnixMilli()] = held
				}
			}
			now = next
			if seen := b.At(now); rapid.Bool().Draw(t, "writes") {
				b = seen
				held = int64(rapid.IntRange(0, 9).Draw(t, "held"))
				b.Grants[0].Used = money.Int(held)
			}
		}
		closed := b.At(now).Closed
		if len(closed) != len(want) {
			t.Fatalf("%d turns noted, want %d", len(closed), len(want))
		}
		for _, u := range closed {
			if !u.Units.Equal(money.Int(want[u.Period.Start.UnixMilli()])) {
				t.Fatalf("%s has %s seats, want %d", u.Period.Start, u.Units, want[u.Period.Start.UnixMilli()])
			}
		}
	})
}
