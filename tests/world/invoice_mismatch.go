package world

import (
	"context"
	"log/slog"
	"sync"
)

// invoiceMismatches collects the log lines that report an invoice of Stripe with
// other totals than Windfall computed. A mismatch fails the story, unless the
// story allows it.
type invoiceMismatches struct {
	mu      sync.Mutex
	found   []string
	allowed bool
}

// AllowInvoiceMismatch is for stories about a mismatch.
func (w *World) AllowInvoiceMismatch() {
	w.mismatches.mu.Lock()
	defer w.mismatches.mu.Unlock()
	w.mismatches.allowed = true
}

func (m *invoiceMismatches) Enabled(_ context.Context, l slog.Level) bool {
	return l >= slog.LevelError
}
func (m *invoiceMismatches) WithAttrs([]slog.Attr) slog.Handler { return m }
func (m *invoiceMismatches) WithGroup(string) slog.Handler      { return m }

// Handle keeps the log lines of a mismatch, by their message.
func (m *invoiceMismatches) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "invoice mismatch" {
		return nil
	}
	text := ""
	r.Attrs(func(a slog.Attr) bool { text += " " + a.String(); return true })
	m.mu.Lock()
	defer m.mu.Unlock()
	m.found = append(m.found, text)
	return nil
}

// ForgetInvoiceMismatches forgives the mismatches so far, in a story that caused
// them at Stripe.
func (w *World) ForgetInvoiceMismatches() {
	w.mismatches.mu.Lock()
	defer w.mismatches.mu.Unlock()
	w.mismatches.found = nil
}

// check fails the story for mismatches that it does not allow.
func (m *invoiceMismatches) check(w *World) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.found) > 0 && !m.allowed {
		w.Errorf("Stripe billed other totals than were computed: %q", m.found)
	}
}

// InvoiceMismatches lists the entries of a customer's history about an invoice
// mismatch.
func (w *World) InvoiceMismatches(customer string) []string {
	w.Helper()
	var out []string
	for _, e := range w.Get("/v1/customers/" + customer + "/audit?limit=100")["list"].([]any) {
		if ValueAt(e, "rule") == "invoice_mismatch" {
			out = append(out, ValueAt(e, "why").(string))
		}
	}
	return out
}
