package usage

import (
	"math"
	"testing"
	"time"

	. "windfall/tests/world"
)

// What a change charged for a month's seats paid that month: of the next one, whose bill
// is void, nothing is credited.
func TestINT26SeatsOfAChangePayTheirOwnMonth(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	for id, fee := range map[string]float64{"one": 100, "two": 200} {
		w.Product(id, "main", Every("year", Price(fee)), Seats("seats", 0, 31, "prorate_immediately", "none"))
	}
	w.CustomerWithCard("c", "one")
	w.Track("c", "seats", 1)
	w.Attach("c", "two") // the seat's month is exchanged
	w.Billed("c", 10000, 3100, 10000)
	w.PutFailingCard("c")
	w.AdvanceTo(T1.Add(3 * time.Hour))
	w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[3].ID+"/void", "")
	w.WaitIdle()
	w.Cancel("c", "two", JSON{"cancel_immediately": true, "prorate": true})
	w.Billed("c", 10000, 3100, 10000, 3100, -18354)
}

// A pack of seats that a new month has paid is whole: it stays so with a version.
func TestINT26PackStaysPaidWithAVersion(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Feature("support", "boolean")
	items := []JSON{Every("year", Price(365)), Merge(Seats("seats", 0, 50, "prorate_immediately", "none"), JSON{"billing_units": 5})}
	w.Product("p", "main", items...)
	w.CustomerWithCard("c", "p")
	w.Track("c", "seats", 3)
	w.AdvanceTo(T1.AddDate(0, 0, 3))
	w.Track("c", "seats", -3)
	w.Post("/v1/products/p", JSON{"items": append(items, BooleanFeature("support"))})
	w.Attach("c", "p")
	w.Track("c", "seats", 5)
	w.Billed("c", 36500, 5000, 5000)
}

// Seats that a version exchanges have an invoice of their own, which the discount of the
// subscription does not lower, and the customer's does.
func TestINT26DiscountAndSeatsOfAVersion(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		give func(w *World)
		want float64
	}{
		"the subscription's": {func(w *World) { w.Attach("c", "p", JSON{"promo_code": "OFF"}) }, 660.49},
		"the customer's": {func(w *World) {
			w.CallStripe("POST", "/v1/coupons", "id=half&percent_off=50&duration=forever")
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=half")
			w.WaitIdle()
			w.Attach("c", "p")
		}, 330.24},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("seats", "continuous_use")
			w.Product("p", "main", seatsEvery("month", 365)...)
			w.Post("/v1/rewards", JSON{"id": "off", "name": "off", "type": "percentage_discount", "promo_codes": []JSON{{"code": "OFF"}},
				"discount_config": JSON{"discount_value": 50, "duration_type": "forever", "apply_to_all": true}})
			w.CustomerWithCard("c")
			tt.give(w)
			w.Track("c", "seats", 2)
			w.Advance("15d")
			w.Post("/v1/products/p", JSON{"items": seatsEvery("year", 365)})
			preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "p"})
			w.Want("due today", ValueAt(preview, "due_today.total"), tt.want)
			w.Attach("c", "p")
			all := w.Invoices("c")
			w.Want("charged", all[len(all)-1].Total, int64(math.Round(tt.want*100)))
		})
	}
}
