package atstripe

import (
	"testing"

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
