package chaos

import (
	"fmt"
	"testing"
	"time"

	. "windfall/tests/world"
)

// A pageRun opens one of Stripe's pages, or receives its completion, and dies
// on the way.
type pageRun struct {
	command string // its name in the table of results
	path    string
	body    JSON
	card    bool // the page saves a card: it is completed, and the death is in its webhook
}

// TestPagesSurviveACrashAnywhere dies before and after each external call of
// the portal, of the page that saves a card, and of the webhook for the card.
// Repeated, by the client or by Stripe, everything is as if nothing had
// happened: one customer at Stripe, one default card. The customer has no
// e-mail address, so Stripe can't be searched for the first try's objects.
func TestPagesSurviveACrashAnywhere(t *testing.T) {
	t.Parallel()
	setup := JSON{"customer_id": "c"}
	for name, r := range map[string]pageRun{
		"portal":                {"portal", "/v1/customers/c/billing_portal", JSON{"return_url": "https://app.example"}, false},
		"card page":             {"card page", "/v1/setup_payment", setup, false},
		"webhook of a card":     {"webhook", "/v1/setup_payment", setup, true},
		"customer made at once": {"create customer", "/v1/customers", JSON{"id": "c", "create_in_stripe": true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, r.command, r.run)
		})
	}
}

func (r pageRun) run(t *testing.T, n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := mortal(t)
	smallCatalog(w)
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	if r.card {
		w.PutGoodCard("c")
		page := w.Post(r.path, r.body)["url"].(string)
		w.Pay(page, JSON{"payment_method": "pm_card_mastercard"})
	}
	k.strike(n, what)
	if r.card {
		w.Redeliver("checkout.session.completed")
	} else {
		w.Do(w.Stack.Key, "POST", r.path, r.body)
	}
	calls = k.seen()
	k.live()
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	later := w.Stack.Sim.Now().Add(2 * time.Minute) // no process can run it any more
	if err := w.Stack.Sim.AdvanceTo(w.Context(), later); err != nil {
		t.Fatal(err)
	}
	w.Post("/_local/delivery", JSON{"mode": "immediate"})
	if r.card {
		w.Redeliver("checkout.session.completed")
	} else {
		w.Post(r.path, r.body)
		w.Advance("2m") // past the moment when the schedule processes the rest
	}
	return r.describe(w), calls
}

// describe counts what must be there once.
func (r pageRun) describe(w *World) string {
	w.Helper()
	count := func(path, status string) (n int) {
		_, text, err := w.Stack.Stripe("GET", path, map[string][]string{"limit": {"100"}})
		if err != nil {
			w.Fatal(err)
		}
		for _, o := range ParseJSON(w.T, text)["data"].([]any) {
			if status == "" || ValueAt(o, "status") == status {
				n++
			}
		}
		return n
	}
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil {
		w.Fatal(err)
	}
	at, brand := w.AtStripe("c"), any(nil)
	for _, m := range at["payment_methods"].([]any) {
		if ValueAt(m, "id") == ValueAt(at, "customer.invoice_settings.default_payment_method") {
			brand = ValueAt(m, "card.brand")
		}
	}
	entries := map[any]int{}
	for _, e := range w.Get("/v1/customers/c/audit")["list"].([]any) {
		entries[ValueAt(e, "action")]++
	}
	return fmt.Sprintf("%d customers at Stripe, linked %v, %d open pages, default card %v, %d operations left, pending %q, history %v",
		count("/v1/customers", ""), ValueAt(at, "customer.id") == s.Customer.StripeID, count("/v1/checkout/sessions", "open"), brand,
		len(s.Operations), s.Customer.PendingOperation, entries)
}
