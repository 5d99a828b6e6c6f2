package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/demo"
	"windfall/local/stack"
	"windfall/shared/app"
)

// The demo's company has three months behind it: something of everything that its pages show.
func TestTheHistoryHasSomethingOfEverything(t *testing.T) {
	t.Parallel()
	s, err := stack.Open(stack.Options{Clock: time.Date(2027, 1, 1, 9, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.Control(control.New(s, nil))
	var said bytes.Buffer
	for range 2 { // the second finds it made
		if err := demo.Fill(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if err := demo.History(t.Context(), s, &said); err != nil {
			t.Fatal(err)
		}
		t.Logf("made in %s", time.Since(began).Round(time.Millisecond))
	}
	if got := s.Sim.Now(); !got.Equal(time.Date(2027, 4, 1, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("the clock stands at %s", got)
	}
	store := s.Store()
	counts, err := store.Attention(t.Context(), "sandbox", s.Sim.Now())
	if err != nil || counts.Of[app.Held] != 2 || counts.Of[app.PastDue] < 1 || counts.Of[app.Failed]+counts.Of[app.Differs]+counts.Of[app.Unfinished] > 0 {
		t.Errorf("%v wait, %v", counts.Of, err)
	}
	figures, err := store.Figures(t.Context(), "sandbox", s.Sim.Now().AddDate(0, 0, -90))
	if err != nil || len(figures.Redemptions) < 10 || len(figures.Revenue["usd"]) < 3 {
		t.Errorf("%+v, %v", figures, err)
	}
	if n := customers(t, s); n != 203 {
		t.Errorf("%d customers", n)
	}
}

// customers counts them by the API's list.
func customers(t *testing.T, s *stack.Stack) (n int) {
	t.Helper()
	for offset := ""; ; {
		status, text, err := s.Call(context.WithoutCancel(t.Context()), http.MethodGet, "/v1/customers?limit=100"+offset, nil)
		var page struct {
			List []json.RawMessage
			Next string `json:"next_cursor"`
		}
		if err != nil || status != http.StatusOK || json.Unmarshal(text, &page) != nil {
			t.Fatalf("%d %s %v", status, text, err)
		}
		if n += len(page.List); page.Next == "" {
			return n
		}
		offset = "&cursor=" + page.Next
	}
}
