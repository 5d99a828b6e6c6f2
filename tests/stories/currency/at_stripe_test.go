package currency

import (
	"strings"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// billedElsewhere makes a customer at Stripe whom it bills in a currency already, for
// something else, with a card.
func billedElsewhere(w *World, currency string) string {
	w.Helper()
	id := w.CallStripe("POST", "/v1/customers", "payment_method=pm_card_visa&invoice_settings[default_payment_method]=pm_card_visa")["id"].(string)
	price := w.CallStripe("POST", "/v1/prices", "unit_amount=700&recurring[interval]=month&product_data[name]=Other&currency="+currency)["id"].(string)
	w.CallStripe("POST", "/v1/subscriptions", "customer="+id+"&items[0][price]="+price)
	w.Want("billed in", w.CallStripe("GET", "/v1/customers/"+id, "")["currency"], currency)
	return id
}

func TestCUR17ALinkedCustomerPaysAsAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	for name, link := range map[string]func(id, stripe string){
		"new": func(id, stripe string) { w.Post("/v1/customers", JSON{"id": id, "stripe_id": stripe}) },
		"posted": func(id, stripe string) {
			w.Post("/v1/customers", JSON{"id": id})
			w.Post("/v1/customers", JSON{"id": id, "stripe_id": stripe})
		},
		"known": func(id, stripe string) {
			w.Post("/v1/customers", JSON{"id": id})
			w.Post("/v1/customers/"+id, JSON{"stripe_id": stripe})
		},
		"mail": func(id, stripe string) {
			w.Post("/v1/customers", JSON{"email": id + "@x.io", "stripe_id": stripe})
			w.Post("/v1/customers", JSON{"id": id, "email": id + "@x.io"})
		},
	} {
		link(name, billedElsewhere(w, "eur"))
		w.Want(name, w.Customer(name)["currency"], "eur")
		preview := w.Post("/v1/attach/preview", JSON{"customer_id": name, "product_id": "pro"})
		w.Want("preview", []any{ValueAt(preview, "due_today.total"), preview["currency"]}, []any{18, "eur"})
		w.Attach(name, "pro")
		w.Want("billed, and for something else before", []int64{w.Invoices(name)[0].Total, w.Invoices(name)[1].Total}, []int64{700, 1800})
		w.Refused(400, "currency_not_offered", "/v1/attach", JSON{"customer_id": name, "product_id": "local"})
		w.Post("/v1/customers", JSON{"id": name, "stripe_id": w.StripeID(name)})
	}
}

// Stripe billed them elsewhere after they were linked: what was linked before anybody knew.
func TestCUR18BilledElsewhereAfterTheLink(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	later := func(id, currency string) {
		w.Helper()
		w.Post("/v1/customers", JSON{"id": id})
		w.PutGoodCard(id)
		price := w.CallStripe("POST", "/v1/prices", "unit_amount=700&recurring[interval]=month&product_data[name]=Other&currency="+currency)["id"].(string)
		w.CallStripe("POST", "/v1/subscriptions", "customer="+w.StripeID(id)+"&items[0][price]="+price)
		w.WaitIdle()
	}
	later("c", "eur")
	w.Want("nothing is fixed here", w.Customer("c")["currency"], nil)
	ask := JSON{"customer_id": "c", "product_id": "pro"}
	preview := w.Post("/v1/attach/preview", ask)
	w.Want("preview", []any{ValueAt(preview, "due_today.total"), preview["currency"]}, []any{18, "eur"})
	for _, path := range []string{"/v1/attach/preview", "/v1/checkout", "/v1/attach"} {
		w.Refused(400, "currency_not_offered", path, JSON{"customer_id": "c", "product_id": "local"})
		w.Refused(400, "stripe_currency_differs", path, Merge(JSON{"currency": "jpy"}, ask))
	}
	w.Want("nothing was fixed", w.Customer("c")["currency"], nil)
	w.Attach("c", "pro")
	w.Billed("c", 700, 1800)
	w.Want("fixed by the purchase", w.Customer("c")["currency"], "eur")
	// A custom price has to be in it, too.
	later("d", "eur")
	custom := JSON{"customer_id": "d", "product_id": "local", "is_custom": true, "items": []JSON{In(Price(25), JSON{"eur": 21.5}), Messages(100)}}
	w.Want("preview", ValueAt(w.Post("/v1/attach/preview", custom), "due_today.total"), 21.5)
	w.Post("/v1/attach", custom)
	w.Billed("d", 700, 2150)
	// In the environment's currency nothing is different.
	later("e", "usd")
	w.Attach("e", "pro")
	w.Billed("e", 700, 2000)
}

func TestCUR19FixedHereAndAnotherAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	shop(w)
	stripeID := billedElsewhere(w, "eur")
	w.Refused(400, "stripe_currency_differs", "/v1/customers", JSON{"id": "new", "currency": "usd", "stripe_id": stripeID})
	w.Want("nobody was made", w.Do(stack.DefaultKey, "GET", "/v1/customers/new", nil).Status, 404)
	w.Post("/v1/customers", JSON{"id": "c", "currency": "jpy"})
	w.Refused(400, "stripe_currency_differs", "/v1/customers", JSON{"id": "c", "stripe_id": stripeID})
	for _, path := range []string{"/v1/customers", "/v1/customers/c"} {
		text := w.Refused(400, "stripe_currency_differs", path, JSON{"id": "c", "name": "C", "stripe_id": stripeID})
		if !strings.Contains(text, "jpy") || !strings.Contains(text, "eur") {
			w.Errorf("%s: %s", path, text)
		}
	}
	w.Want("nothing was changed", []any{w.Customer("c")["name"], w.Customer("c")["stripe_id"]}, []any{nil, nil})
	// Linked before, and billed in another one since.
	w.PutGoodCard("c")
	price := w.CallStripe("POST", "/v1/prices", "unit_amount=700&recurring[interval]=month&product_data[name]=Other&currency=eur")["id"].(string)
	w.CallStripe("POST", "/v1/subscriptions", "customer="+w.StripeID("c")+"&items[0][price]="+price)
	w.WaitIdle()
	for _, path := range []string{"/v1/attach/preview", "/v1/checkout", "/v1/attach"} {
		w.Refused(400, "stripe_currency_differs", path, JSON{"customer_id": "c", "product_id": "pro"})
	}
	w.Billed("c", 700)
	w.Post("/v1/customers", JSON{"id": "c", "stripe_id": w.StripeID("c")}) // linked already
}
