package demo_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"windfall/local/demo"
)

// Refunds of the history are told in a sentence; any other warning, and a refund after it, is logged.
func TestTheHistorysRefundsAreNoWarnings(t *testing.T) {
	t.Parallel()
	var lines, said bytes.Buffer
	l := demo.NewLog(slog.NewTextHandler(&lines, nil))
	log := slog.New(l).With("request", "1")
	failed := errors.New("no history")
	if err := l.During(&said, func() error {
		log.Warn("a payment was refunded or disputed")
		log.Warn("a payment was refunded or disputed")
		log.Warn("invoice mismatch")
		return failed
	}); !errors.Is(err, failed) {
		t.Errorf("the history's end is %v", err)
	}
	if got := lines.String(); strings.Contains(got, "refunded") || !strings.Contains(got, "invoice mismatch") {
		t.Errorf("logged:\n%s", got)
	}
	if got := said.String(); got != "  2 payments refunded: a deployment raises an alarm at each\n" {
		t.Errorf("said: %q", got)
	}
	log.Warn("a payment was refunded or disputed")
	if !strings.Contains(lines.String(), "refunded") {
		t.Error("a refund after the history was not logged")
	}
}
