package world

import (
	"context"
	"log/slog"
	"sync"
)

// invoiceMismatches hears when what Stripe billed is not what Windfall reckoned. No story
// ends well with such a difference, unless it is about one.
type invoiceMismatches struct {
	mu       sync.Mutex
	differ   []string
	expected bool
}

// AllowInvoiceMismatch says that this story is about a difference.
func (w *World) AllowInvoiceMismatch() {
	w.books.mu.Lock()
	defer w.books.mu.Unlock()
	w.books.expected = true
}

func (b *invoiceMismatches) Enabled(_ context.Context, l slog.Level) bool {
	return l >= slog.LevelError
}
func (b *invoiceMismatches) WithAttrs([]slog.Attr) slog.Handler { return b }
func (b *invoiceMismatches) WithGroup(string) slog.Handler      { return b }

// Handle notes the log lines of App.commit that tell of a difference.
func (b *invoiceMismatches) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "the books differ" {
		return nil
	}
	text := ""
	r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
	b.mu.Lock()
	defer b.mu.Unlock()
	b.differ = append(b.differ, text)
	return nil
}

// check fails the story for differences nobody expected.
func (b *invoiceMismatches) check(w *World) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.differ) > 0 && !b.expected {
		w.Errorf("Stripe billed something else than was reckoned: %q", b.differ)
	}
}
