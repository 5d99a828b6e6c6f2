package attach

import (
	"testing"

	. "windfall/tests/world"
)

// shown previews a purchase, makes it, pays its page, and checks that what it billed is
// what the preview showed, in cents.
func shown(w *World, body JSON, want int64) {
	w.Helper()
	before := len(w.Invoices("c"))
	preview := w.Post("/v1/attach/preview", body)
	w.Want("shown", ValueAt(preview, "due_today.total"), float64(want)/100)
	said := w.Post("/v1/attach", body)
	if page, _ := said["checkout_url"].(string); page != "" {
		w.Pay(page)
	}
	w.WaitIdle()
	var billed int64
	for _, in := range w.Invoices("c")[before:] {
		billed += in.Total
	}
	w.Want("billed", billed, want)
}

// What waits for the next invoice, and what lowers it, is shown as it is charged.
func TestWhatWaitsIsShownAsItIsCharged(t *testing.T) {
	t.Parallel()
	item := func(more string) func(w *World) {
		return func(w *World) {
			w.CallStripe("POST", "/v1/invoiceitems", "customer="+w.StripeID("c")+"&description=By hand"+more)
		}
	}
	coupon := func(form string) func(w *World) {
		return func(w *World) {
			w.CallStripe("POST", "/v1/coupons", "id=C&duration=forever&"+form)
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=C")
		}
	}
	both := func(steps ...func(*World)) func(*World) {
		return func(w *World) {
			for _, do := range steps {
				do(w)
			}
		}
	}
	foreign := func(w *World) {
		w.CallStripe("POST", "/v1/products", "id=theirs&name=Theirs")
		w.CallStripe("POST", "/v1/coupons", "id=C&duration=forever&percent_off=50&applies_to[products][0]=theirs")
		w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "coupon=C")
	}
	use, page := JSON{"product_id": "use"}, JSON{"force_checkout": true}
	for name, tt := range map[string]struct {
		before func(w *World)
		body   JSON
		want   int64
	}{
		"use alone with a reward, beside an item":              {item("&amount=900&currency=usd"), Merge(JSON{}, use, JSON{"reward": "quarter"}), 675},
		"use alone with an amount, beside an item":             {item("&amount=900&currency=usd"), Merge(JSON{}, use, JSON{"reward": "five"}), 400},
		"the same, on a page":                                  {item("&amount=900&currency=usd"), Merge(JSON{}, use, page, JSON{"reward": "quarter"}), 675},
		"a plan with a reward, beside an item":                 {item("&amount=900&currency=usd"), JSON{"product_id": "pro", "reward": "quarter"}, 2175},
		"an item in another currency":                          {item("&amount=900&currency=eur"), JSON{"product_id": "pro"}, 2000},
		"an amount off in another currency":                    {coupon("amount_off=400&currency=eur"), JSON{"product_id": "pro"}, 2000},
		"the same, with a one-off":                             {coupon("amount_off=400&currency=eur"), JSON{"product_id": "once"}, 1200},
		"a coupon for a product of others, beside an item":     {both(foreign, item("&amount=900&currency=usd")), JSON{"product_id": "pro"}, 2900},
		"the same, and the item is of that product":            {both(foreign, item("&price_data[product]=theirs&price_data[currency]=usd&price_data[unit_amount]=900")), JSON{"product_id": "pro"}, 2450},
		"a trial with a one-off price and a reward, on a page": {func(*World) {}, Merge(JSON{}, page, JSON{"product_id": "tried", "reward": "five"}), 0},
		"a trial with a one-off price, on a page":              {func(*World) {}, Merge(JSON{}, page, JSON{"product_id": "tried"}), 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t) // an alarm that rings fails the test
			w.Feature("messages", "single_use")
			w.Product("pro", "main", Price(20))
			w.Product("once", "y", OneTimePrice(12)).AddOn()
			w.Product("use", "u", Overage("messages", 0, 1, 10))
			w.Product("tried", "main", Price(20), OneTimePrice(5)).Trial(7)
			for id, terms := range map[string]JSON{"quarter": {"type": "percentage_discount", "discount_value": 25}, "five": {"type": "fixed_discount", "discount_value": 5}} {
				w.Post("/v1/rewards", JSON{"id": id, "name": id, "type": terms["type"], "discount_config": JSON{"discount_value": terms["discount_value"], "duration_type": "one_off", "apply_to_all": true}})
			}
			w.CustomerWithCard("c")
			tt.before(w)
			shown(w, Merge(JSON{"customer_id": "c"}, tt.body), tt.want)
		})
	}
}

// Packs that staff added without a charge were not paid, and so are not credited.
func TestPacksThatNobodyPaidForAreNotCredited(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *World){
		"an end":   func(w *World) { w.Cancel("c", "packs", JSON{"cancel_immediately": true, "prorate": true}) },
		"a change": func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
		"a preview": func(w *World) {
			shown(w, JSON{"customer_id": "c", "product_id": "free", "plan_schedule": "immediate"}, -1750)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.Feature("messages", "single_use")
			w.Product("packs", "main", Price(15), Prepaid("messages", 10, 100, "month"))
			w.Product("free", "main", Messages(5))
			w.CustomerWithCard("c")
			w.Attach("c", "packs", Quantity("messages", 200)) // 35.00
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			for _, item := range ValueAt(w.AtStripe("c"), "subscriptions.0.items.data").([]any) {
				if ValueAt(item, "price.unit_amount") == 1000.0 {
					w.ChangeSubscription("c", JSON{"proration_behavior": "none", "items": []JSON{{"id": ValueAt(item, "id"), "quantity": 5}}})
				}
			}
			w.WaitIdle()
			before := len(w.Invoices("c"))
			end(w)
			w.WaitIdle()
			var billed int64
			for _, in := range w.Invoices("c")[before:] {
				billed += in.Total
			}
			if billed < -1751 || billed > -1749 {
				t.Errorf("credited %d, want half of 35.00", -billed)
			}
		})
	}
}

// What is to end is on its subscription until then, with its interval.
func TestAnotherIntervalBesideWhatIsToEnd(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Product("addon", "a", Price(5)).AddOn()
	w.Product("pro", "main", Price(20))
	w.Product("year", "main", JSON{"price": 200, "interval": "year"})
	w.CustomerWithCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"addon", "pro"}})
	w.Cancel("c", "addon")
	for _, path := range []string{"/v1/attach/preview", "/v1/checkout", "/v1/attach"} {
		w.Refused(400, "invalid_request", path, JSON{"customer_id": "c", "product_id": "year"})
	}
}
