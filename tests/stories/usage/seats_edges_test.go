package usage

import (
	"net/http"
	"testing"
	"time"

	. "windfall/tests/world"
)

// Seats taken in a trial are free, and billed for the period after it.
func TestSeatsOfATrialAreFree(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Post("/v1/products", JSON{"id": "team", "name": "team", "group": "main", "items": []JSON{Price(20), Seats("seats", 1, 50, "", "")},
		"free_trial": JSON{"length": 7, "duration": "day", "unique_fingerprint": false, "card_required": true}})
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "team")
	w.Track("c", "seats", 3)
	w.Billed("c", 0)
	w.AdvanceTo(T0.AddDate(0, 0, 7).Add(2 * time.Hour))
	w.Billed("c", 0, 12000)
	w.Track("c", "seats", 1)
	w.Billed("c", 0, 12000, 5000)
}

// Between the end of a period and its renewal nothing is billed twice: the
// renewal bills the seats in use at its event, once.
func TestSeatsTakenBeforeTheRenewalIsHeardOf(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	w.Track("c", "seats", 2)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvanceTo(t1.Add(time.Minute))
	w.Track("c", "seats", 2)
	w.Redeliver("invoice.created")
	w.Redeliver("invoice.created", "invoice.updated")
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 5000, 2000+3*5000)
	w.Redeliver("invoice.created", "invoice.finalized", "invoice.paid")
	w.Billed("c", 2000, 5000, 17000)
}

// A renewal whose event comes after its invoice is final takes no more lines:
// the seats of the running period are on an invoice of their own.
func TestSeatsOfALateRenewalAreBilledAlone(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	w.Track("c", "seats", 2)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.AdvanceTo(t1.AddDate(0, 0, 2))
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	w.Redeliver("invoice.created", "invoice.finalized", "invoice.paid")
	w.Billed("c", 2000, 5000, 2000, 5000)
	w.AdvanceTo(t1.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 5000, 2000, 5000, 7000)
	w.NothingUnbilled("c")
}

// A declined card does not take seats away: the invoice stays open, and Stripe
// retries by itself.
func TestSeatsOfARefusedCardAreHeldAndOwed(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	w.PutFailingCard("c")
	w.Track("c", "seats", 3)
	w.Billed("c", 2000, 10000)
	w.HasBalance("c", "seats", true, -2)
	w.Advance("2h")
	w.Want("the seats' invoice", w.Invoices("c")[1].Status, "open")
	w.HasProducts("c", "team active")
	w.NothingUnbilled("c")
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.HasProducts("c", "team past_due")
}

// A customer without a card on file is sent the invoice; one who paid on a page
// is charged on that card.
func TestSeatsWithoutACardOfTheirOwn(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"by invoice": "open", "on a page": "paid"} {
		w := New(t)
		w.Feature("seats", "continuous_use")
		w.Product("team", "main", Price(20), Seats("seats", 1, 50, "", ""))
		w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
		if name == "by invoice" {
			w.Attach("c", "team", JSON{"invoice_only": true})
		} else {
			w.Buy("c", "team")
		}
		w.Track("c", "seats", 3)
		w.Billed("c", 2000, 10000)
		w.Want(name, w.Invoices("c")[1].Status, want)
	}
}

// Seats may be sent as a number, with other usage, and with a key.
func TestSeatsAreBilledHoweverTheyAreCounted(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	w.Post("/v1/usage", JSON{"customer_id": "c", "feature_id": "seats", "value": 2})
	w.Billed("c", 2000, 5000)
	w.Post("/v1/check", JSON{"customer_id": "c", "feature_id": "seats", "send_event": true})
	w.Billed("c", 2000, 5000, 5000)
	keyed := JSON{"customer_id": "c", "feature_id": "seats", "value": 1, "idempotency_key": "k"}
	w.Post("/v1/track", keyed)
	w.Refused(http.StatusConflict, "duplicate_idempotency_key", "/v1/track", keyed)
	w.WaitIdle()
	w.Billed("c", 2000, 5000, 5000, 5000)
	w.HasBalance("c", "seats", true, -3)
	w.NothingUnbilled("c")
}

// Fractional usage fills packs, and tiers are filled in order, whatever the
// steps.
func TestSeatsInPacksAndTiers(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	tiers := Merge(Seats("seats", 1, 0, "bill_immediately", "none"), JSON{"price": nil, "billing_units": 5,
		"tiers": []JSON{{"to": 10, "amount": 40}, {"to": "inf", "amount": 30}}})
	w.Product("team", "main", Price(20), tiers)
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "team")
	w.Track("c", "seats", 1.5)
	w.Billed("c", 2000, 4000) // half a seat is a pack of 5
	w.Track("c", "seats", 4.5)
	w.Billed("c", 2000, 4000)
	w.Track("c", "seats", 6)
	w.Billed("c", 2000, 4000, 4000+3000)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 4000, 7000, 2000+11000)
}

// An unfinished bill of seats blocks no other money command, and the sweep
// finishes it.
func TestSeatsStandInNobodysWay(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	w.Product("extra", "", Price(7), Lifetime("seats", 1)).AddOn()
	w.Stack.HoldStream(true)
	w.Track("c", "seats", 2)
	w.Billed("c", 2000)
	w.Attach("c", "extra")
	w.Billed("c", 2000, 700)
	w.Track("c", "seats", 1)
	w.HasProducts("c", "extra active", "team active")
	s, _, err := w.Stack.Customer(t.Context(), "c")
	if err != nil || len(s.Operations) == 0 || s.Pending() != nil {
		t.Fatalf("operations %v, pending %v, %v", s.Operations, s.Pending(), err)
	}
	w.Advance("5m")
	w.Billed("c", 2000, 700, 5000)
	w.Stack.HoldStream(false)
	w.WaitIdle()
	w.Billed("c", 2000, 700, 5000)
	w.NothingUnbilled("c")
}

// A credit for the next invoice waits for that of its own subscription.
func TestSeatCreditsWaitForTheirOwnSubscription(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "addon_words")
	w.Advance("10d")
	w.Attach("c", "pro_seats")
	w.Track("c", "seats", 3)
	w.Advance("15d") // half of the seats' period
	w.Track("c", "seats", -2)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 2000, 2400, 2000)
	w.AdvanceTo(t1.AddDate(0, 0, 10).Add(2 * time.Hour))
	w.Billed("c", 2000, 2000, 2400, 2000, 2000-1200)
}

// A seat set by hand counts as included.
func TestSeatsGivenByHandAreCredited(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 10, "prorate_immediately", "prorate_immediately")
	w.Track("c", "seats", 3)
	w.Billed("c", 2000, 2000)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Post("/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "seats", "balance": 0}}})
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 2000, 2000-1000)
}

// Seats in use under a free product are paid from the start of the paid one.
func TestSeatsCarriedOverAreBilledWhenAProductBegins(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("seats", "continuous_use")
	w.Product("basic", "main", Lifetime("seats", 5)).Default()
	w.Product("team", "main", Price(20), Seats("seats", 1, 50, "", ""))
	w.CustomerWithEmailAndCard("c")
	w.Track("c", "seats", 3)
	preview := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "team"})
	w.Want("due today", ValueAt(preview, "due_today.total"), 120)
	w.Attach("c", "team")
	w.HasBalance("c", "seats", true, -2)
	w.Billed("c", 2000, 10000)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 10000, 12000)
	w.NothingUnbilled("c")
}

// 50 take a seat each at once: each is billed once, in however many invoices.
func TestCrowdOfSeatsIsBilledExactly(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 50, "bill_immediately", "none")
	const seats = 50
	group := make(chan string, seats)
	for range seats {
		go func() {
			code, _ := postForCode(w, "/v1/track", JSON{"customer_id": "c", "feature_id": "seats", "value": 1})
			group <- code
		}()
	}
	for range seats {
		if code := <-group; code != "" {
			t.Errorf("a track was refused: %s", code)
		}
	}
	w.WaitIdle()
	w.HasBalance("c", "seats", true, 1-seats)
	var sum int64
	for _, i := range w.Invoices("c")[1:] {
		if sum += i.Total; i.Total%5000 != 0 || i.Status != "paid" {
			t.Errorf("invoice %v", i)
		}
	}
	w.Want("billed", sum, (seats-1)*5000)
	w.NothingUnbilled("c")
	w.AdvanceTo(t1.Add(2 * time.Hour))
	all := w.Invoices("c")
	w.Want("the renewal", all[len(all)-1].Total, 2000+(seats-1)*5000)
}

// Seats move to the new product's price for the time left, on the invoice of
// the change, and are not billed again beside it.
func TestUPGSeatsMoveToTheNewPrice(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "pro_seats")
	w.Track("c", "seats", 3) // two beyond the included one
	w.Billed("c", 2000, 2400)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Attach("c", "premium_seats")
	w.Billed("c", 2000, 2400, 1500+2000-1200)
	w.HasBalance("c", "seats", true, -2)
	w.Track("c", "seats", 1)
	w.Billed("c", 2000, 2400, 2300, 1000)
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 2400, 2300, 1000, 5000+3*2000)
	w.NothingUnbilled("c")
}

func TestUPGADeclinedChangeLeavesTheSeats(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithEmailAndCard("c")
	w.Attach("c", "pro_seats")
	w.Track("c", "seats", 3)
	w.PutFailingCard("c")
	w.Refused(402, "stripe_card_declined", "/v1/attach", JSON{"customer_id": "c", "product_id": "premium_seats"})
	w.Billed("c", 2000, 2400)
	w.PutGoodCard("c")
	w.AdvanceTo(t1.Add(2 * time.Hour))
	w.Billed("c", 2000, 2400, 2000+2400)
	w.NothingUnbilled("c")
}
