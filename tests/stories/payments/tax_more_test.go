package payments

import (
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// Staff switch the tax of a subscription on or off at Stripe: invoices of our own for it
// follow, and so does what a preview says.
func TestAutomaticTaxSwitchedAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	taxpayer(w, "c", "pro_seats")
	w.ChangeSubscription("c", JSON{"automatic_tax": JSON{"enabled": true}})
	w.Advance("15d")
	w.Track("c", "seats", 3)
	w.WaitIdle()
	w.Billed("c", 2000, 1428)
	w.Want("a preview", w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "premium_seats"})["automatic_tax"], true)
	w.ChangeSubscription("c", JSON{"automatic_tax": JSON{"enabled": false}})
	w.Track("c", "seats", 2)
	w.WaitIdle()
	w.Billed("c", 2000, 1428, 1200)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 1428, 1200, 6800)
}

// What contradicts itself, has no effect or is not a public key's to say is refused, and
// nothing is written.
func TestTaxFieldsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	taxpayer(w, "c", "premium")
	taxpayer(w, "d")
	for name, c := range map[string]struct {
		code, path string
		body       JSON
	}{
		"two wishes":                    {"invalid_inputs", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro", "automatic_tax": true, "checkout_session_params": JSON{"automatic_tax": JSON{"enabled": false}}}},
		"not true or false":             {"invalid_inputs", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro", "automatic_tax": "yes"}},
		"a change that waits":           {"invalid_request", "/v1/attach", JSON{"customer_id": "c", "product_id": "pro", "automatic_tax": true}},
		"an unknown behavior":           {"invalid_product_item", "/v1/products", JSON{"id": "x", "name": "x", "items": []JSON{Merge(Price(1), JSON{"tax_behavior": "unspecified"})}}},
		"a behavior of no price":        {"invalid_product_item", "/v1/products", JSON{"id": "x", "name": "x", "items": []JSON{Merge(Messages(1), JSON{"tax_behavior": "inclusive"})}}},
		"an address without a country":  {"invalid_inputs", "/v1/customers", JSON{"id": "e", "address": JSON{"city": "Berlin"}}},
		"a country that is none":        {"invalid_inputs", "/v1/customers/c", JSON{"address": JSON{"country": "Germany"}}},
		"a code of no country":          {"invalid_inputs", "/v1/customers/c", JSON{"address": JSON{"country": "XX"}}},
		"one that was a country":        {"invalid_inputs", "/v1/customers", JSON{"id": "e", "address": JSON{"country": "UK"}}},
		"an unknown part of an address": {"invalid_inputs", "/v1/customers/c", JSON{"address": JSON{"country": "DE", "zip": "1"}}},
		"in the data of a purchase":     {"invalid_inputs", "/v1/attach", JSON{"customer_id": "f", "product_id": "pro", "customer_data": JSON{"address": JSON{"country": "D"}}}},
	} {
		table, objects := w.Stack.Tables(), w.Stack.Objects()
		w.Refused(400, c.code, c.path, c.body)
		if w.Stack.Tables() != table || w.Stack.Objects() != objects {
			t.Errorf("%s: something was written", name)
		}
	}
	w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": true})
	a := w.Do(stack.PublishableKey, "POST", "/v1/attach", JSON{"customer_id": "d", "product_id": "pro", "automatic_tax": false})
	w.Want("a publishable key", []any{a.Status, a.Body["code"]}, []any{400, "invalid_inputs"})
	w.Attach("c", "pro", JSON{"automatic_tax": false}) // which it is anyway
}

// The address is at Stripe as it was said last, here or on a page.
func TestTheAddressAtStripe(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	at := func(what, want string) {
		t.Helper()
		w.Want(what, ValueAt(w.CallStripe("GET", "/v1/customers/"+w.StripeID("c"), ""), "address.country"), want)
	}
	taxpayer(w, "c", "pro")
	at("made with it", "DE")
	w.Pay(w.Attach("c", "addon_words", JSON{"force_checkout": true})["checkout_url"].(string), JSON{"country": "FR"})
	at("said on a page", "FR")
	w.Call("PATCH", "/v1/customers/c", JSON{"name": "Ada"})
	at("a change of the name alone", "FR")
	w.Call("PATCH", "/v1/customers/c", JSON{"address": JSON{"country": "ch", "line1": "Weg 1"}})
	at("changed", "CH")
	w.Want("line1", ValueAt(w.Customer("c"), "address.line1"), "Weg 1")
	w.Want("city", ValueAt(w.Customer("c"), "address.city"), nil)

	w.CustomerWithCard("d")
	w.Attach("d", "pro", JSON{"customer_data": germany}) // what is not known is filled in, and told
	w.Billed("d", 2380)

	w.CustomerWithCard("f") // told by a function that does not speak to Stripe
	w.Post("/v1/track", JSON{"customer_id": "f", "feature_id": "messages", "customer_data": germany})
	w.Want("told here", ValueAt(w.Customer("f"), "address.country"), "DE")
	w.Attach("f", "pro")
	w.Billed("f", 2380)
	w.Pay(w.Attach("f", "addon_words", JSON{"force_checkout": true})["checkout_url"].(string), JSON{"country": "FR"})
	w.Attach("f", "topup", Quantity("messages", 250)) // Stripe was told once: the page counts
	w.Billed("f", 2380, 2400, 1080)

	made := w.CallStripe("POST", "/v1/customers", "name=E")["id"]
	w.Post("/v1/customers", Merge(JSON{"id": "e", "stripe_id": made}, germany))
	w.Want("linked", ValueAt(w.CallStripe("GET", "/v1/customers/"+made.(string), ""), "address.country"), "DE")
}

// A page that saves a card asks for the address, so that what is bought later can be taxed.
func TestAPageForACardAsksForTheAddress(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	page := w.Post("/v1/setup_payment", JSON{"customer_id": "c"})["url"].(string)
	w.Pay(page, JSON{"country": "CH"})
	w.Attach("c", "pro")
	w.Billed("c", 2162)
}

// A price that contains its tax is another price: a change of it makes another version,
// and another price at Stripe.
func TestATaxBehaviorThatChanges(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c", "pro")
	items := []JSON{Merge(Price(20), JSON{"tax_behavior": "inclusive"}), Messages(500), BooleanFeature("dashboard")}
	w.Post("/v1/products/pro", JSON{"items": items})
	w.Want("version", w.Get("/v1/products/pro")["version"], 2)
	taxpayer(w, "d", "pro")
	w.Billed("d", 2000)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2380, 2380)
	w.Attach("c", "pro", JSON{"version": 2}) // taken over for nothing …
	w.Billed("c", 2380, 2380)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2380, 2380, 2000) // … until the period is over
}

// A refund is of a payment with its tax: half of it takes half of what was bought.
func TestARefundOfAOneOffWithTax(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	taxpayer(w, "c")
	w.Attach("c", "topup", Quantity("messages", 250))
	w.Billed("c", 1071)
	w.HasBalance("c", "messages", true, 350)
	charge := w.CallStripe("GET", "/v1/invoices/"+w.Invoices("c")[0].ID, "")["charge"].(string)
	w.CallStripe("POST", "/v1/refunds", "charge="+charge+"&amount=536")
	w.WaitIdle()
	w.HasBalance("c", "messages", true, 225) // 125 of 250
}

// A period that is not paid is not credited, and what Stripe credits of it is taken back
// with its tax.
func TestAnOpenInvoiceWithTax(t *testing.T) {
	t.Parallel()
	for _, behavior := range []string{"exclusive", "inclusive"} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			w := taxWorld(t)
			for id, price := range map[string]float64{"small": 20, "big": 50} {
				w.Product(id, "sizes", Merge(Price(price), JSON{"tax_behavior": behavior}))
			}
			taxpayer(w, "c")
			w.Attach("c", "small", JSON{"invoice_only": true})
			w.Post("/_local/invoices/"+w.Invoices("c")[0].ID+"/mark_uncollectible", nil)
			w.Advance("15d")
			seen := w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "big", "invoice_only": true})
			w.Want("due before tax", ValueAt(seen, "due_today.total"), 25)
			w.Attach("c", "big", JSON{"invoice_only": true})
			want := map[string][]int64{"exclusive": {2380, 2975}, "inclusive": {2000, 2500}}[behavior]
			w.Billed("c", want...)
		})
	}
}

// A renewal whose subscription ends in the draft hour is issued for what is left on it, and
// what is taken off has its tax taken off, too.
func TestAnEndInTheDraftHourWithTax(t *testing.T) {
	t.Parallel()
	for _, behavior := range []string{"exclusive", "inclusive"} {
		t.Run(behavior, func(t *testing.T) {
			t.Parallel()
			w := taxWorld(t)
			w.Product("use", "main", Merge(Price(20), JSON{"tax_behavior": behavior}), Merge(Overage("messages", 100, 0.1, 1), JSON{"tax_behavior": behavior}))
			taxpayer(w, "c", "use")
			w.Track("c", "messages", 150)
			w.AdvanceTo(T1)
			w.Cancel("c", "use", Immediately())
			w.Advance("2h")
			want := map[string][]int64{"exclusive": {2380, 595}, "inclusive": {2000, 500}}[behavior] // 5.00 of use
			w.Billed("c", want...)
		})
	}
}

// A page with a tax is another page than one without, and the same call gets it again.
func TestAPageWithATaxIsAnotherPage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	url := func(more ...JSON) any { t.Helper(); return w.Attach("c", "pro", more...)["checkout_url"] }
	without, with := url(), url(JSON{"automatic_tax": true})
	if without == with {
		t.Error("the page without a tax was answered again")
	}
	w.Want("again", url(JSON{"automatic_tax": true}), with)
	w.Want("by the page's parameters", url(JSON{"checkout_session_params": JSON{"automatic_tax": JSON{"enabled": true}}}), with)
	w.Pay(with.(string), JSON{"country": "JP"})
	w.Billed("c", 2200)
}

// A publishable key, which may read customers, is not told where they live.
func TestAPublishableKeyReadsNoAddress(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Post("/v1/customers", Merge(JSON{"id": "c"}, germany))
	w.Call("PATCH", "/v1/settings", JSON{"publishable_reads_customers": true})
	a := w.Do(stack.PublishableKey, "GET", "/v1/customers/c", nil)
	w.Want("address", []any{a.Status, a.Body["address"]}, []any{200, nil})
	w.Want("with a secret key", ValueAt(w.Customer("c"), "address.city"), "Berlin")
}

// What is paid of an invoice counts before tax, beside what credits paid of it: the time
// left is worth the same with a tax and without.
func TestWhatIsPaidCountsBeforeTax(t *testing.T) {
	t.Parallel()
	w := taxWorld(t)
	w.Post("/v1/rewards", JSON{"id": "twelve", "name": "twelve", "type": "invoice_credits", "discount_config": JSON{"discount_value": 12,
		"duration_type": "one_off", "duration_value": 0, "apply_to_all": true}})
	for id, back := range map[string]string{"with": "476", "without": "400"} { // half of 9.52, and of 8.00
		taxpayer(w, id)
		w.Attach(id, "pro", JSON{"reward": "twelve", "automatic_tax": id == "with"})
		w.CallStripe("POST", "/v1/credit_notes", "invoice="+w.Invoices(id)[0].ID+"&amount="+back+"&refund_amount="+back)
	}
	w.WaitIdle()
	due := func(id string) any {
		t.Helper()
		return ValueAt(w.Post("/v1/attach/preview", JSON{"customer_id": id, "product_id": "premium"}), "due_today.total")
	}
	w.Want("due before tax", due("with"), due("without"))
	w.Want("half of the 8.00 is not credited", due("with"), 34) // 50.00 less 16.00
	w.Attach("with", "premium")
	w.Billed("with", 952, 4046)
}

// Use that contains its tax is billed up to the most that an invoice takes.
func TestTAX13TheMostThatAnInvoiceTakes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		behavior, currency string
		most               int
		total              int64
	}{
		{"inclusive", "usd", 99_999_999, 99_999_999}, {"inclusive", "jpy", 99_999_999, 99_999_999}, {"inclusive", "kwd", 9_999_999, 99_999_990},
		{"exclusive", "usd", 76_923_099, 91_538_488}, // 769,230.99 and 19 %
	} {
		for _, over := range []bool{false, true} {
			t.Run(tt.behavior+" "+tt.currency, func(t *testing.T) {
				t.Parallel()
				w := New(t)
				w.Feature("words", "single_use")
				one := JSON{"jpy": 1, "kwd": 0.01}
				w.Product("use", "main", Merge(In(Overage("words", 0, 0.01, 1), one), JSON{"tax_behavior": tt.behavior}))
				w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true, "max_usage_per_call": 1_000_000_000})
				w.Post("/v1/customers", Merge(JSON{"id": "c", "currency": tt.currency, "email": "c@x.io"}, germany))
				w.PutGoodCard("c")
				w.Attach("c", "use")
				w.Track("c", "words", tt.most)
				if over {
					w.Track("c", "words", 1)
				}
				w.AdvancePastRenewal(T1)
				last := w.Invoices("c")[len(w.Invoices("c"))-1]
				if over {
					w.Want("left to a person", []any{last.Total, len(notBilled(w, "c"))}, []any{0, 1})
					return
				}
				w.Want("billed", []any{last.Total, last.Status, len(notBilled(w, "c"))}, []any{tt.total, "paid", 0})
			})
		}
	}
}
