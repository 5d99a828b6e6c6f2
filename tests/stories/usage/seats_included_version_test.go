package usage

import (
	"testing"

	. "windfall/tests/world"
)

func seatsOf(interval string, included int, price float64) JSON {
	return Every(interval, Seats("seats", included, price, "prorate_immediately", "none"))
}

// A version that includes fewer seats, in another interval, charges those in use: a seat
// that was included for a quarter is not free for the rest of a year.
func TestINT26AVersionThatIncludesFewerSeats(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from, to JSON
		seats    int
		billed   []int64 // with the year's fee of 365.00
	}{
		"quarter to year":       {seatsOf("quarter", 2, 90), seatsOf("year", 0, 366), 1, []int64{36500, 35100}}, // 351 of 366 days
		"year to month":         {seatsOf("year", 2, 366), seatsOf("month", 0, 30), 1, []int64{36500, 1500}},
		"paid and included":     {seatsOf("month", 1, 30), seatsOf("year", 0, 366), 2, []int64{36500, 3000, -1500 + 2*35100}},
		"as many as before":     {seatsOf("quarter", 2, 90), seatsOf("year", 1, 366), 1, []int64{36500}},
		"in the same interval":  {seatsOf("year", 2, 366), seatsOf("year", 0, 366), 1, []int64{36500}},
		"nobody has a seat yet": {seatsOf("quarter", 2, 90), seatsOf("year", 0, 366), 0, []int64{36500}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("year", "main", Every("year", Price(365)), tt.from)
			w.CustomerWithCard("c", "year")
			if tt.seats > 0 {
				w.Track("c", "seats", tt.seats)
			}
			w.Advance("15d")
			w.Post("/v1/products/year", JSON{"items": []JSON{Every("year", Price(365)), tt.to}})
			preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "year"})
			w.Attach("c", "year")
			w.Billed("c", tt.billed...)
			due := 0.0
			if n := len(tt.billed); n > 1 && (tt.seats == 1 || n > 2) {
				due = float64(tt.billed[n-1]) / 100
			}
			w.Want("the preview", ValueAt(preview, "due_today.total"), due)
			if tt.seats > 0 {
				w.Track("c", "seats", -1)
				w.Track("c", "seats", 1) // it stays paid
			}
			w.Billed("c", tt.billed...)
		})
	}
}

// A feature with seats in two intervals: a version that has both is taken over as it is.
func TestINT26AVersionWithSeatsInTwoIntervals(t *testing.T) {
	t.Parallel()
	items := []JSON{Every("year", Price(365)), seatsOf("year", 1, 366), seatsOf("month", 2, 30)}
	for name, tt := range map[string]struct {
		next   []JSON
		billed int64
	}{
		"both":     {append(items[:3:3], BooleanFeature("more")), 0},
		"one less": {items[:2], -2*35100 + 4*35100}, // five seats in use, one of them included
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Feature("more", "boolean")
			w.Product("p", "main", items...)
			w.CustomerWithCard("c", "p")
			w.Track("c", "seats", 5)
			w.Billed("c", 36500, 73200)
			w.Advance("15d")
			w.Post("/v1/products/p", JSON{"items": tt.next})
			w.Attach("c", "p")
			if tt.billed == 0 {
				w.Track("c", "seats", -1)
				w.Track("c", "seats", 1)
				w.Billed("c", 36500, 73200)
				return
			}
			w.Billed("c", 36500, 73200, tt.billed)
		})
	}
}
