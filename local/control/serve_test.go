package control

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"windfall/local/stack"
)

// The cause of an internal error goes to the log, not to the caller.
func TestTheCauseOfAFaultIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := &Control{stack: &stack.Stack{Options: stack.Options{Log: slog.New(slog.NewTextHandler(&log, nil))}}}
	w := httptest.NewRecorder()
	c.serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/_local/clock", nil), func(*http.Request) (any, error) {
		return nil, errors.New("parse: net/url: nonsense")
	})
	if text := w.Body.String(); w.Code != http.StatusInternalServerError || strings.Contains(text, "net/url") || !strings.Contains(text, "internal_error") {
		t.Errorf("%d %s", w.Code, text)
	}
	if !strings.Contains(log.String(), "net/url: nonsense") || !strings.Contains(log.String(), "GET /_local/clock") {
		t.Errorf("the log says %s", log.String())
	}
}
