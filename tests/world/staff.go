package world

import (
	"net/http"
	"net/url"
	"slices"
)

// CallStripe calls Stripe by hand, as staff would, and returns the answer.
func (w *World) CallStripe(method, path, form string) JSON {
	w.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		w.Fatal(err)
	}
	status, text, err := w.Stack.Stripe(method, path, values)
	if err != nil || status != http.StatusOK {
		w.Fatalf("%s %s: %d %s, %v", method, path, status, text, err)
	}
	w.WaitIdle()
	return ParseJSON(w.T, text)
}

// StripeID is the id of a customer at Stripe.
func (w *World) StripeID(customer string) string {
	w.Helper()
	return w.Customer(customer)["stripe_id"].(string)
}

// FirstSubscription is the id of a customer's first subscription at Stripe.
func (w *World) FirstSubscription(customer string) string {
	w.Helper()
	return ValueAt(w.AtStripe(customer), "subscriptions.0.id").(string)
}

// ChangeSubscription changes a customer's first subscription as staff do at
// Stripe.
func (w *World) ChangeSubscription(customer string, change JSON) {
	w.Helper()
	w.Post("/_local/subscriptions/"+w.FirstSubscription(customer), change)
}

// NothingWaits checks that no invoice item waits at Stripe for a customer, who is
// named by the id there. One of 0 tells our books of seats that left, and nobody pays it.
func (w *World) NothingWaits(stripeID string) {
	w.Helper()
	waiting := w.CallStripe("GET", "/v1/invoiceitems", url.Values{"customer": {stripeID}, "pending": {"true"}}.Encode())["data"].([]any)
	waiting = slices.DeleteFunc(waiting, func(i any) bool { return ValueAt(i, "amount") == 0.0 && ValueAt(i, "metadata.list_amount") != nil })
	if len(waiting) > 0 {
		w.Errorf("%d items still wait at Stripe: %v", len(waiting), waiting)
	}
}
