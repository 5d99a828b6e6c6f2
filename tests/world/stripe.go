package world

import (
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"

	"windfall/shared/money"
)

// An Invoice is a Stripe invoice with the fields that stories read.
type Invoice struct {
	ID, Number, Status, Subscription string
	Total                            int64
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

// Billed checks the totals of a customer's invoices at Stripe, oldest first, in
// minor units, and that Windfall has the same.
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
		known = append(known, int64(math.Round(ValueAt(i, "total").(float64)*math.Pow10(int(money.Currency(ValueAt(i, "currency").(string)).Exponent())))))
	}
	slices.Reverse(known)
	if !slices.Equal(known, want) {
		w.Errorf("Windfall has %v of %s, want %v", known, customer, want)
	}
}

// AtStripe reads the objects of a customer at Stripe.
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
