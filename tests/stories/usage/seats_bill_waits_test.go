package usage

import (
	"net/url"
	"testing"
	"time"

	"windfall/local/stripesim"
	. "windfall/tests/world"
)

// noInvoices has Stripe refuse each invoice that is made, until it is called.
func noInvoices(w *World) (again func()) {
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method == "POST" && path == "/v1/invoices" {
			return stripesim.RefuseBefore
		}
		return stripesim.FaultNone
	})
	return func() { w.Stack.Sim.SetFault(nil) }
}

// paidForSeats is what the customer's invoices have for seats.
func paidForSeats(w *World) (sum float64) {
	for _, in := range w.Invoices("c") {
		for _, l := range ValueAt(w.CallStripe("GET", "/v1/invoices/"+in.ID, ""), "lines.data").([]any) {
			if use, is := ValueAt(l, "metadata").(JSON)["use"].(string); is && use != "" {
				sum += ValueAt(l, "amount").(float64)
			}
		}
	}
	return sum
}

// While the bill of a month's seats waits, their time can't be exchanged: it would be
// charged with the change, and by that bill.
func TestINT27NoChangeWhileSeatsWaitForTheirBill(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"year", "quarter", "month"} {
		t.Run(interval, func(t *testing.T) {
			t.Parallel()
			w := seatsWithin(t, interval)
			w.Product("large", "main", Every(interval, Price(200)), Seats("seats", 0, 31, "prorate_immediately", "none"))
			large := JSON{"customer_id": "c", "product_id": "large"}
			w.AdvanceTo(T1.Add(-time.Hour))
			again := noInvoices(w)
			if interval == "month" {
				w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
					if method == "POST" && path == "/v1/invoiceitems" {
						return stripesim.RefuseBefore
					}
					return stripesim.FaultNone
				})
			}
			w.AdvanceTo(T1.Add(20 * time.Minute))
			again()
			w.Refused(400, "unpaid_invoice", "/v1/attach/preview", large)
			w.Refused(400, "unpaid_invoice", "/v1/attach", large)
			w.Advance("3h")
			w.Want("April and May", paidForSeats(w), 6200.0)
			w.Attach("c", "large")
			w.Advance("3h")
			w.Want("April and May, once", paidForSeats(w), 6200.0)
		})
	}
}

// Before the schedule has come, the month's seats are as good as billed.
func TestINT27NoChangeBeforeTheScheduleHasBilled(t *testing.T) {
	t.Parallel()
	w := seatsWithin(t, "year")
	w.Product("large", "main", Every("year", Price(200)), Seats("seats", 0, 31, "prorate_immediately", "none"))
	withoutSchedule(w, T2.AddDate(0, 0, 2), func() {
		w.Refused(400, "unpaid_invoice", "/v1/attach", JSON{"customer_id": "c", "product_id": "large"})
	})
	w.Billed("c", 10000, 3100, 3100, 3100)
	w.Attach("c", "large")
	w.Want("seats to June", paidForSeats(w), 9300.0)
}

// A customer without an address, where a tax is computed: what is owed for seats is kept,
// tried again, and billed once when Stripe knows where they are.
func TestINT28SeatsWithoutAnAddressStayOwed(t *testing.T) {
	t.Parallel()
	for _, interval := range []string{"month", "year"} {
		t.Run(interval, func(t *testing.T) {
			t.Parallel()
			h := &MetricLog{}
			w := h.World(t)
			w.Feature("seats", "continuous_use")
			w.Product("p", "main", Every(interval, Price(100)), Seats("seats", 0, 30, "prorate_immediately", "none"))
			w.Product("large", "main", Every(interval, Price(200)), Seats("seats", 0, 30, "prorate_immediately", "none"))
			w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
			w.Post("/v1/customers", JSON{"id": "c", "address": JSON{"country": "SG"}})
			w.PutGoodCard("c")
			w.Attach("c", "p")
			nowhere := url.Values{"address": {""}}.Encode()
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), nowhere)
			w.Track("c", "seats", 10)
			w.Advance("1d")
			w.Track("c", "seats", 1) // 29 of 30 days: 29.00 and its tax
			w.Advance("2d")
			w.Billed("c", 10900)
			if h.Sum("SweepFailed") == 0 {
				t.Error("no alarm rings while seats are not billed")
			}
			w.Call("PATCH", "/v1/customers/c", JSON{"address": JSON{"country": "SG"}})
			w.Refused(400, "unpaid_invoice", "/v1/attach", JSON{"customer_id": "c", "product_id": "large"})
			w.Advance("1h")
			w.Billed("c", 10900, 32700, 3161)
			w.Advance("3d")
			w.Billed("c", 10900, 32700, 3161)
			w.Attach("c", "large")
		})
	}
}
