package atstripe

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A discount that runs lowers neither an item of staff's that takes none, nor what is
// billed right after a change on an invoice of its own but by the customer's discount.
// What is shown is charged.
func TestADiscountBesideAChange(t *testing.T) {
	t.Parallel()
	waits := func(w *World) {
		w.CustomerWithCard("c", "pro")
		w.AdvanceTo(T0.AddDate(0, 0, 10))
		w.CallStripe("POST", "/v1/invoiceitems", "customer="+w.StripeID("c")+"&amount=700&currency=usd&description=Set-up&discountable=false")
	}
	used := func(w *World) {
		w.CustomerWithCard("c", "pro_use")
		w.Track("c", "messages", 500)
		w.AdvanceTo(T0.AddDate(0, 0, 15))
	}
	seats := func(w *World) {
		w.Feature("desks", "continuous_use")
		w.Product("nothing", "desks", Lifetime("desks", 4))
		w.Product("team", "desks", Price(30), Seats("desks", 1, 12, "prorate_immediately", "prorate_immediately"))
		w.CustomerWithCard("c", "nothing")
		w.Track("c", "desks", 4)
	}
	at := func(c string) string { return "percent_off=50&duration=" + c }
	for name, tt := range map[string]struct {
		before  func(w *World)
		on, off string
		product string
		want    int64
	}{
		"an item without discount, the customer's":        {waits, "customer", at("forever"), "premium", 1700},
		"an item without discount, the subscription's":    {waits, "subscription", at("forever"), "premium", 1700},
		"an item without discount, once":                  {waits, "subscription", at("once"), "premium", 1700},
		"an item without discount, an amount":             {waits, "customer", "amount_off=900&currency=usd&duration=forever", "premium", 2700},
		"use billed after, the customer's":                {used, "customer", at("forever"), "free", 1500},
		"use billed after, the subscription's":            {used, "subscription", at("forever"), "free", 3500},
		"use billed after, once":                          {used, "customer", at("once"), "free", 3500},
		"use billed after, an amount":                     {used, "customer", "amount_off=900&currency=usd&duration=forever", "free", 2550},
		"seats billed after, the customer's":              {seats, "customer", at("forever"), "team", 3300},
		"seats billed after, once":                        {seats, "customer", at("once"), "team", 5100},
		"seats billed after, an amount":                   {seats, "customer", "amount_off=900&currency=usd&duration=forever", "team", 4800},
		"seats billed after, an amount above the product": {seats, "customer", "amount_off=4000&currency=usd&duration=once", "team", 3600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			tt.before(w)
			w.CallStripe("POST", "/v1/coupons", "id=OFF&"+tt.off)
			if tt.on == "customer" {
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=OFF")
			} else {
				w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "coupon=OFF")
			}
			w.WaitIdle()
			body := JSON{"customer_id": "c", "product_id": tt.product, "plan_schedule": "immediate"}
			if tt.product == "team" {
				delete(body, "plan_schedule")
			}
			shown := w.Post("/v1/attach/preview", body)["due_today"]
			before := len(w.Invoices("c"))
			w.Post("/v1/attach", body)
			w.WaitIdle()
			var sum int64
			for _, in := range w.Invoices("c")[before:] {
				sum += in.Total
			}
			w.Want("charged", sum, tt.want)
			w.Want("shown", ValueAt(shown, "total"), float64(tt.want)/100)
		})
	}
}

// The period was paid under the customer's discount, and then the subscription gets
// one of its own, which takes its place: an end gives back what was paid of the half
// that is left.
func TestADiscountTakesThePlaceOfTheOneThatPaid(t *testing.T) {
	t.Parallel()
	for name, paid := range map[string]int64{"percent_off=100": 0, "percent_off=80": 400, "amount_off=1500&currency=usd": 500} {
		for what, do := range map[string]func(w *World){
			"end":    func(w *World) { w.Cancel("c", "pro", JSON{"cancel_immediately": true, "prorate": true}) },
			"change": func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
		} {
			t.Run(name+", "+what, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.PlanChangeCatalog()
				w.CustomerWithCard("c", "pro")
				w.CallStripe("POST", "/v1/coupons", "id=ONE&duration=forever&"+name)
				w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=ONE")
				w.AdvancePastRenewal(T1)
				w.AdvanceTo(T1.Add(15*24*time.Hour + 12*time.Hour))
				w.CallStripe("POST", "/v1/coupons", "id=TWO&duration=forever&percent_off=10")
				w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "coupon=TWO")
				do(w)
				if paid == 0 {
					w.Billed("c", 2000, 0)
					return
				}
				w.Billed("c", 2000, paid, -paid/2)
			})
		}
	}
}

// An item of staff's that waits for the customer is on the first invoice of a new
// subscription: it is shown, and no alarm rings.
func TestAnItemOfTheCustomersComesWithANewSubscription(t *testing.T) {
	t.Parallel()
	for _, amount := range []string{"1500", "-400", "1500&discountable=false"} {
		for _, off := range []string{"", "percent_off=50&duration=forever"} {
			for _, page := range []bool{false, true} {
				t.Run(fmt.Sprint(amount, off, page), func(t *testing.T) {
					t.Parallel()
					w := New(t)
					w.PlanChangeCatalog()
					w.CustomerWithCard("c")
					if off != "" {
						w.CallStripe("POST", "/v1/coupons", "id=OFF&"+off)
						w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=OFF")
					}
					w.CallStripe("POST", "/v1/invoiceitems", "customer="+w.StripeID("c")+"&amount="+amount+"&currency=usd&description=Set-up")
					body := JSON{"customer_id": "c", "product_id": "pro", "force_checkout": page}
					shown := ValueAt(w.Post("/v1/attach/preview", body), "due_today.total")
					if at, is := w.Post("/v1/attach", body)["checkout_url"].(string); is {
						w.Pay(at)
					}
					w.WaitIdle()
					w.Want("charged", float64(w.Invoices("c")[0].Total)/100, shown)
					w.Want("alarms", w.InvoiceMismatches("c"), nil)
				})
			}
		}
	}
}
