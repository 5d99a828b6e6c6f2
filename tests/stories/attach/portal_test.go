package attach

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"windfall/local/stripesim"

	. "windfall/tests/world"
)

// hasCustomersAtStripe counts the customers Stripe has.
func hasCustomersAtStripe(w *World, want int) {
	w.Helper()
	_, text, err := w.Stack.Stripe("GET", "/v1/customers", map[string][]string{"limit": {"100"}})
	if err != nil {
		w.Fatal(err)
	}
	w.Want("customers at Stripe", len(ParseJSON(w.T, text)["data"].([]any)), want)
}

// pageContains reads a hosted page and checks its content.
func pageContains(w *World, page any, part string) {
	w.Helper()
	a := w.Do("", "GET", strings.TrimPrefix(fmt.Sprint(page), w.Stack.BaseURL), nil)
	if a.Status != 200 || !strings.Contains(a.Text, part) {
		w.Errorf("page %v: %d, want %q in %.600s", page, a.Status, part, a.Text)
	}
}

func TestPortalMakesTheCustomerKnownToStripeOnce(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c", "name": "C", "email": "c@x.io"})
	w.Want("Stripe customer before", w.Customer("c")["stripe_id"], nil)
	first := w.Post("/v1/customers/c/billing_portal", JSON{"return_url": "https://app.example/account"})
	w.Want("customer", first["customer_id"], "c")
	pageContains(w, first["url"], "https://app.example/account")
	made := w.Customer("c")["stripe_id"]
	w.Want("name and e-mail at Stripe", []any{ValueAt(w.AtStripe("c"), "customer.name"), ValueAt(w.AtStripe("c"), "customer.email")}, []any{"C", "c@x.io"})
	older := w.Get("/v1/customers/c/billing_portal?return_url=https%3A%2F%2Fapp.example%2Fold")
	pageContains(w, older["url"], "https://app.example/old")
	pageContains(w, w.Call("POST", "/v1/customers/c/billing_portal", nil)["url"], "<html")
	w.Want("Stripe customer after", w.Customer("c")["stripe_id"], made)
	hasCustomersAtStripe(w, 1)
	w.HasProducts("c", "free active")
}

func TestPortalOfACustomerWithoutAnID(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	id := w.Post("/v1/customers?with_autumn_id=true", JSON{"email": "p@x.io"})["autumn_id"].(string)
	w.Want("customer", w.Post("/v1/customers/"+id+"/billing_portal", nil)["customer_id"], id)
	w.Post("/v1/customers", JSON{"id": "p", "email": "p@x.io"})
	w.Post("/v1/customers/p/billing_portal", nil)
	hasCustomersAtStripe(w, 1)
}

// Changes in the portal reach the products.
func TestPortalCancelsAndBringsCardsOnFile(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "pro")
	page := w.Post("/v1/customers/c/billing_portal", nil)["url"].(string)
	subscription := ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string)
	for _, form := range []string{"action=card&payment_method=pm_card_mastercard", "action=cancel&subscription=" + subscription} {
		a := w.Do("", "POST", strings.TrimPrefix(page, w.Stack.BaseURL), form, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		})
		if a.Status != 200 {
			t.Fatalf("%s: %d %s", form, a.Status, a.Text)
		}
		w.WaitIdle()
	}
	w.Want("card of the subscription", ValueAt(w.AtStripe("c"), "subscriptions.0.default_payment_method"), ValueAt(w.AtStripe("c"), "payment_methods.0.id"))
	if ValueAt(w.Customer("c"), "products.0.canceled_at") == nil {
		t.Error("the product does not say that it was cancelled")
	}
}

func TestParallelPortalsAndPagesMakeOneCustomerAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"}) // without an e-mail address Stripe can't be asked for it
	var all sync.WaitGroup
	for _, call := range []struct {
		path string
		body JSON
	}{
		{"/v1/customers/c/billing_portal", JSON{}}, {"/v1/setup_payment", JSON{"customer_id": "c"}},
		{"/v1/customers/c/billing_portal", JSON{}}, {"/v1/attach", JSON{"customer_id": "c", "product_id": "pro"}},
		{"/v1/customers/c/billing_portal", JSON{}}, {"/v1/customers", JSON{"id": "c", "create_in_stripe": true}},
	} {
		all.Go(func() {
			if a := w.Do(w.Stack.Key, "POST", call.path, call.body); a.Status != 200 {
				t.Errorf("%s: %d %s", call.path, a.Status, a.Text)
			}
		})
	}
	all.Wait()
	w.WaitIdle()
	hasCustomersAtStripe(w, 1)
}

func TestPortalReplacesACustomerThatIsGoneAtStripe(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	for range 2 {
		w.Post("/v1/customers/c/billing_portal", nil)
		gone := w.Customer("c")["stripe_id"].(string)
		if status, text, err := w.Stack.Stripe("DELETE", "/v1/customers/"+gone, nil); status != 200 || err != nil {
			t.Fatal(status, string(text), err)
		}
		w.WaitIdle()
		pageContains(w, w.Post("/v1/customers/c/billing_portal", nil)["url"], "<html")
		if w.Customer("c")["stripe_id"] == gone {
			t.Error("the customer is still linked to the one that is gone")
		}
		hasCustomersAtStripe(w, 1)
	}
}

func TestPortalWhileStripeIsDown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	for _, fault := range []stripesim.Fault{stripesim.RefuseBefore, stripesim.LoseAnswer} {
		w.Stack.Sim.SetFault(func(string, string, int) stripesim.Fault { return fault })
		w.Refused(503, "stripe_unavailable", "/v1/customers/c/billing_portal", nil)
	}
	w.Stack.Sim.SetFault(nil)
	w.Advance("5m") // the schedule finishes what was begun
	pageContains(w, w.Post("/v1/customers/c/billing_portal", nil)["url"], "<html")
	hasCustomersAtStripe(w, 1)
}

func TestPortalAndCardPageRefuseAndWriteNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	w.Stack.Sim.SetFault(func(method, path string, _ int) stripesim.Fault {
		t.Errorf("Stripe was asked: %s %s", method, path)
		return stripesim.RefuseBefore
	})
	type refusal struct {
		method, path string
		body         any
		status       int
		code         string
	}
	refusals := []refusal{
		{"POST", "/v1/customers/nobody/billing_portal", nil, 404, "customer_not_found"},
		{"GET", "/v1/customers/nobody/billing_portal", nil, 404, "customer_not_found"},
		{"POST", "/v1/customers/" + strings.Repeat("x", 256) + "/billing_portal", nil, 400, "invalid_request"},
		{"POST", "/v1/customers/c/billing_portal", JSON{"return_url": "javascript:alert(1)"}, 400, "invalid_inputs"},
		{"POST", "/v1/customers/c/billing_portal", JSON{"return_url": 7}, 400, "invalid_inputs"},
		{"POST", "/v1/customers/c/billing_portal", `[]`, 400, "invalid_inputs"},
		{"GET", "/v1/customers/c/billing_portal?return_url=ftp://x", nil, 400, "invalid_inputs"},
		{"POST", "/v1/setup_payment", JSON{}, 400, "invalid_inputs"},
		{"POST", "/v1/setup_payment", JSON{"customer_id": 7}, 400, "invalid_inputs"},
		{"POST", "/v1/setup_payment", JSON{"customer_id": "a/b"}, 400, "invalid_request"},
		{"POST", "/v1/setup_payment", JSON{"customer_id": "new", "success_url": "javascript:alert(1)"}, 400, "invalid_inputs"},
		{"POST", "/v1/setup_payment", JSON{"customer_id": "new", "checkout_session_params": "x"}, 400, "invalid_inputs"},
		{"POST", "/v1/billing.open_customer_portal", JSON{}, 400, "invalid_inputs"},
		{"POST", "/v1/billing.open_customer_portal", JSON{"customer_id": "nobody"}, 404, "customer_not_found"},
		{"POST", "/v1/billing.open_customer_portal", JSON{"customer_id": "c", "return_url": "javascript:alert(1)"}, 400, "invalid_inputs"},
		{"POST", "/v1/billing.open_customer_portal", JSON{"customer_id": "c", "configuration_id": "bpc_1"}, 400, "invalid_request"},
		{"POST", "/v1/billing.setup_payment", JSON{}, 400, "invalid_inputs"},
		{"POST", "/v1/billing.setup_payment", JSON{"customer_id": "new", "success_url": "javascript:alert(1)"}, 400, "invalid_inputs"},
		{"POST", "/v1/billing.setup_payment", JSON{"customer_id": "new", "plan_id": "pro"}, 400, "invalid_request"},
		{"POST", "/v1/billing.setup_payment", JSON{"customer_id": "new", "metadata": JSON{"a": "b"}, "checkout_session_params": JSON{"metadata": JSON{"a": "c"}}}, 400, "invalid_inputs"},
	}
	for _, name := range []string{"mode", "customer", "line_items", "subscription_data", "ui_mode", "discounts"} {
		refusals = append(refusals, refusal{"POST", "/v1/setup_payment", JSON{"customer_id": "new", "checkout_session_params": JSON{name: []JSON{{"a": 1}}}}, 400, "invalid_request"})
	}
	for _, call := range refusals {
		a := w.Do(w.Stack.Key, call.method, call.path, call.body)
		if a.Status != call.status || a.Body["code"] != call.code || a.Body["message"] == "" {
			t.Errorf("%s %.60s %v: got %d %s, want %d %s", call.method, call.path, call.body, a.Status, a.Text, call.status, call.code)
		}
	}
	for _, path := range []string{"/v1/customers/c/billing_portal", "/v1/setup_payment"} {
		if a := w.Do("am_pk_test_local", "POST", path, JSON{"customer_id": "c"}); a.Status != 401 || a.Body["code"] != "endpoint_not_public" {
			t.Errorf("%s with a publishable key: %d %s", path, a.Status, a.Text)
		}
	}
	if w.Stack.Tables() != before {
		t.Error("a refused call wrote to the table")
	}
}
