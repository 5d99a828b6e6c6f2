package world

import (
	"net/http"
)

// PublishableKey creates a publishable key.
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
