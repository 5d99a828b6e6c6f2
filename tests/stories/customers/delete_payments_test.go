package customers

import (
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// hasDeletedCharges checks the number of logged charges of deleted customers.
func hasDeletedCharges(w *World, want int) {
	w.Helper()
	n := 0
	for line := range strings.Lines(w.Stack.Tables()) {
		n += strings.Count(line, "deleted_customer_charged")
	}
	if (n > 0) != (want > 0) || want > 0 && n < want {
		w.Errorf("%d charges of deleted customers were noted, want %d", n, want)
	}
}

// Overage is charged, as by an immediate cancel.
func TestDeleteBillsWhatWasUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(w *World)
		flags  string
		want   []string
	}{
		"overage":        {func(w *World) { w.CustomerWithCard("c", "pro_use"); w.Track("c", "messages", 500) }, "?cancel=true", []string{"2000 paid", "4000 paid"}},
		"nothing beyond": {func(w *World) { w.CustomerWithCard("c", "pro_use"); w.Track("c", "messages", 50) }, "?cancel=true", []string{"2000 paid"}},
		"a refused card": {func(w *World) {
			w.CustomerWithCard("c", "pro_use")
			w.Track("c", "messages", 500)
			w.PutFailingCard("c")
		}, "?cancel=true", []string{"2000 paid", "4000 open"}},
		"without a card": {func(w *World) { w.Attach("c", "pro_use", JSON{"invoice_only": true}); w.Track("c", "messages", 500) }, "?cancel=true", []string{"2000 open", "4000 open"}},
		"seats":          {func(w *World) { w.CustomerWithCard("c", "pro_seats"); w.Track("c", "seats", 3) }, "?cancel=true", []string{"2000 paid", "2400 paid"}},
		"of two subscriptions": {func(w *World) {
			w.Product("g3_use", "g3", Price(5), Overage("words", 10, 1, 1))
			w.CustomerWithCard("c", "pro_use", "g3_use")
			w.Track("c", "messages", 500)
			w.Track("c", "words", 12)
		}, "?cancel=true", []string{"2000 paid", "500 paid", "4000 paid", "200 paid"}},
		"at Stripe alone":       {func(w *World) { w.CustomerWithCard("c", "pro_use"); w.Track("c", "messages", 500) }, "?delete_in_stripe=true", []string{"2000 paid"}},
		"at Stripe, and before": {func(w *World) { w.CustomerWithCard("c", "pro_use"); w.Track("c", "messages", 500) }, "?delete_in_stripe=true&cancel=true", []string{"2000 paid", "4000 paid"}},
		"of an end not yet heard of": {func(w *World) {
			w.CustomerWithCard("c", "pro_use")
			w.Track("c", "messages", 500)
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			w.Cancel("c", "pro_use", Immediately())
		}, "", []string{"2000 paid", "4000 paid"}},
		"a price Stripe doesn't know": {func(w *World) { w.CustomerWithCard("c", "pro_use"); w.Track("c", "messages", 101) }, "?cancel=true", []string{"2000 paid", "10 paid"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			c.before(w)
			l := ledgerAtStripe(w, "c")
			w.RequireDeleted("c", c.flags)
			w.Want("invoices", l.invoices(), c.want)
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
			w.Advance("2 months")
			after := l.invoices()
			w.Want("number of invoices later", len(after), len(c.want))
			w.Want("subscriptions", slices.Compact(l.subscriptions()), []string{"canceled"})
			hasDeletedCharges(w, 0)
		})
	}
}

// Open pages are closed, with and without subscriptions.
func TestDeleteClosesOpenPages(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{"", "?cancel=true", "?delete_in_stripe=true"} {
		w := New(t)
		w.StandardCatalog()
		pages := []string{w.Attach("c", "pro")["checkout_url"].(string), w.Attach("c", "g1_pro")["checkout_url"].(string),
			w.Post("/v1/setup_payment", JSON{"customer_id": "c"})["url"].(string)}
		l := ledgerAtStripe(w, "c")
		w.RequireDeleted("c", flags)
		for _, page := range pages {
			if a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status == 200 {
				t.Errorf("%q: a page can still be completed: %s", flags, a.Text)
			}
		}
		if !strings.HasPrefix(flags, "?delete") {
			w.Want("subscriptions", l.subscriptions(), []string{})
		}
		hasDeletedCharges(w, 0)
	}
}

// If a page is paid and its event is still on the way, the delete is refused,
// and the purchase is there.
func TestDeleteOfACustomerWhoPaysAtThatMoment(t *testing.T) {
	t.Parallel()
	for _, flags := range []string{"", "?cancel=true", "?delete_in_stripe=true", "?delete_in_stripe=true&cancel=true"} {
		w := New(t)
		w.StandardCatalog()
		page := w.Attach("c", "pro")["checkout_url"].(string)
		w.Attach("c", "g1_pro")
		w.Post("/_local/delivery", JSON{"mode": "hold"})
		w.Pay(page)
		a := w.DeleteCustomer("c", flags)
		w.Want("the answer", []any{a.Status, a.Body["code"]}, []any{409, "checkout_completed"})
		w.Post("/_local/delivery", JSON{"mode": "immediate"})
		w.WaitIdle()
		w.HasProducts("c", "pro active")
		w.HasBalance("c", "messages", true, 500)
		l := ledgerAtStripe(w, "c")
		w.RequireDeleted("c", "?cancel=true")
		w.Want("subscriptions", l.subscriptions(), []string{"canceled"})
		hasDeletedCharges(w, 0)
	}
}
