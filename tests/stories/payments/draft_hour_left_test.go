package payments

import (
	"net/url"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// halfHour is within the hour in which the renewal is a draft.
const halfHour = 30 * time.Minute

// What waits at Stripe for the next invoice of a subscription is billed when
// the subscription ends, in whatever way and whenever. Seats of the period that
// has just begun are not charged, neither in advance nor with the next cycle.
func TestRX4EndWithSeatsThatWait(t *testing.T) {
	t.Parallel()
	for name, end := range ends {
		for when, at := range map[string]time.Time{"within the period": T1.AddDate(0, 0, -3), "a second before its end": T1.Add(-time.Second), "in the draft hour": T1.Add(halfHour)} {
			if name == "ended by Stripe" || at.Before(T1.Add(-time.Minute)) && (strings.Contains(name, "prorated") || name == "free at once") {
				continue // Stripe bills what waits; or three days are credited
			}
			t.Run(name+" "+when, func(t *testing.T) {
				t.Parallel()
				w := CustomerWithSeats(t, 20, "prorate_next_cycle", "none")
				w.Feature("messages", "single_use")
				w.Product("free", "main", Messages(100)).Default()
				w.Advance("15d")
				w.Track("c", "seats", 3) // 2 beyond the included one, for half a month
				w.AdvanceTo(at)
				if at.After(T1) {
					w.Track("c", "seats", 4) // for the period that has begun
				}
				end(w, "team", w.Invoices("c")[0].Subscription)
				w.AdvanceTo(T1.AddDate(0, 1, 4))
				paidInAll(w, "c", 2000+2000)
				w.NothingUnbilled("c")
			})
		}
	}
}

// What staff put on the draft, or left for the next invoice, is charged.
func TestRX4EndWithItemsOfStaffs(t *testing.T) {
	t.Parallel()
	w := usedUp(t)
	w.AdvanceTo(T1.Add(halfHour))
	first := w.Invoices("c")
	w.CallStripe("POST", "/v1/invoiceitems", url.Values{"customer": {w.StripeID("c")}, "invoice": {first[1].ID}, "amount": {"700"}, "currency": {"usd"}}.Encode())
	w.CallStripe("POST", "/v1/invoiceitems", url.Values{"customer": {w.StripeID("c")}, "subscription": {first[0].Subscription}, "amount": {"300"}, "currency": {"usd"}, "description": {"Set-up"}}.Encode())
	w.Cancel("c", "use", Immediately())
	w.AdvanceTo(T1.AddDate(0, 1, 4))
	paidInAll(w, "c", 2000+5000+700+300)
}

// A product that ends while others go on with its subscription leaves the draft
// without its new period; the draft is collected with all else.
func TestRX4EndOfOneOfTwoInTheDraftHour(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]JSON{"": {}, "prorated": {"prorate": true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.Product("use", "main", Price(20), Overage("words", 100, 1, 1))
			w.Product("more", "", Price(30)).AddOn()
			w.CustomerWithEmailAndCard("c")
			w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"use", "more"}})
			w.Track("c", "words", 150)
			w.AdvanceTo(T1.Add(halfHour))
			w.Cancel("c", "use", Immediately(), more)
			w.AdvanceTo(T1.AddDate(0, 0, 4))
			paidInAll(w, "c", 5000+3000+5000)
			w.HasProducts("c", "free active", "more active")
		})
	}
}

// The discount of a renewal stays what it is, and one of the customer's own is
// not used up by a draft that is never charged.
func TestRX4EndInTheDraftHourOfADiscountedRenewal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		coupon url.Values
		used   bool
		want   int64
	}{
		"half off":               {url.Values{"percent_off": {"50"}}, true, 2000 + 2500},
		"7 off, spread":          {url.Values{"amount_off": {"700"}, "currency": {"usd"}}, true, 2000 + 4500},
		"half off, nothing used": {url.Values{"percent_off": {"50"}}, false, 2000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := usedUp(t)
			if !c.used {
				w.Track("c", "words", -50)
			}
			c.coupon.Set("id", "OFF")
			c.coupon.Set("duration", "once")
			w.CallStripe("POST", "/v1/coupons", c.coupon.Encode())
			w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), url.Values{"coupon": {"OFF"}}.Encode())
			w.AdvanceTo(T1.Add(halfHour))
			w.Cancel("c", "use", Immediately())
			w.AdvanceTo(T1.AddDate(0, 1, 4))
			paidInAll(w, "c", c.want)
			if left := ValueAt(w.AtStripe("c"), "customer.discount") != nil; left == c.used {
				t.Errorf("the discount is left: %v", left)
			}
		})
	}
}

// Nobody is charged for a trial that ended within the hour.
func TestRX4EndInTheDraftHourAfterATrial(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("tried", "main", Price(20), Overage("words", 100, 1, 1)).Trial(7)
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "tried")
	w.Track("c", "words", 150)
	w.AdvanceTo(T0.AddDate(0, 0, 7).Add(halfHour))
	w.Cancel("c", "tried", Immediately())
	w.AdvanceTo(T1.AddDate(0, 1, 4))
	paidInAll(w, "c", 0)
}

// A downgrade that has just taken effect, and ends: the use of the product
// before is billed.
func TestRX4EndInTheDraftHourOfADowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("use", "main", Price(20), Overage("words", 100, 1, 1))
	w.Product("use2", "main", Price(30), Overage("words", 100, 1, 1))
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "use2")
	w.Track("c", "words", 150)
	w.Attach("c", "use")
	w.AdvanceTo(T1.Add(halfHour))
	w.HasProducts("c", "use active")
	w.Cancel("c", "use", Immediately())
	w.AdvanceTo(T1.AddDate(0, 1, 4))
	paidInAll(w, "c", 3000+5000)
}

// Without a card the use is sent as an invoice, and a declined one leaves it
// open: nothing of it is credited.
func TestRX4EndInTheDraftHourThatNobodyPays(t *testing.T) {
	t.Parallel()
	for name, byInvoice := range map[string]bool{"by invoice": true, "a failing card": false} {
		for how, end := range ends {
			if how == "ended by Stripe" {
				continue
			}
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.StandardCatalog()
				w.Product("use", "main", Price(20), Overage("words", 100, 1, 1))
				w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
				if byInvoice {
					w.Attach("c", "use", JSON{"invoice_only": true})
					w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[0].ID+"/pay", "paid_out_of_band=true")
				} else {
					w.PutGoodCard("c")
					w.Attach("c", "use")
					w.PutFailingCard("c")
				}
				w.Track("c", "words", 150)
				w.AdvanceTo(T1.Add(halfHour))
				end(w, "use", w.Invoices("c")[0].Subscription)
				w.AdvanceTo(T1.AddDate(0, 1, 4))
				got := w.Invoices("c")
				if len(got) != 2 || got[1].Status != "open" || got[1].Total != 5000 {
					t.Errorf("got %v, want the use of 5000 to be open", got)
				}
				w.Want("balance", ValueAt(w.AtStripe("c"), "customer.balance"), 0.0)
			})
		}
	}
}

// Whichever event comes first, and however often, the use is billed once.
func TestI16EndInTheDraftHourInAnyOrderOfEvents(t *testing.T) {
	t.Parallel()
	const created, ended, updated = "invoice.created", "customer.subscription.deleted", "customer.subscription.updated"
	for _, order := range [][]string{{created, ended}, {ended, created}, {ended, created, ended}, {ended, updated, created, "invoice.updated"}, {"invoice.updated", ended, created}} {
		w := usedUp(t)
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.AdvanceTo(T1.Add(halfHour))
		w.Call("DELETE", "/_local/subscriptions/"+w.Invoices("c")[0].Subscription, nil)
		w.Redeliver(order...)
		w.Post("/_local/delivery", JSON{"mode": "immediate"})
		w.AdvanceTo(T1.AddDate(0, 1, 4))
		paidInAll(w, "c", 2000+5000)
		w.NothingUnbilled("c")
	}
}

// Deleting a customer ends their subscriptions in the same way.
func TestRX4DeletionInTheDraftHour(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{"?cancel=true", "?cancel=true&delete_in_stripe=true"} {
		w := usedUp(t)
		w.AdvanceTo(T1.Add(halfHour))
		id := w.StripeID("c")
		w.RequireDeleted("c", flags)
		w.AdvanceTo(T1.AddDate(0, 1, 4))
		var paid float64
		for _, in := range w.CallStripe("GET", "/v1/invoices", "customer="+id)["data"].([]any) {
			if ValueAt(in, "status") == "paid" {
				paid += ValueAt(in, "total").(float64)
			}
		}
		w.Want("paid", paid, 7000.0)
	}
}
