package world

import (
	"fmt"
	"net/http"
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

// CustomerWithCard makes a customer with a good card on file and attaches these
// products.
func (w *World) CustomerWithCard(customer string, products ...string) {
	w.Helper()
	w.Post("/v1/customers", JSON{"id": customer})
	w.PutGoodCard(customer)
	for _, p := range products {
		w.Attach(customer, p)
	}
}

// CustomerWithEmailAndCard makes a customer with an e-mail and a good card.
func (w *World) CustomerWithEmailAndCard(id string) {
	w.Helper()
	w.Post("/v1/customers", JSON{"id": id, "email": id + "@x.io"})
	w.PutGoodCard(id)
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
		w.Errorf("%s has %q, want %q", customer, got, want)
	}
}
