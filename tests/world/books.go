package world

import (
	"context"
	"log/slog"
	"sync"
)

// books hears when what Stripe billed is not what Windfall reckoned. No story
// ends well with such a difference, unless it is about one.
type books struct {
	mu       sync.Mutex
	differ   []string
	expected bool
}

// BooksMayDiffer says that this story is about a difference.
func (w *World) BooksMayDiffer() {
	w.books.mu.Lock()
	defer w.books.mu.Unlock()
	w.books.expected = true
}

func (b *books) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }
func (b *books) WithAttrs([]slog.Attr) slog.Handler           { return b }
func (b *books) WithGroup(string) slog.Handler                { return b }

// Handle notes the log lines of App.commit that tell of a difference.
func (b *books) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "invoice mismatch" {
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
func (b *books) check(w *World) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.differ) > 0 && !b.expected {
		w.Errorf("Stripe billed something else than was reckoned: %q", b.differ)
	}
}
