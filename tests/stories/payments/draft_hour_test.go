package payments

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// usedUp is a customer with 50 of overage in the period that ends at T1, whose
// product costs 20 a month.
func usedUp(t *testing.T) *World {
	t.Helper()
	w := New(t)
	w.StandardCatalog()
	w.Product("use", "main", Price(20), Overage("words", 100, 1, 1))
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "use")
	w.Track("c", "words", 150)
	return w
}

// paidInAll checks what Stripe took from a customer over time, in cents, and that nothing
// else is left there: no credit, nothing to be collected, nothing waiting.
func paidInAll(w *World, customer string, want int64) {
	w.Helper()
	var sum int64
	for _, in := range w.Invoices(customer) {
		switch in.Status {
		case "paid":
			sum += in.Total
		case "open":
			w.Errorf("invoice %s of %d is open", in.ID, in.Total)
		}
	}
	if sum != want {
		w.Errorf("%s paid %d in all, want %d: %v", customer, sum, want, w.Invoices(customer))
	}
	side := w.AtStripe(customer)
	if got := ValueAt(side, "customer.balance"); got != 0.0 {
		w.Errorf("%s has a balance of %v at Stripe, want 0", customer, got)
	}
	w.NothingWaits(ValueAt(side, "customer.id").(string))
}

// ends are the ways to end a subscription at once.
var ends = map[string]func(w *World, product, subscription string){
	"cancelled at once":           func(w *World, product, _ string) { w.Cancel("c", product, Immediately()) },
	"cancelled, prorated":         func(w *World, product, _ string) { w.Cancel("c", product, Immediately(), JSON{"prorate": true}) },
	"free at once":                func(w *World, _, _ string) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
	"deleted at Stripe":           func(w *World, _, sub string) { w.Call("DELETE", "/_local/subscriptions/"+sub, nil) },
	"deleted at Stripe, prorated": func(w *World, _, sub string) { w.CallStripe("DELETE", "/v1/subscriptions/"+sub, "prorate=true") },
	"ended by Stripe": func(w *World, _, sub string) {
		w.Post("/_local/subscriptions/"+sub, JSON{"cancel_at": w.Stack.Sim.Now().Add(time.Second).Unix(), "proration_behavior": "none"})
	},
}

// An end within the hour in which the renewal is a draft bills the closed
// period's use once and the period that has just begun not at all, whatever
// ends the subscription and when.
func TestRX4EndInTheDraftHour(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		for _, after := range []time.Duration{-time.Second, 0, time.Second, 30 * time.Minute, time.Hour - time.Second} {
			if after < 0 && name == "ended by Stripe" || after == time.Hour-time.Second && name == "ended by Stripe" {
				continue // a second later it is another moment
			}
			t.Run(name+" after "+after.String(), func(t *testing.T) {
				t.Parallel()
				w := usedUp(t)
				w.AdvanceTo(T1.Add(after))
				end(w, "use", w.Invoices("c")[0].Subscription)
				w.AdvanceTo(T1.AddDate(0, 1, 4))
				paidInAll(w, "c", 2000+5000)
				w.HasProducts("c", "free active")
				w.NothingUnbilled("c")
				w.Redeliver("invoice.created", "customer.subscription.deleted", "customer.subscription.updated", "invoice.updated")
				w.AdvanceTo(T1.AddDate(0, 1, 6))
				paidInAll(w, "c", 2000+5000)
			})
		}
	}
}
