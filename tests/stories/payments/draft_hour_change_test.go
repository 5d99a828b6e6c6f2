package payments

import (
	"net/url"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A changeInTheDraftHour is made while the renewal of "use" is a draft, and the
// product after it ends in the same hour.
type changeInTheDraftHour struct {
	make    func(w *World, sub string)
	product string // after it
	kept    int64  // what is paid for the new period without a credit, in cents
	back    int64  // how much of that an end with prorate gives back
}

// left is the share of an amount for the time left of the month after T1, half
// an hour into it.
func left(cents int64) int64 {
	whole, gone := int64(T2.Sub(T1).Seconds()), int64(halfHour.Seconds())
	return (cents*(whole-gone) + whole/2) / whole
}

func changesInTheDraftHour() map[string]changeInTheDraftHour {
	attach := func(product string) func(*World, string) {
		return func(w *World, _ string) { w.Attach("c", product, JSON{"plan_schedule": "immediate"}) }
	}
	staff := func(body JSON) func(*World, string) {
		return func(w *World, sub string) { w.Post("/_local/subscriptions/"+sub, body) }
	}
	price := func(behavior string) func(*World, string) {
		return func(w *World, sub string) { priceOfCents(w, sub, 6000, behavior) }
	}
	return map[string]changeInTheDraftHour{
		"upgrade":                                           {attach("big"), "big", 2000 - left(2000) + left(6000), left(6000)},
		"downgrade at once":                                 {attach("small"), "small", 2000 - left(2000) + left(1000), left(1000)},
		"another interval":                                  {attach("yearly"), "yearly", 2000 - left(2000) + 20000, 20000},
		"a trial":                                           {attach("tried"), "tried", 2000 - left(2000), 0},
		"a trial at Stripe":                                 {staff(JSON{"trial_end": T1.AddDate(0, 0, 5).Unix()}), "use", 2000 - left(2000), 0},
		"a trial at Stripe, invoiced":                       {staff(JSON{"trial_end": T1.AddDate(0, 0, 5).Unix(), "proration_behavior": "always_invoice"}), "use", 2000 - left(2000), 0},
		"a trial at Stripe, no credit":                      {staff(JSON{"trial_end": T1.AddDate(0, 0, 5).Unix(), "proration_behavior": "none"}), "use", 0, 0},
		"a period at Stripe":                                {staff(JSON{"billing_cycle_anchor": "now"}), "use", 2000 - left(2000) + 2000, 2000},
		"a period at Stripe, no credit":                     {staff(JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"}), "use", 2000, 2000},
		"a price at Stripe":                                 {price("create_prorations"), "big", 0, 0},
		"a price at Stripe, invoiced":                       {price("always_invoice"), "big", 2000 - left(2000) + left(6000), left(6000)},
		"a price at Stripe, no credit, then cheaper":        {func(w *World, sub string) { price("none")(w, sub); attach("small")(w, sub) }, "small", 2000 - left(2000) + left(1000), left(1000)},
		"a cheaper price at Stripe, no credit, then back":   {func(w *World, sub string) { priceOfCents(w, sub, 1000, "none"); attach("use")(w, sub) }, "use", 2000 - left(1000) + left(2000), left(2000)},
		"a cheaper price at Stripe, no credit, then dearer": {func(w *World, sub string) { priceOfCents(w, sub, 1000, "none"); attach("big")(w, sub) }, "big", 2000 - left(1000) + left(6000), left(6000)},
		"a price at Stripe, no credit":                      {price("none"), "big", 0, 0},
	}
}

// shopInTheDraftHour is half an hour into the draft hour of "use", beside the
// products that it can be changed to.
func shopInTheDraftHour(t *testing.T) (w *World, sub string) {
	w = usedUp(t)
	w.Product("big", "main", Price(60), Overage("words", 100, 1, 1))
	w.Product("small", "main", Price(10), Overage("words", 100, 1, 1))
	w.Product("yearly", "main", JSON{"price": 200, "interval": "year"}, JSON{"feature_id": "words", "included_usage": 100, "price": 1, "billing_units": 1, "usage_model": "pay_per_use", "interval": "year"})
	w.Product("tried", "main", Price(30), Overage("words", 100, 1, 1)).Trial(7)
	w.CustomerWithEmailAndCard("other") // buys, so that Stripe knows the price
	w.Attach("other", "big")
	w.CustomerWithEmailAndCard("another")
	w.Attach("another", "small")
	w.AdvanceTo(T1.Add(halfHour))
	return w, w.Invoices("c")[0].Subscription
}

// priceOfCents has staff put the price of a fee in cents on a subscription.
func priceOfCents(w *World, sub string, cents float64, behavior string) {
	w.Post("/_local/subscriptions/"+sub, JSON{"items": []JSON{{"id": itemsOf(w, sub)[0], "price": priceAt(w, cents)}}, "proration_behavior": behavior})
}

func itemsOf(w *World, sub string) (ids []any) {
	for _, item := range ValueAt(w.CallStripe("GET", "/v1/subscriptions/"+sub, ""), "items.data").([]any) {
		if ValueAt(item, "price.recurring.usage_type") == "licensed" {
			ids = append(ids, ValueAt(item, "id"))
		}
	}
	return ids
}

// priceAt finds the price at Stripe of a fee in cents.
func priceAt(w *World, cents float64) string {
	for _, p := range w.CallStripe("GET", "/v1/prices", url.Values{"limit": {"100"}, "active": {"true"}}.Encode())["data"].([]any) {
		if ValueAt(p, "unit_amount") == cents && ValueAt(p, "recurring.usage_type") == "licensed" {
			return ValueAt(p, "id").(string)
		}
	}
	w.Fatalf("no price of %v", cents)
	return ""
}

// After any change in the draft hour an end charges the closed period's use once,
// and of the new period what the change has charged or relied upon.
func TestRX4EndAfterAChangeInTheDraftHour(t *testing.T) {
	t.Parallel()
	for name, change := range changesInTheDraftHour() {
		for how, end := range ends {
			if how == "ended by Stripe" { // a second later is another moment
				continue
			}
			if name != "upgrade" && name != "a trial" && (how == "free at once" || how == "deleted at Stripe") { // as the two cancellations
				continue
			}
			want := 2000 + 5000 + change.kept
			if how == "cancelled, prorated" || how == "free at once" || how == "deleted at Stripe, prorated" {
				want -= change.back
			}
			if name == "a price at Stripe" && (how == "cancelled, prorated" || how == "free at once") {
				want += 2000 - left(2000) // the invoice of the credit has what waited
			}
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				w, sub := shopInTheDraftHour(t)
				change.make(w, sub)
				end(w, change.product, sub)
				w.AdvanceTo(T1.AddDate(0, 1, 4))
				netInAll(w, "c", want)
				w.HasProducts("c", "free active")
				w.Redeliver("invoice.created", "customer.subscription.deleted", "customer.subscription.updated", "invoice.updated")
				w.AdvanceTo(T1.AddDate(0, 1, 4).Add(24 * time.Hour))
				netInAll(w, "c", want)
			})
		}
	}
}

// Who credits the period at Stripe in its draft hour has it charged, too.
func TestRX4EndWithACreditOfStaffsInTheDraftHour(t *testing.T) {
	t.Parallel()
	for name, change := range changesInTheDraftHour() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, sub := shopInTheDraftHour(t)
			want := 2000 + 7000 - left(2000)
			if name == "upgrade" || name == "downgrade at once" || name == "a price at Stripe, invoiced" {
				change.make(w, sub)
				want = 2000 + 5000 + change.kept - change.back
			}
			w.CallStripe("DELETE", "/v1/subscriptions/"+sub, "prorate=true&invoice_now=true")
			w.AdvanceTo(T1.AddDate(0, 1, 4))
			netInAll(w, "c", want)
		})
	}
}

// netInAll checks what a customer has paid in all, less what is credited, in
// cents, and that nothing else is to come.
func netInAll(w *World, customer string, want int64) {
	w.Helper()
	var sum, paid int64
	for _, in := range w.Invoices(customer) {
		switch in.Status {
		case "paid":
			sum += in.Total
		case "open":
			w.Errorf("invoice %s of %d is open", in.ID, in.Total)
		}
	}
	side := w.AtStripe(customer)
	for _, in := range w.CallStripe("GET", "/v1/invoices", url.Values{"customer": {w.StripeID("c")}, "limit": {"100"}}.Encode())["data"].([]any) {
		paid += int64(ValueAt(in, "amount_paid").(float64))
	}
	balance := int64(ValueAt(side, "customer.balance").(float64))
	if sum != want || paid+balance != want {
		w.Errorf("%s paid %d in all with a balance of %d, invoices of %d, want %d: %v", customer, paid, balance, sum, want, w.Invoices(customer))
	}
	w.NothingWaits(ValueAt(side, "customer.id").(string))
}

// What an end has taken off a draft does not count against a change of what goes
// on: it was never charged.
func TestChangeAfterAnEndOfOneOfTwoInTheDraftHour(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("use", "main", Price(20), Overage("words", 100, 1, 1))
	w.Product("big", "main", Price(60), Overage("words", 100, 1, 1))
	w.Product("more", "", Price(30)).AddOn()
	w.CustomerWithEmailAndCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"use", "more"}})
	w.AdvanceTo(T1.Add(halfHour))
	w.Cancel("c", "more", Immediately())
	w.Attach("c", "big")
	w.AdvanceTo(T1.AddDate(0, 0, 4))
	netInAll(w, "c", 2000+3000+2000-left(2000)+left(6000))
}
