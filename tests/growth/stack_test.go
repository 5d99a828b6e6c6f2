package growth

import (
	"net/http"
	"testing"
	"time"

	"windfall/local/stack"
)

var t0 = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

// open returns a stack in memory with a default product.
func open(b *testing.B) *stack.Stack {
	b.Helper()
	return openWith(b, stack.Options{Clock: t0})
}

func openWith(b *testing.B, o stack.Options) *stack.Stack {
	b.Helper()
	s, err := stack.Open(o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	call(b, s, "POST", "/v1/features", `{"id":"messages","name":"Messages","type":"single_use"}`)
	call(b, s, "POST", "/v1/products", `{"id":"free","name":"Free","items":[{"feature_id":"messages","included_usage":1000,"interval":"month"}]}`)
	call(b, s, "POST", "/v1/products/free", `{"is_default":true}`)
	return s
}

func call(b *testing.B, s *stack.Stack, method, path, body string) []byte {
	b.Helper()
	status, text, err := s.Call(b.Context(), method, path, []byte(body))
	if err != nil || status != http.StatusOK {
		b.Fatalf("%s %s: %d %s %v", method, path, status, text, err)
	}
	return text
}
