package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// yearsWithSeats sells a year for 366.00 with seats at 31.00 a month, and one for 732.00
// with seats at 62.00.
func yearsWithSeats(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", Every("year", Price(366)), Seats("seats", 0, 31, "prorate_immediately", "none"))
	w.Product("year2", "main", Every("year", Price(732)), Seats("seats", 0, 62, "prorate_immediately", "none"))
	return w
}

// In the hour before Stripe charges the invoice of a month to the card, its seats can be
// exchanged, as with the draft of a renewal.
func TestINT34AChangeBeforeTheInvoiceOfAMonthIsCharged(t *testing.T) {
	t.Parallel()
	year2, year := JSON{"product_id": "year2"}, JSON{"product_id": "year", "plan_schedule": "immediate"}
	for _, tt := range []struct {
		name  string
		from  string
		to    JSON
		due   int
		want  []int64
		after time.Duration
	}{
		{"an upgrade", "year", year2, 336 + 31, []int64{36600, 3100, 3100, 36700}, 0},
		{"an upgrade, half an hour later", "year", year2, 336 + 31, []int64{36600, 3100, 3100, 36696}, 30 * time.Minute},
		{"a downgrade at once", "year2", year, -336 - 31, []int64{73200, 6200, 6200, -36700}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := yearsWithSeats(t)
			w.CustomerWithCard("c", tt.from)
			w.Track("c", "seats", 1)
			w.WaitIdle()
			w.AdvanceTo(T1.Add(tt.after))
			last := w.Invoices("c")
			w.Want("the invoice of the month", last[len(last)-1].Status, "open")
			ask := Merge(JSON{"customer_id": "c"}, tt.to)
			preview := w.Post("/v1/attach/preview", ask)
			w.Post("/v1/attach", ask)
			w.Billed("c", tt.want...)
			if tt.after == 0 {
				w.Want("preview", ValueAt(preview, "due_today.total"), tt.due)
			}
			w.Advance("2h")
			for _, in := range w.Invoices("c") {
				w.Want(in.ID, in.Status, "paid")
			}
			w.NothingUnbilled("c")
		})
	}
}

// What Stripe has tried to charge, or has sent, is owed: its time is not exchanged.
func TestINT34NotOnceTheInvoiceIsOwed(t *testing.T) {
	t.Parallel()
	t.Run("the card is declined", func(t *testing.T) {
		t.Parallel()
		w := yearsWithSeats(t)
		w.CustomerWithCard("c", "year")
		w.Track("c", "seats", 1)
		w.WaitIdle()
		w.AdvanceTo(T1.Add(-time.Hour))
		w.PutFailingCard("c")
		w.Advance("3h")
		w.PutGoodCard("c")
		w.Refused(400, "unpaid_invoice", "/v1/attach", JSON{"customer_id": "c", "product_id": "year2"})
		w.Billed("c", 36600, 3100, 3100)
	})
	t.Run("exchanged first, and declined then", func(t *testing.T) {
		t.Parallel()
		w := yearsWithSeats(t)
		w.CustomerWithCard("c", "year2")
		w.Track("c", "seats", 1)
		w.AdvanceTo(T1.Add(-time.Hour))
		w.PutFailingCard("c")
		w.AdvanceTo(T1)
		w.Attach("c", "year", JSON{"plan_schedule": "immediate"})
		w.Advance("3h")
		w.PutGoodCard("c")
		w.Refused(400, "unpaid_invoice", "/v1/attach", JSON{"customer_id": "c", "product_id": "year2"})
		w.Billed("c", 73200, 6200, 6200, -36700)
	})
}
