package world

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"
)

// PutGoodCard puts a good card on file.
func (w *World) PutGoodCard(customer string) { w.Helper(); w.PutCard(customer, "pm_card_visa") }

// PutFailingCard puts a card on file that attaches and then fails every charge.
func (w *World) PutFailingCard(customer string) {
	w.Helper()
	w.PutCard(customer, "pm_card_chargeCustomerFail")
}

// PutCard puts a test payment method on file as the default.
func (w *World) PutCard(customer, method string) {
	w.Helper()
	w.Post("/_local/customers/"+url.PathEscape(customer)+"/payment_method", JSON{"payment_method": method})
}

// Attach attaches a product; more is merged into the request.
func (w *World) Attach(customer, product string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/attach", Merge(JSON{"customer_id": customer, "product_id": product}, more...))
}

// Merge merges objects into the first; later ones win.
func Merge(into JSON, more ...JSON) JSON {
	for _, m := range more {
		for k, v := range m {
			into[k] = v
		}
	}
	return into
}

// Buy attaches, and pays the page with a good card if there is one.
func (w *World) Buy(customer, product string, more ...JSON) JSON {
	w.Helper()
	done := w.Attach(customer, product, more...)
	if page, ok := done["checkout_url"].(string); ok {
		w.Pay(page)
	}
	return done
}

// Pay completes a checkout page with a good card; more is merged in.
func (w *World) Pay(page string, more ...JSON) JSON {
	w.Helper()
	a := w.ActOnPage(page, "complete", Merge(JSON{"payment_method": "pm_card_visa"}, more...))
	if a.Status != http.StatusOK {
		w.Fatalf("pay %s: %d %s", page, a.Status, a.Text)
	}
	return a.Body
}

// CustomerWithCard makes a customer with a good card on file, who holds these products.
func (w *World) CustomerWithCard(customer string, products ...string) {
	w.Helper()
	w.Post("/v1/customers", JSON{"id": customer})
	w.PutGoodCard(customer)
	for _, p := range products {
		w.Attach(customer, p)
	}
}

// Cancel ends a product; more is merged into the request.
func (w *World) Cancel(customer, product string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/cancel", Merge(JSON{"customer_id": customer, "product_id": product}, more...))
}

// Immediately ends a product at once instead of with its period.
func Immediately() JSON { return JSON{"cancel_immediately": true} }

// AdvancePastRenewal moves the clock to a billing day and through the hour in which
// Stripe leaves the invoice a draft.
func (w *World) AdvancePastRenewal(day time.Time) {
	w.Helper()
	w.AdvanceTo(day)
	w.Advance("2h")
}

// CustomerProduct is a customer's product as the API shows it.
func (w *World) CustomerProduct(customer, product string) JSON {
	w.Helper()
	for _, p := range w.Customer(customer)["products"].([]any) {
		if ValueAt(p, "id") == product {
			return p.(JSON)
		}
	}
	return nil
}

// ActOnPage acts on a checkout page: complete or expire.
func (w *World) ActOnPage(page, action string, body JSON) Answer {
	w.Helper()
	if !strings.HasPrefix(page, w.Stack.BaseURL+"/") {
		w.Fatalf("checkout_url %q is not on this stack", page)
	}
	a := w.Do("", "POST", strings.TrimPrefix(page, w.Stack.BaseURL)+"/"+action, body)
	w.WaitIdle()
	return a
}

// Customer reads a customer; expand may name more.
func (w *World) Customer(id string, expand ...string) JSON {
	w.Helper()
	return w.Get("/v1/customers/" + url.PathEscape(id) + "?expand=" + strings.Join(expand, ","))
}

// HasProducts checks the statuses of a customer's products: "pro active", sorted.
func (w *World) HasProducts(customer string, want ...string) {
	w.Helper()
	got := []string{}
	for _, p := range w.Customer(customer)["products"].([]any) {
		got = append(got, fmt.Sprint(ValueAt(p, "id"), " ", ValueAt(p, "status")))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("%s holds %q, want %q", customer, got, want)
	}
}

// Check asks for a feature; more is merged into the request.
func (w *World) Check(customer, feature string, more ...JSON) JSON {
	w.Helper()
	return w.Post("/v1/check", Merge(JSON{"customer_id": customer, "feature_id": feature}, more...))
}

// HasBalance checks what check answers: allowed, and the balance as it is written.
func (w *World) HasBalance(customer, feature string, allowed bool, balance any) {
	w.Helper()
	got := w.Check(customer, feature)
	if got["allowed"] != allowed {
		w.Errorf("check %s for %s: allowed %v, want %v", feature, customer, got["allowed"], allowed)
	}
	w.Want("balance of "+feature+" for "+customer, got["balance"], balance)
}

// Track records a use.
func (w *World) Track(customer, feature string, value any) JSON {
	w.Helper()
	return w.Post("/v1/track", JSON{"customer_id": customer, "feature_id": feature, "value": value})
}

// An Invoice is a Stripe invoice as a story looks at it.
type Invoice struct {
	ID, Status, Subscription string
	Total                    int64
}

// Invoices lists a customer's Stripe invoices, oldest first.
func (w *World) Invoices(customer string) []Invoice {
	w.Helper()
	r := httptest.NewRecorder()
	w.Stack.ServeHTTP(r, httptest.NewRequest("GET", w.Stack.BaseURL+"/_local/customers/"+url.PathEscape(customer)+"/invoices", nil))
	var out []Invoice
	if err := json.Unmarshal(r.Body.Bytes(), &out); err != nil || r.Code != http.StatusOK {
		w.Fatalf("invoices of %s: %d %s", customer, r.Code, r.Body)
	}
	return out
}

// Billed checks the totals of a customer's invoices at Stripe, oldest first,
// in cents, and that Windfall remembers the same.
func (w *World) Billed(customer string, want ...int64) {
	w.Helper()
	var got []int64
	for _, i := range w.Invoices(customer) {
		got = append(got, i.Total)
	}
	if !slices.Equal(got, want) {
		w.Errorf("%s was billed %v at Stripe, want %v", customer, got, want)
	}
	var known []int64
	for _, i := range w.Customer(customer, "invoices")["invoices"].([]any) {
		known = append(known, int64(math.Round(ValueAt(i, "total").(float64)*100)))
	}
	slices.Reverse(known)
	if !slices.Equal(known, want) {
		w.Errorf("Windfall knows %v of %s, want %v", known, customer, want)
	}
}

// AtStripe reads what Stripe holds of a customer.
func (w *World) AtStripe(customer string) JSON {
	w.Helper()
	return w.Get("/_local/customers/" + url.PathEscape(customer) + "/stripe")
}

// HasSubscriptions counts a customer's subscriptions at Stripe, ended ones
// included.
func (w *World) HasSubscriptions(customer string, want int) {
	w.Helper()
	got, _ := w.AtStripe(customer)["subscriptions"].([]any)
	if len(got) != want {
		w.Errorf("%s has %d subscriptions at Stripe, want %d", customer, len(got), want)
	}
}

// Redeliver sends all events of these types again, in this order of types.
func (w *World) Redeliver(types ...string) []any {
	w.Helper()
	var ids []string
	for _, kind := range types {
		for _, e := range w.Stack.Sim.Events() {
			if e.Type == kind {
				ids = append(ids, e.ID)
			}
		}
	}
	if len(ids) == 0 {
		w.Fatalf("there were no events of %v", types)
	}
	statuses, _ := w.Post("/_local/events/deliver", JSON{"ids": ids})["statuses"].([]any)
	return statuses
}

// PublishableKey makes a publishable key.
func (w *World) PublishableKey() string {
	w.Helper()
	const key = "am_pk_test_local"
	if err := w.Stack.PublishableKey(w.Context(), key); err != nil {
		w.Fatal(err)
	}
	return key
}

// AllowPublishableCheckout lets publishable keys open checkout pages.
func (w *World) AllowPublishableCheckout() {
	w.Helper()
	w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": true})
}

// IdempotencyKey gives a request an Idempotency-Key.
func IdempotencyKey(key string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Idempotency-Key", key) }
}
