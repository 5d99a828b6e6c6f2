package attach

import (
	"strings"
	"testing"

	"windfall/local/stripesim"

	. "windfall/tests/world"
)

// setupPaymentPage opens the page on which a customer saves a card.
func setupPaymentPage(w *World, customer string, more ...JSON) string {
	w.Helper()
	a := w.Post("/v1/setup_payment", Merge(JSON{"customer_id": customer}, more...))
	w.Want("customer", a["customer_id"], customer)
	return a["url"].(string)
}

// defaultCard is the card that invoices are charged to, and its brand.
func defaultCard(w *World, customer string) (id string, brand any) {
	w.Helper()
	at := w.AtStripe(customer)
	id, _ = ValueAt(at, "customer.invoice_settings.default_payment_method").(string)
	for _, m := range at["payment_methods"].([]any) {
		if ValueAt(m, "id") == id {
			brand = ValueAt(m, "card.brand")
		}
	}
	return id, brand
}

func TestSetupPaymentSavesACardForTheFirstPurchase(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	page := setupPaymentPage(w, "new", JSON{"customer_data": JSON{"name": "N", "email": "n@x.io"}, "success_url": "https://app.example/saved"})
	pageContains(w, page, "<html")
	c := w.Customer("new")
	w.Want("name and e-mail", []any{c["name"], c["email"]}, []any{"N", "n@x.io"})
	w.HasProducts("new", "free active")
	if a := w.ActOnPage(page, "complete", JSON{"payment_method": "pm_card_chargeDeclined"}); a.Status != 402 {
		t.Errorf("a refused card: %d %s", a.Status, a.Text)
	}
	w.Pay(page)
	if _, brand := defaultCard(w, "new"); brand != "visa" {
		t.Errorf("the default card is %v, want the visa of the page", brand)
	}
	w.Billed("new")
	w.Want("code", w.Attach("new", "pro")["code"], "new_product_attached")
	w.HasProducts("new", "pro active")
	w.Billed("new", 2000)
	hasCustomersAtStripe(w, 1)
}

// The card saved last is charged, whatever card was on file before. A late
// repetition of the event does not undo a later choice.
func TestSetupPaymentReplacesTheDefaultCard(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	old, _ := defaultCard(w, "c")
	w.Pay(setupPaymentPage(w, "c"), JSON{"payment_method": "pm_card_mastercard"})
	saved, brand := defaultCard(w, "c")
	w.Want("brand", brand, "mastercard")
	w.Attach("c", "pro")
	w.Want("card of the subscription", ValueAt(w.AtStripe("c"), "subscriptions.0.default_payment_method"), saved)
	stripeID := w.Customer("c")["stripe_id"].(string)
	if status, text, err := w.Stack.Stripe("POST", "/v1/customers/"+stripeID, map[string][]string{"invoice_settings[default_payment_method]": {old}}); status != 200 || err != nil {
		t.Fatal(status, string(text), err)
	}
	w.Want("answers", w.Redeliver("checkout.session.completed"), []any{200})
	if now, _ := defaultCard(w, "c"); now != old {
		t.Error("an event that had its effect had it again")
	}
}

func TestSetupPaymentHasOnePage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	first := setupPaymentPage(w, "c")
	w.Want("asked again", setupPaymentPage(w, "c"), first)
	second := setupPaymentPage(w, "c", JSON{"success_url": "https://app.example/other"})
	if second == first {
		t.Fatal("another success_url needs another page")
	}
	if a := w.ActOnPage(first, "complete", JSON{"payment_method": "pm_card_visa"}); a.Status == 200 {
		t.Error("the replaced page could still be completed")
	}
	w.ActOnPage(second, "expire", nil)
	third := setupPaymentPage(w, "c", JSON{"success_url": "https://app.example/other"})
	if third == second {
		t.Fatal("the expired page was given again")
	}
	w.Pay(third)
	s, _, err := w.Stack.Customer(w.Context(), "c")
	if err != nil || len(s.Operations) != 0 {
		t.Errorf("%d operations are left, %v", len(s.Operations), err)
	}
	hasCustomersAtStripe(w, 1)
}

// The event of the completed page was lost: the next call finds out, and so
// does the schedule once the page would have expired.
func TestSetupPaymentWhoseWebhookIsLost(t *testing.T) {
	t.Parallel()
	for name, find := range map[string]func(w *World, page string){
		"asked again": func(w *World, page string) {
			if setupPaymentPage(w, "c") == page {
				w.Error("the completed page was given again")
			}
		},
		"by the schedule": func(w *World, _ string) { w.Advance("25h") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.Post("/v1/customers", JSON{"id": "c"})
			w.PutGoodCard("c")
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			page := setupPaymentPage(w, "c")
			w.Pay(page, JSON{"payment_method": "pm_card_mastercard"})
			_, before := defaultCard(w, "c")
			w.Want("before", before, "visa")
			find(w, page)
			_, after := defaultCard(w, "c")
			w.Want("after", after, "mastercard")
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			_, late := defaultCard(w, "c")
			w.Want("after the late event", late, "mastercard")
		})
	}
}

// The event of the page comes and Stripe can't set the card: the event is
// answered with an error until it can.
func TestSetupPaymentWhileStripeIsDown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(setupPaymentPage(w, "c"))
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		if method == "POST" && strings.HasPrefix(path, "/v1/customers/") {
			return stripesim.RefuseBefore
		}
		return stripesim.FaultNone
	})
	w.Want("answers", w.Redeliver("checkout.session.completed"), []any{503})
	w.Stack.Sim.SetFault(nil)
	if card, _ := defaultCard(w, "c"); card != "" {
		t.Errorf("the default card is %s already", card)
	}
	w.Want("answers", w.Redeliver("checkout.session.completed"), []any{200})
	if _, brand := defaultCard(w, "c"); brand != "visa" {
		t.Errorf("the default card is %v", brand)
	}
}

// The card was detached before the event of the page: there is nothing left to
// do, and nothing to retry.
func TestSetupPaymentOfACardThatIsGone(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Pay(setupPaymentPage(w, "c"))
	method := ValueAt(w.AtStripe("c"), "payment_methods.0.id").(string)
	if status, text, err := w.Stack.Stripe("POST", "/v1/payment_methods/"+method+"/detach", nil); status != 200 || err != nil {
		t.Fatal(status, string(text), err)
	}
	w.Want("answers", w.Redeliver("checkout.session.completed"), []any{200})
	w.Pay(setupPaymentPage(w, "c"))
	w.Want("answers", w.Redeliver("checkout.session.completed"), []any{200, 200})
	if _, brand := defaultCard(w, "c"); brand != "visa" {
		t.Errorf("the default card is %v", brand)
	}
}

func TestSetupPaymentPassesParametersOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	page := setupPaymentPage(w, "c", JSON{"checkout_session_params": JSON{"locale": "de", "metadata": JSON{"from": "settings"}}})
	id := page[strings.LastIndex(page, "/")+1:]
	_, text, err := w.Stack.Stripe("GET", "/v1/checkout/sessions/"+id, nil)
	if err != nil {
		t.Fatal(err)
	}
	session := ParseJSON(t, text)
	w.Want("mode, locale, metadata", []any{session["mode"], session["locale"], ValueAt(session, "metadata.from")}, []any{"setup", "de", "settings"})
	w.Pay(page)
	if _, brand := defaultCard(w, "c"); brand != "visa" {
		t.Error("the card did not become the default")
	}
	said := w.Refused(400, "invalid_request", "/v1/setup_payment", JSON{"customer_id": "c", "checkout_session_params": JSON{"metadata": JSON{"operation_id": "forged"}}})
	if !strings.Contains(said, "metadata[operation_id]") {
		t.Errorf("a forged operation_id: %s", said)
	}
}
func TestSetupPaymentAnswersAKeyOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	first := w.Do(w.Stack.Key, "POST", "/v1/setup_payment", JSON{"customer_id": "c"}, IdempotencyKey("k"))
	second := w.Do(w.Stack.Key, "POST", "/v1/setup_payment", JSON{"customer_id": "c"}, IdempotencyKey("k"))
	if first.Status != 200 || second.Text != first.Text || second.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("got %d %s, then %d %s", first.Status, first.Text, second.Status, second.Text)
	}
}
