// Package world gives a test a whole Windfall of its own: the stack in memory,
// a clock that stands at 1 April 2027 until the test moves it, and the steps of
// a story. Nothing is mocked: calls go through real API Gateway events, the
// real table code and the Stripe simulator. It holds no test of the product.
//
//	Which products are for sale?           catalog.go; items.go has the parts of a product
//	What can a customer do?                customer.go, usage.go, delete_customer.go
//	What of seats, of rewards?             seats.go, rewards.go
//	Who may call?                          keys.go
//	How does time pass?                    Advance, AdvanceTo, AdvancePastRenewal
//	How is an answer checked?              HasProducts, HasBalance, Billed, Refused, Want; lists.go reads pages
//	What happened at Stripe?               stripe.go; invoice_mismatch.go
//	What do staff do there?                staff.go
//	Which metrics were reported?           metric_log.go
//	How is a state kept and brought back?  Snapshot
package world

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"windfall/local/control"
	"windfall/local/stack"
)

// T0 is the start of every story: a month of 30 days, so that half of it is 15.
var T0 = time.Date(2027, 4, 1, 0, 0, 0, 0, time.UTC)

// T1 to T4 are the billing days that follow.
var (
	T1 = T0.AddDate(0, 1, 0)
	T2 = T0.AddDate(0, 2, 0)
	T3 = T0.AddDate(0, 3, 0)
	T4 = T0.AddDate(0, 4, 0)
)

// A World is one test's stack.
type World struct {
	*testing.T
	Stack *stack.Stack
	Notes map[string]string // notes of the story itself

	mismatches *invoiceMismatches
	asked      atomic.Bool // whether a call was made
	calls      exchanges
}

// New returns a world with an empty catalog.
func New(t *testing.T) *World { return With(t, stack.Options{}) }

// With returns a world over a stack with options of its own.
func With(t *testing.T, o stack.Options) *World {
	t.Helper()
	if o.Clock.IsZero() {
		o.Clock = T0
	}
	watch := watched(t)
	if o.Watch == nil {
		o.Watch = watch
	}
	mismatches := &invoiceMismatches{}
	if o.Log == nil {
		o.Log = slog.New(mismatches)
	}
	s, err := stack.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Control(control.New(s, nil))
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &World{T: t, Stack: s, Notes: map[string]string{}, mismatches: mismatches}
	t.Cleanup(func() { mismatches.check(w); w.calls.save(w) })
	return w
}

// JSON is an object of a request or an answer.
type JSON = map[string]any

// An Answer is the status, headers and body of an answer.
type Answer struct {
	Status int
	Header http.Header
	Text   string
	Body   JSON
}

// Do makes a call with a key; change edits the request before it is sent.
func (w *World) Do(key, method, path string, body any, change ...func(*http.Request)) Answer {
	w.Helper()
	w.asked.Store(true)
	var text []byte
	switch b := body.(type) {
	case nil:
	case string:
		text = []byte(b)
	default:
		var err error
		if text, err = json.Marshal(b); err != nil {
			w.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, w.Stack.BaseURL+path, bytes.NewReader(text))
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	if len(text) > 0 || method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range change {
		c(r)
	}
	rec := httptest.NewRecorder()
	w.Stack.ServeHTTP(rec, r)
	a := Answer{Status: rec.Code, Header: rec.Header(), Text: rec.Body.String()}
	_ = json.Unmarshal(rec.Body.Bytes(), &a.Body) // a body that is not an object is kept as text
	w.calls.add(r, text, a)
	return a
}

// Call makes a call with the secret key; it must succeed.
func (w *World) Call(method, path string, body any) JSON {
	w.Helper()
	a := w.Do(w.Stack.Key, method, path, body)
	if a.Status != http.StatusOK {
		w.Fatalf("%s %s: %d %s", method, path, a.Status, a.Text)
	}
	w.WaitIdle()
	return a.Body
}

// Post is Call with POST.
func (w *World) Post(path string, body any) JSON { w.Helper(); return w.Call("POST", path, body) }

// Get is Call with GET.
func (w *World) Get(path string) JSON { w.Helper(); return w.Call("GET", path, nil) }

// Refused makes a POST that must fail with this status and code, and write
// nothing. It returns the message.
func (w *World) Refused(status int, code, path string, body any) string {
	w.Helper()
	a := w.Do(w.Stack.Key, "POST", path, body)
	if a.Status != status || a.Body["code"] != code {
		w.Fatalf("POST %s: got %d %s, want %d %s", path, a.Status, a.Text, status, code)
	}
	message, _ := a.Body["message"].(string)
	if message == "" || a.Body["env"] != "sandbox" {
		w.Errorf("POST %s: an error has a message and an env: %s", path, a.Text)
	}
	return message
}

// WaitIdle waits until every webhook is delivered and every track is stored as
// an event.
func (w *World) WaitIdle() {
	w.Helper()
	if err := w.Stack.Quiet(w.Context()); err != nil {
		w.Fatal(err)
	}
}

// Snapshot saves table, Stripe and clock. The function it returns restores
// them, any number of times.
func (w *World) Snapshot() (restore func()) {
	w.Helper()
	was, err := w.Stack.Snapshot(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return func() {
		w.Helper()
		if err := w.Stack.Restore(w.Context(), was); err != nil {
			w.Fatal(err)
		}
	}
}

// Advance moves the clock by a span such as "15d" or "1 month".
func (w *World) Advance(span string) {
	w.Helper()
	w.Post("/_local/clock", JSON{"advance": span})
}

// AdvanceTo moves the clock to a moment.
func (w *World) AdvanceTo(t time.Time) {
	w.Helper()
	w.Post("/_local/clock", JSON{"to": t.Format(time.RFC3339)})
}

// AdvanceWithoutEvents moves the clock without delivering events, until
// delivery is immediate again.
func (w *World) AdvanceWithoutEvents(to time.Time) {
	w.Helper()
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	if err := w.Stack.Sim.AdvanceTo(w.Context(), to); err != nil {
		w.Fatal(err)
	}
}

// Want compares two values by their JSON.
func (w *World) Want(what string, got, want any) {
	w.Helper()
	g, _ := json.Marshal(got)
	x, _ := json.Marshal(want)
	if !bytes.Equal(g, x) {
		w.Errorf("%s: got %s, want %s", what, g, x)
	}
}

// Merge merges objects into the first; later ones win.
func Merge(into JSON, more ...JSON) JSON {
	for _, m := range more {
		for k, v := range m {
			into[k] = v
		}
	}
	return into
}

// ValueAt returns the value at a path of keys, such as
// "features.messages.balance"; nil if it is missing.
func ValueAt(v any, path string) any {
	for _, key := range strings.Split(path, ".") {
		switch at := v.(type) {
		case JSON:
			v = at[key]
		case []any:
			i := -1
			if _, err := fmt.Sscan(key, &i); err != nil || i < 0 || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

// ParseJSON reads JSON, or fails the test.
func ParseJSON(t testing.TB, text []byte) JSON {
	t.Helper()
	var out JSON
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

// Unchanged checks that the table and Stripe have not changed.
func (w *World) Unchanged(table, objects string) {
	w.Helper()
	w.WaitIdle()
	if now := w.Stack.Tables(); now != table {
		w.Errorf("the table was written to:\n%s", firstDifference(table, now))
	}
	if w.Stack.Objects() != objects {
		w.Error("something changed at Stripe")
	}
}

// firstDifference is the first line in which two texts differ.
func firstDifference(was, is string) string {
	before, after := strings.Split(was, "\n"), strings.Split(is, "\n")
	for i := range after {
		if i >= len(before) || before[i] != after[i] {
			return after[i]
		}
	}
	return "a row is gone"
}
