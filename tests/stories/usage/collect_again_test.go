package usage

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// monthOwed makes a customer whose card fails for the invoice of 5.00 that is made at T1.
func monthOwed(t *testing.T) *World {
	t.Helper()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.Track("c", "messages", 1500)
	w.PutFailingCard("c")
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Billed("c", 10000, 500)
	return w
}

// statuses are those of the customer's invoices.
func statuses(w *World, customer string) (all []string) {
	w.Helper()
	for _, in := range w.Invoices(customer) {
		all = append(all, in.Status)
	}
	return all
}

// givenUp counts the entries of the history about invoices that Stripe tries no more.
func givenUp(w *World, customer string) (n int) {
	w.Helper()
	for _, e := range w.Get("/v1/customers/" + customer + "/audit?limit=100")["list"].([]any) {
		if ValueAt(e, "rule") == "invoice_not_collected" {
			n++
		}
	}
	return n
}

// Each try charges the card that is the default by then.
func TestINT19AnotherCardPaysTheNextTry(t *testing.T) {
	t.Parallel()
	for name, replaced := range map[string]time.Duration{"before the second try": time.Hour, "before the last": 9 * day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := monthOwed(t)
			w.HasProducts("c", "year active")
			w.HasBalance("c", "messages", true, 1000)
			w.Want("owed", statuses(w, "c"), []string{"paid", "open"})
			w.AdvanceTo(T1.Add(2*time.Hour + replaced))
			w.PutGoodCard("c")
			w.Want("a card alone pays nothing", statuses(w, "c"), []string{"paid", "open"})
			w.AdvanceTo(T1.AddDate(0, 0, 16))
			w.Want("tried again", statuses(w, "c"), []string{"paid", "paid"})
			w.AdvanceTo(T2)
			w.Billed("c", 10000, 500)
			w.Want("told of", givenUp(w, "c"), 0)
		})
	}
}

const day = 24 * time.Hour

// After the last try it stays open, and somebody decides. Each way is followed.
func TestINT20AnInvoiceThatNoTryPays(t *testing.T) {
	t.Parallel()
	for act, want := range map[string]string{"pay": "paid", "void": "void", "mark_uncollectible": "uncollectible"} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			w := monthOwed(t)
			w.AdvanceTo(T1.AddDate(0, 0, 14))
			w.Want("told before the last try", givenUp(w, "c"), 0)
			w.AdvanceTo(T1.AddDate(0, 0, 20))
			w.Want("told", []any{statuses(w, "c"), givenUp(w, "c")}, []any{[]string{"paid", "open"}, 1})
			w.Redeliver("invoice.payment_failed")
			w.PutGoodCard("c")
			w.Advance("5d")
			w.Want("not tried by itself", []any{statuses(w, "c"), givenUp(w, "c")}, []any{[]string{"paid", "open"}, 1})
			w.HasProducts("c", "year active")
			w.CallStripe("POST", "/v1/invoices/"+w.Invoices("c")[1].ID+"/"+act, "")
			w.WaitIdle()
			w.Want("decided", ValueAt(w.Customer("c", "invoices"), "invoices.0.status"), want)
			w.Track("c", "messages", 1200)
			w.AdvanceTo(T2.Add(2 * time.Hour))
			w.Want("the next month", statuses(w, "c"), []string{"paid", want, "paid"})
		})
	}
}

// What a subscription that has ended leaves is collected in the same way.
func TestINT19TheLastBillOfAnEndedProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.Track("c", "messages", 1500)
	w.PutFailingCard("c")
	w.Cancel("c", "year", Immediately())
	w.Advance("2h")
	w.Want("owed", statuses(w, "c"), []string{"paid", "open"})
	w.PutGoodCard("c")
	w.Advance("5d")
	w.Billed("c", 10000, 500)
	w.Want("paid", statuses(w, "c"), []string{"paid", "paid"})
}

// So are seats that are billed at once: the seat is the customer's meanwhile.
func TestINT19SeatsThatAreBilledAtOnce(t *testing.T) {
	t.Parallel()
	w := CustomerWithSeats(t, 10, "bill_immediately", "none")
	before := len(w.Invoices("c"))
	w.PutFailingCard("c")
	w.Track("c", "seats", 2)
	w.Advance("1m")
	w.Want("owed", statuses(w, "c")[before:], []string{"open"})
	w.PutGoodCard("c")
	w.Advance("5d")
	w.Want("paid", statuses(w, "c")[before:], []string{"paid"})
	w.HasBalance("c", "seats", true, -1)
}

// A card that Stripe would not take by itself becomes the default when it is billed.
func TestINT19ACardThatIsNotTheDefault(t *testing.T) {
	t.Parallel()
	w := New(t)
	theYear(w)
	w.CustomerWithCard("c", "year")
	w.Track("c", "messages", 1500)
	w.CallStripe("POST", "/v1/customers/"+w.StripeID("c"), "invoice_settings[default_payment_method]=")
	w.WaitIdle()
	w.AdvanceTo(T1.Add(2 * time.Hour))
	w.Want("paid", statuses(w, "c"), []string{"paid", "paid"})
}
