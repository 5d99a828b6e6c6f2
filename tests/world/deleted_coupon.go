package world

import (
	"net/http"
	"net/url"
)

// DiscountOfDeletedCoupon takes half off a subscription and deletes the coupon at
// Stripe: the discount continues, but Stripe refuses every change that names it.
func (w *World) DiscountOfDeletedCoupon(subscription string) {
	w.Helper()
	for _, step := range []struct {
		method, path string
		form         url.Values
	}{
		{"POST", "/v1/coupons", url.Values{"id": {"HALF"}, "percent_off": {"50"}, "duration": {"forever"}}},
		{"POST", "/v1/subscriptions/" + subscription, url.Values{"coupon": {"HALF"}}},
		{"DELETE", "/v1/coupons/HALF", nil},
	} {
		if status, body, err := w.Stack.Stripe(step.method, step.path, step.form); err != nil || status != http.StatusOK {
			w.Fatal(status, string(body), err)
		}
	}
	w.WaitIdle()
}
