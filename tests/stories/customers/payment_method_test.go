package customers

import (
	"testing"

	. "windfall/tests/world"
)

func TestExpandPaymentMethod(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	card := func(customer string, more ...string) any {
		t.Helper()
		c := w.Customer(customer, append([]string{"payment_method"}, more...)...)
		pm, there := c["payment_method"]
		if !there {
			t.Errorf("%s: the answer has no payment_method", customer)
		}
		return pm
	}
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Want("unknown to Stripe", card("c"), nil)
	if _, there := w.Customer("c")["payment_method"]; there {
		t.Error("payment_method comes only when asked for")
	}
	w.Post("/v1/customers", JSON{"id": "bare", "create_in_stripe": true})
	w.Want("without a card", card("bare"), nil)

	w.PutGoodCard("c")
	pm := card("c", "invoices", "rewards", "referrals", "trials_used", "entities")
	w.Want("the card", []any{ValueAt(pm, "object"), ValueAt(pm, "type"), ValueAt(pm, "card.last4"), ValueAt(pm, "card.exp_year")}, []any{"payment_method", "card", "4242", 2034.0})
	w.Want("all of it, as Stripe has it", pm, ValueAt(w.AtStripe("c"), "payment_methods.0"))
	w.PutCard("c", "pm_card_mastercard")
	w.Want("the one that is charged", ValueAt(card("c"), "card.brand"), "mastercard")
	w.Want("with the answer to a create", ValueAt(w.Post("/v1/customers?expand=invoices,payment_method", JSON{"id": "c"}), "payment_method.card.brand"), "mastercard")

	if _, _, err := w.Stack.Stripe("DELETE", "/v1/customers/"+w.Customer("c")["stripe_id"].(string), nil); err != nil {
		t.Fatal(err)
	}
	w.WaitIdle()
	w.Want("deleted at Stripe", card("c"), nil)
}

// A publishable key never sees a card, whatever else is asked for and allowed.
func TestPaymentMethodNeedsASecretKey(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Call("PATCH", "/v1/settings", JSON{"publishable_reads_customers": true})
	public := w.PublishableKey()
	w.Want("the customer alone", w.Do(public, "GET", "/v1/customers/c", nil).Status, 200)
	for _, expand := range []string{"payment_method", "invoices,payment_method", "payment_method&expand=invoices"} {
		a := w.Do(public, "GET", "/v1/customers/c?expand="+expand, nil)
		w.Want(expand, []any{a.Status, a.Body["code"], a.Body["payment_method"]}, []any{401, "endpoint_not_public", nil})
	}
}

// An unknown URL parameter is refused, by its name.
func TestReadsRefuseUnknownParameters(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	for path, code := range map[string]string{
		"/v1/customers/c?expands=invoices":                  "invalid_inputs",
		"/v1/customers/c?with_autumn_id=yes":                "invalid_inputs",
		"/v1/customers/c?expand=cards":                      "invalid_expand",
		"/v1/customers/c/audit?since=1":                     "invalid_inputs",
		"/v1/products?archived=true":                        "invalid_inputs",
		"/v1/products?include_archived=yes":                 "invalid_inputs",
		"/v1/products_beta?all_versions=yes":                "invalid_inputs",
		"/v1/products/pro?versions=1":                       "invalid_inputs",
		"/v1/products/pro?version=first":                    "invalid_inputs",
		"/v1/features?archived=true":                        "invalid_inputs",
		"/v1/features/messages?expand=x":                    "invalid_inputs",
		"/v1/components/pricing_table?customer=c":           "invalid_inputs",
		"/v1/components/pricing_table?include_archived=yes": "invalid_inputs",
	} {
		a := w.Do(w.Stack.Key, "GET", path, nil)
		w.Want(path, []any{a.Status, a.Body["code"]}, []any{400, code})
	}
	w.Want("the table", w.Stack.Tables(), before)
	for _, path := range []string{"/v1/customers/c?", "/v1/customers/c?expand=", "/v1/products?customer_id=c", "/v1/products?include_archived=false", "/v1/features?"} {
		w.Get(path)
	}
}

func TestPricingTable(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	public := w.PublishableKey()
	before := w.Stack.Tables()
	for _, query := range []string{"", "?customer_id=c", "?customer_id=nobody"} {
		table := w.Get("/v1/components/pricing_table" + query)
		for n, p := range w.Get("/v1/products" + query)["list"].([]any) {
			shown := ValueAt(table, "list").([]any)[n].(JSON)
			for name, value := range p.(JSON) {
				if name != "items" {
					w.Want(name+" of "+query, shown[name], value)
				}
			}
		}
		w.Want("with a publishable key", w.Do(public, "GET", "/v1/components/pricing_table"+query, nil).Body, table)
	}
	w.Want("the table", w.Stack.Tables(), before)
}
