package usage

import (
	"testing"
	"time"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// INT-29: a product begins at the end of a period, on the last day of a short month. Its
// seats are billed on the days of the subscription, and no day twice.
func TestINT29SeatsThatBeginInAShortMonth(t *testing.T) {
	t.Parallel()
	on := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 9, 30, 0, 0, time.UTC)
	}
	for _, tt := range []struct {
		name                  string
		every                 string // of the plan; its seats are a month's
		bought, begins, until time.Time
		later                 bool // the seat is taken as the second product begins
		billed                []int64
	}{
		{"month, from 31 January", "month", on(2027, 1, 31), on(2027, 2, 28), on(2027, 5, 31), false,
			[]int64{200_00, 31_00, 131_00, 131_00, 131_00, 131_00}},
		{"month, from 30 January", "month", on(2027, 1, 30), on(2027, 2, 28), on(2027, 4, 30), false,
			[]int64{200_00, 31_00, 131_00, 131_00, 131_00}},
		{"month, from 31 January, taken after", "month", on(2027, 1, 31), on(2027, 2, 28), on(2027, 4, 30), true,
			[]int64{200_00, 100_00, 31_00, 131_00, 131_00}},
		{"quarter, from 30 November", "quarter", on(2027, 11, 30), on(2028, 2, 29), on(2028, 5, 30), false,
			[]int64{200_00, 31_00, 31_00, 31_00, 131_00, 31_00, 31_00, 131_00}},
		{"year, from 29 February", "year", on(2028, 2, 29), on(2029, 2, 28), on(2029, 5, 29), false,
			[]int64{200_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 31_00, 131_00, 31_00, 31_00, 31_00}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := With(t, stack.Options{Clock: tt.bought})
			w.Feature("seats", "continuous_use")
			for id, price := range map[string]float64{"small": 100, "large": 200} {
				w.Product(id, "main", Every(tt.every, Price(price)), Seats("seats", 0, 31, "bill_immediately", "none"))
			}
			w.CustomerWithCard("c", "large")
			if !tt.later {
				w.Track("c", "seats", 1)
			}
			w.Attach("c", "small")
			w.AdvanceTo(tt.begins.Add(2 * time.Hour))
			w.HasProducts("c", "small active")
			if tt.later {
				w.Track("c", "seats", 1)
			}
			w.AdvanceTo(tt.until.Add(-time.Hour))
			w.Billed("c", tt.billed[:len(tt.billed)-1]...)
			w.AdvanceTo(tt.until.Add(2 * time.Hour))
			w.Billed("c", tt.billed...)
		})
	}
}
