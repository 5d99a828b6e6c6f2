package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// A change in the very second in which seats are billed by their date exchanges what that
// bill charged: later credits are as if it had come a second later.
func TestINT27AChangeInTheSecondOfTheSeatsTurn(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]time.Duration{"in that second": 0, "a second later": time.Second} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			year := func(fee float64) JSON { return Every("year", Price(fee)) }
			w.Product("small", "main", year(365), seatsOf("semi_annual", 1, 138))
			w.Product("large", "main", year(730), seatsOf("quarter", 2, 92))
			w.Product("largest", "main", year(1095), seatsOf("quarter", 2, 190))
			w.CustomerWithCard("c", "small")
			w.Track("c", "seats", 3)
			w.AdvanceTo(T0.AddDate(0, 6, 0).Add(after))
			w.Attach("c", "large") // one seat of 92.00, for 92 days
			w.Post("/v1/products/large", JSON{"items": []JSON{year(730), seatsOf("quarter", 2, 129)}})
			w.Attach("c", "large")
			w.AdvanceTo(T0.AddDate(0, 6, 10).Add(after))
			w.Attach("c", "largest")
			all := w.Invoices("c")
			last := w.CallStripe("GET", "/v1/invoices/"+all[len(all)-1].ID, "")
			w.Want("credit of the seat", ValueAt(last, "lines.data.0.amount"), -8200.0)
		})
	}
}
