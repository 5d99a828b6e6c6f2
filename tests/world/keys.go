package world

import (
	"net/http"

	"windfall/local/stack"
)

// PublishableKey is the publishable key of the stack.
func (w *World) PublishableKey() string { return stack.PublishableKey }

// AllowPublishableCheckout lets publishable keys open checkout pages.
func (w *World) AllowPublishableCheckout() {
	w.Helper()
	w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": true})
}

// IdempotencyKey gives a request an Idempotency-Key.
func IdempotencyKey(key string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Idempotency-Key", key) }
}
