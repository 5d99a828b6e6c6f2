package usage

import (
	"net/url"
	"testing"
	"time"

	. "windfall/tests/world"
)

// Seats of 30.00 a month in each interval; the next version, or items of the customer's
// own, have them in another one.
var seatPrices = map[string]float64{"month": 30, "quarter": 90, "year": 360}

func seatsEvery(interval string, fee float64) []JSON {
	return []JSON{Every("year", Price(fee)), Every(interval, Seats("seats", 0, seatPrices[interval], "prorate_immediately", "none"))}
}

// What was paid for seats is paid once, whatever interval they repeat in from then on: the
// time left of them is credited, and that of the new interval charged.
func TestINT26AVersionWithSeatsOfAnotherInterval(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from, to string
		fee      float64
		today    float64
		year     int64 // for seats, in all: of 720.00, and what April is of a quarter or a year
	}{
		"year to month":                {"year", "month", 365, -660.49, 71951}, // −720.00 × 351 / 366, and 60.00 × 15 / 30
		"quarter to month":             {"quarter", "month", 365, -120.33, 71967},
		"month to quarter":             {"month", "quarter", 365, 120.33, 72033},
		"month to year":                {"month", "year", 365, 660.49, 72049},
		"year to month at another fee": {"year", "month", 730, -660.49, 71951},
	} {
		for _, own := range []bool{false, true} {
			if own && tt.fee != 365 {
				continue // other prices of one's own are charged at once
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("seats", "continuous_use")
				w.Product("year", "main", seatsEvery(tt.from, 365)...)
				w.CustomerWithCard("c", "year")
				w.Track("c", "seats", 2)
				w.Advance("15d")
				body := JSON{"customer_id": "c", "product_id": "year"}
				if own {
					body = Merge(body, JSON{"is_custom": true, "items": seatsEvery(tt.to, tt.fee)})
				} else {
					w.Post("/v1/products/year", JSON{"items": seatsEvery(tt.to, tt.fee)})
				}
				preview := w.Post("/v1/attach/preview", body)
				w.Want("due today", ValueAt(preview, "due_today.total"), tt.today)
				w.Post("/v1/attach", body)
				w.Track("c", "seats", -1)
				w.Track("c", "seats", 1) // it stays paid, and is taken again
				w.AdvanceTo(T0.AddDate(1, 0, 0).Add(-time.Hour))
				sum := int64(0)
				for _, in := range w.Invoices("c") {
					sum += in.Total
				}
				w.Want("the year's seats", sum-36500, tt.year)
			})
		}
	}
}

// Without seats that are paid nothing is exchanged, and what the new interval charges
// begins with the first seat.
func TestINT26AVersionWithNoSeatTaken(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", seatsEvery("year", 365)...)
	w.CustomerWithCard("c", "year")
	w.Advance("15d")
	w.Post("/v1/products/year", JSON{"items": seatsEvery("month", 730)})
	w.Attach("c", "year")
	w.Billed("c", 36500)
	w.Track("c", "seats", 2)
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 36500, 3000, 6000)
}

// The time left of a version's seats is credited with a later change, as it was paid.
func TestINT26AChangeAfterSuchAVersion(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", seatsEvery("month", 365)...)
	w.Product("large", "main", seatsEvery("month", 731)...)
	w.CustomerWithCard("c", "year")
	w.Track("c", "seats", 2)
	w.Advance("15d")
	w.Post("/v1/products/year", JSON{"items": seatsEvery("year", 365)})
	w.Attach("c", "year")
	w.Billed("c", 36500, 6000, 66049)
	w.AdvanceTo(T1)
	w.Attach("c", "large") // 336 of 366 days: 366.00 × 336 / 366 − 660.98 and a month's 60.00
	w.Billed("c", 36500, 6000, 66049, 33600-66098+6000)
}

// Seats that are owed for are no longer given up than anything else that is.
func TestINT26AVersionWhileSeatsAreUnpaid(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("year", "main", seatsEvery("year", 365)...)
	w.CustomerWithCard("c", "year")
	w.PutFailingCard("c")
	w.Track("c", "seats", 1)
	w.Post("/v1/products/year", JSON{"items": seatsEvery("month", 365)})
	w.Refused(400, "unpaid_invoice", "/v1/attach", JSON{"customer_id": "c", "product_id": "year"})
	w.Billed("c", 36500, 36000)
}

// The invoice of the seats can't be made, or not taxed, after the version was taken over
// at Stripe: it is made once that is mended, once.
func TestINT26AVersionWhoseSeatsWaitForTheirInvoice(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]func(*World) (again func()){
		"a fault": noInvoices,
		"no address": func(w *World) func() {
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), url.Values{"address": {""}}.Encode())
			return func() { w.Call("PATCH", "/v1/customers/c", JSON{"address": JSON{"country": "SG"}}) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("year", "main", seatsEvery("month", 365)...)
			w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
			w.Post("/v1/customers", JSON{"id": "c", "address": JSON{"country": "SG"}})
			w.PutGoodCard("c")
			w.Attach("c", "year")
			w.Track("c", "seats", 2)
			w.Advance("15d")
			w.Post("/v1/products/year", JSON{"items": seatsEvery("year", 365)})
			again := away(w)
			if a := w.Do(w.Stack.Key, "POST", "/v1/attach", JSON{"customer_id": "c", "product_id": "year"}); a.Status < 500 {
				t.Errorf("%d %s", a.Status, a.Text)
			}
			w.Advance("2h")
			w.Billed("c", 39785, 6540)
			again()
			w.Advance("2h")
			w.Billed("c", 39785, 6540, 71993) // 690.49 + 62.14 − 30.00 − 2.70: the tax of each line
			w.Want("version", ValueAt(w.Get("/v1/customers/c"), "products.0.version"), 2)
			w.Advance("1d")
			w.Billed("c", 39785, 6540, 71993)
		})
	}
}
