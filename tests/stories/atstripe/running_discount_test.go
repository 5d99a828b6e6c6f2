package atstripe

import (
	"math"
	"net/url"
	"testing"

	. "windfall/tests/world"
)

// A discount that runs lowers both sides of a change, and what is charged in full
// with it; the preview says so.
func TestChangesUnderARunningDiscount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		coupon url.Values
		on     string // the subscription or the customer
		holds  string
		used   float64
		body   JSON
		want   float64 // half a month is left
	}{
		"20 % forever, dearer":            {url.Values{"percent_off": {"20"}, "duration": {"forever"}}, "subscription", "pro", 0, JSON{"product_id": "premium"}, -8 + 20},
		"4.00 forever, dearer":            {url.Values{"amount_off": {"400"}, "currency": {"usd"}, "duration": {"forever"}}, "subscription", "pro", 0, JSON{"product_id": "premium"}, -8 + 23},
		"33.3 % of the customer, cheaper": {url.Values{"percent_off": {"33.3"}, "duration": {"forever"}}, "customer", "premium", 0, JSON{"product_id": "pro", "plan_schedule": "immediate"}, -16.68 + 6.67},
		"more than it costs":              {url.Values{"amount_off": {"3000"}, "currency": {"usd"}, "duration": {"forever"}}, "subscription", "pro", 0, JSON{"product_id": "premium"}, 0 + 10},
		"free at once":                    {url.Values{"percent_off": {"20"}, "duration": {"forever"}}, "subscription", "pro", 0, JSON{"product_id": "free", "plan_schedule": "immediate"}, -8},
		"yearly, a full period":           {url.Values{"percent_off": {"20"}, "duration": {"forever"}}, "subscription", "pro", 0, JSON{"product_id": "pro_year"}, -8 + 160},
		"4.00 off, yearly":                {url.Values{"amount_off": {"400"}, "currency": {"usd"}, "duration": {"forever"}}, "subscription", "pro", 0, JSON{"product_id": "pro_year"}, -8 + 196},
		"overage with it":                 {url.Values{"percent_off": {"50"}, "duration": {"forever"}}, "subscription", "pro_use", 151, JSON{"product_id": "premium"}, -5 + 12.50 + 2.55},
		"three months":                    {url.Values{"percent_off": {"20"}, "duration": {"repeating"}, "duration_in_months": {"3"}}, "subscription", "pro", 0, JSON{"product_id": "premium"}, -8 + 20},
		"one month that is over":          {url.Values{"percent_off": {"20"}, "duration": {"repeating"}, "duration_in_months": {"1"}}, "subscription", "pro", 0, JSON{"product_id": "premium"}, -8 + 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.PlanChangeCatalog()
			w.CustomerWithCard("c", c.holds)
			c.coupon.Set("id", "OFF")
			w.CallStripe("POST", "/v1/coupons", c.coupon.Encode())
			path := "/v1/customers/" + w.StripeID("c")
			if c.on == "subscription" {
				path = "/v1/subscriptions/" + w.FirstSubscription("c")
			}
			w.CallStripe("POST", path, "coupon=OFF")
			w.AdvancePastRenewal(T1)
			w.AdvanceTo(T1.Add(T2.Sub(T1) / 2))
			if name == "one month that is over" {
				c.want = -10 + 25
			}
			if c.used > 0 {
				w.Track("c", "messages", c.used)
			}
			before := len(w.Invoices("c"))
			body := Merge(JSON{"customer_id": "c"}, c.body)
			shown := w.Post("/v1/attach/preview", body)["due_today"]
			w.Post("/v1/attach", body)
			var sum int64
			for _, in := range w.Invoices("c")[before:] {
				sum += in.Total
			}
			w.Want("preview", ValueAt(shown, "total"), c.want)
			var lines float64
			for _, l := range shown.(JSON)["line_items"].([]any) {
				off, _ := l.(JSON)["discount"].(float64)
				lines += l.(JSON)["amount"].(float64) - off
			}
			if math.Abs(lines-c.want) > 0.001 {
				t.Errorf("the lines come to %v, want %v", lines, c.want)
			}
			w.Want("charge", float64(sum)/100, c.want)
		})
	}
}

// A coupon for some products lowers those alone.
func TestChangesUnderADiscountOfSomeProducts(t *testing.T) {
	t.Parallel()
	for product, want := range map[string]float64{"pro": -8 + 25, "premium": -10 + 20} {
		w := New(t)
		w.PlanChangeCatalog()
		premium, pro := priceOf(w, "premium"), priceOf(w, "pro")
		w.CustomerWithCard("c", "pro")
		of := map[string]string{"pro": pro, "premium": premium}[product]
		sold := w.CallStripe("GET", "/v1/prices/"+of, "")["product"].(string)
		w.CallStripe("POST", "/v1/coupons", url.Values{"id": {"OFF"}, "percent_off": {"20"}, "duration": {"forever"}, "applies_to[products][0]": {sold}}.Encode())
		w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("c"), "coupon=OFF")
		w.AdvancePastRenewal(T1)
		w.AdvanceTo(T1.Add(T2.Sub(T1) / 2))
		before := len(w.Invoices("c"))
		shown := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium"})["due_today"]
		w.Attach("c", "premium")
		w.Want("preview", ValueAt(shown, "total"), want)
		w.Want("charge", float64(w.Invoices("c")[before].Total)/100, want)
	}
}
