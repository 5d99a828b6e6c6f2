package usage

import (
	"net/url"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// What came of seats that are gone is nothing to those that are taken afterwards: eight
// seats at half price, freed four by four, give back what they cost, and no more.
func TestSeatsThatAreGonePayForNoOthers(t *testing.T) {
	t.Parallel()
	const refund = 0 // a round in which staff refund the last payment, where they do
	for name, before := range map[string]func(w *World, rounds func(...int)){
		"never any":             func(*World, func(...int)) {},
		"freed":                 func(_ *World, rounds func(...int)) { rounds(8, refund, -8) },
		"freed again and again": func(_ *World, rounds func(...int)) { rounds(8, refund, -8, 8, refund, -8, 5, refund, -3, -2) },
		"freed one by one":      func(_ *World, rounds func(...int)) { rounds(8, refund, -1, -1, -1, -1, -1, -1, -1, -1) },
		"ended with a credit":   endsWith("plan", true),
		"ended without one":     endsWith("plan", false),
		"an add-on, ended with a credit": func(w *World, rounds func(...int)) {
			w.Attach("d", "seated")
			endsWith("seated", true)(w, rounds)
		},
		"an add-on, ended without one": func(w *World, rounds func(...int)) {
			w.Attach("d", "seated")
			endsWith("seated", false)(w, rounds)
		},
		"one of two on a subscription, ended with a credit, put back by staff": putBackByStaff(true),
		"one of two on a subscription, ended without one, put back by staff":   putBackByStaff(false),
		"changed there and back": func(w *World, rounds func(...int)) {
			rounds(8, refund)
			w.Attach("d", "big", JSON{"plan_schedule": "immediate"})
			rounds(-8)
			w.Attach("d", "plan", JSON{"plan_schedule": "immediate"})
		},
	} {
		for _, paid := range []string{"given", "refunded", "paid"} {
			for _, gap := range []string{"at once", "2d"} {
				t.Run(name+", "+paid+", "+gap, func(t *testing.T) {
					t.Parallel()
					w := New(t)
					w.Feature("seats", "continuous_use")
					for id, group := range map[string]string{"plan": "main", "seated": "other", "big": "main"} {
						price := 10.0
						if id == "seated" {
							price = 11
						}
						p := w.Product(id, group, Price(price), Seats("seats", 0, 12, "prorate_immediately", "prorate_immediately"))
						if id == "seated" {
							p.AddOn()
						}
					}
					w.Product("base", "third", Price(30)).AddOn()
					w.CustomerWithCard("d")
					if !strings.HasPrefix(name, "an add-on") && !strings.HasPrefix(name, "one of two") {
						w.Attach("d", "plan")
					}
					w.CallStripe("POST", "/v1/coupons", "id=ALL&percent_off=100&duration=forever")
					w.CallStripe("POST", "/v1/coupons", "id=HALF&percent_off=50&duration=forever")
					w.AdvanceTo(T0.AddDate(0, 0, 15))
					if paid == "given" {
						w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=ALL")
					}
					rounds := func(steps ...int) {
						for _, n := range steps {
							if n != refund {
								w.Track("d", "seats", n)
								w.WaitIdle()
							} else if paid == "refunded" {
								refundLast(w, "d")
							}
						}
					}
					before(w, rounds)
					if gap != "at once" {
						w.Advance(gap)
					}
					w.CallStripe("POST", "/v1/customers/"+w.StripeID("d"), "coupon=HALF")
					w.WaitIdle()
					was := owed(w, "d")
					w.Track("d", "seats", 8)
					cost := owed(w, "d") - was
					w.Track("d", "seats", -4)
					half := owed(w, "d") - was
					w.Track("d", "seats", -4)
					if left := owed(w, "d") - was; left < -1 || left > 1 || cost < 1800 || half < cost/2-1 || half > cost/2+1 {
						t.Errorf("cost %d, %d after four were freed, %d after all", cost, half, left)
					}
					w.NothingUnbilled("d")
				})
			}
		}
	}
}

// endsWith ends a product with its seats, and begins it anew.
func endsWith(product string, prorate bool) func(w *World, rounds func(...int)) {
	return func(w *World, rounds func(...int)) {
		rounds(8, 0)
		w.Cancel("d", product, JSON{"cancel_immediately": true, "prorate": prorate})
		w.Attach("d", product)
		w.WaitIdle()
	}
}

// putBackByStaff ends one of two products of a subscription, and begins it there again.
func putBackByStaff(prorate bool) func(w *World, rounds func(...int)) {
	return func(w *World, rounds func(...int)) {
		w.Post("/v1/attach", JSON{"customer_id": "d", "product_ids": []string{"base", "seated"}})
		w.WaitIdle()
		rounds(8, 0)
		var sub, price string
		for _, s := range w.AtStripe("d")["subscriptions"].([]any) {
			if items := ValueAt(s, "items.data").([]any); len(items) > 1 {
				sub = ValueAt(s, "id").(string)
				for _, item := range items {
					if ValueAt(item, "price.unit_amount") == float64(1100) {
						price = ValueAt(item, "price.id").(string)
					}
				}
			}
		}
		w.Cancel("d", "seated", JSON{"cancel_immediately": true, "prorate": prorate})
		w.CallStripe("POST", "/v1/subscriptions/"+sub, "items[0][price]="+price+"&proration_behavior=none")
		w.WaitIdle()
	}
}

func refundLast(w *World, customer string) {
	w.Helper()
	_, text, err := w.Stack.Stripe("GET", "/v1/charges", url.Values{"customer": {w.StripeID(customer)}, "limit": {"1"}})
	if err != nil {
		w.Fatal(err)
	}
	w.CallStripe("POST", "/v1/refunds", "charge="+ValueAt(ParseJSON(w.T, text), "data.0.id").(string))
	w.WaitIdle()
}
