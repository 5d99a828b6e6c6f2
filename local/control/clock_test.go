package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// company is a fixture whose customers pay on different days: buyers of them.
func company(t *testing.T, buyers int) fixture {
	t.Helper()
	f := open(t)
	for i := range buyers {
		id := fmt.Sprint("buyer", i)
		f.must("POST", "/v1/customers", `{"id":"`+id+`"}`)
		f.must("POST", "/_local/customers/"+id+"/payment_method", `{"payment_method":"pm_card_visa"}`)
		f.must("POST", "/v1/attach", `{"customer_id":"`+id+`","product_id":"pro"}`)
		f.must("POST", "/_local/clock", `{"advance":"7h"}`)
	}
	return f
}

// the clock as GET shows it.
func (f fixture) clock() (at clockAnswer) {
	f.Helper()
	if err := json.Unmarshal([]byte(f.must("GET", "/_local/clock", "")), &at); err != nil {
		f.Fatal(err)
	}
	return at
}

// random ids differ between stacks.
var random = regexp.MustCompile(`01[0-9A-HJKMNP-TV-Z]{24}`)

// outcome is the objects at Stripe, and what the customers have and were billed, without random ids.
func (f fixture) outcome() string {
	f.Helper()
	var out strings.Builder
	out.WriteString(f.s.Objects())
	for _, id := range []string{"ada", "buyer0", "buyer3"} {
		var customer struct {
			Products []struct {
				ID, Status string
				Started    int64 `json:"started_at"`
				Ends       int64 `json:"current_period_end"`
			}
			Features map[string]any
		}
		if err := json.Unmarshal([]byte(f.must("GET", "/v1/customers/"+id, "")), &customer); err != nil || len(customer.Products) == 0 || len(customer.Features) == 0 {
			f.Fatalf("%s: %+v %v", id, customer, err)
		}
		fmt.Fprintln(&out, id, customer)
		fmt.Fprintln(&out, f.must("GET", "/_local/customers/"+id+"/invoices", ""))
	}
	return random.ReplaceAllString(out.String(), "…")
}

// A stopped move stands at a moment, as if the clock had been moved to it, and what
// follows is what would have followed: whether the caller hangs up or the move is
// stopped from elsewhere.
func TestAMoveStopsAtAMoment(t *testing.T) {
	t.Parallel()
	const buyers = 4
	end := time.Date(2027, 10, 1, 0, 0, 0, 0, time.UTC)
	whole := company(t, buyers)
	whole.must("POST", "/_local/clock", `{"to":"`+end.Format(time.RFC3339)+`"}`)
	for name, stop := range map[string]func(f fixture, hangUp func()){
		"the caller hangs up": func(_ fixture, hangUp func()) { hangUp() },
		"it is stopped": func(f fixture, _ func()) {
			var at clockAnswer
			if text := f.must("DELETE", "/_local/clock", ""); json.Unmarshal([]byte(text), &at) != nil || at.Move != nil {
				f.Errorf("stopped with %s", text)
			}
		},
	} {
		f := company(t, buyers)
		ctx, hangUp := context.WithCancel(t.Context())
		began := f.clock().Now
		w := httptest.NewRecorder()
		var all sync.WaitGroup
		all.Go(func() {
			r := httptest.NewRequestWithContext(ctx, "POST", f.s.BaseURL+"/_local/clock", strings.NewReader(`{"to":"`+end.Format(time.RFC3339)+`"}`))
			r.Header.Set("Content-Type", "application/json")
			f.s.ServeHTTP(w, r)
		})
		for seen := int64(0); ; {
			at := f.clock()
			if at.Move == nil && seen > 0 {
				t.Fatalf("%s: it was over before it was stopped", name)
			}
			if at.Move == nil {
				continue
			}
			if m := at.Move; m.From != began || m.To != end.UnixMilli() || m.Done < seen || at.Now < m.From || at.Now > m.To {
				t.Fatalf("%s: now %d, %+v", name, at.Now, *m)
			}
			if seen = at.Move.Done; seen > 5 && at.Now > began {
				break
			}
		}
		if status, text := f.call("POST", "/_local/clock", `{"advance":"1h"}`); status != http.StatusConflict || !strings.Contains(text, "clock_moves") || !strings.Contains(text, "on its way to 2027-10-01 00:00") {
			t.Errorf("%s: a second move: %d %s", name, status, text)
		}
		if status, text := f.call("POST", "/_local/reset", `{}`); status != http.StatusConflict {
			t.Errorf("%s: a reset: %d %s", name, status, text)
		}
		stop(f, hangUp)
		all.Wait()
		hangUp()
		var answer clockAnswer
		at := f.clock()
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || !answer.Stopped || answer.Now != at.Now || at.Move != nil || at.Now <= began || at.Now >= end.UnixMilli() {
			t.Fatalf("%s: answered %s, the clock is %+v", name, w.Body, at)
		}
		direct := company(t, buyers)
		direct.must("POST", "/_local/clock", `{"to":"`+time.UnixMilli(at.Now).UTC().Format(time.RFC3339)+`"}`)
		same(t, name+": at the stop", f.outcome(), direct.outcome())
		f.must("POST", "/_local/clock", `{"to":"`+end.Format(time.RFC3339)+`"}`)
		same(t, name+": at the end", f.outcome(), whole.outcome())
	}
}

func same(t *testing.T, what, got, want string) {
	t.Helper()
	was, is := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			t.Fatalf("%s: line %d is\n%s\nwant\n%s", what, i, is[i], was[i])
		}
	}
	if len(was) != len(is) {
		t.Errorf("%s: %d lines, want %d", what, len(is), len(was))
	}
}

// Without a move there is nothing to stop, and a move that was not stopped does
// not say so.
func TestTheClockStands(t *testing.T) {
	t.Parallel()
	f := open(t)
	f.refused(http.StatusConflict, "DELETE", "/_local/clock", "", "nothing to stop")
	f.refused(http.StatusBadRequest, "DELETE", "/_local/clock", `{"now":1}`, "takes no body")
	if text := f.must("POST", "/_local/clock", `{"advance":"1h"}`); strings.Contains(text, "stopped") || strings.Contains(text, "move") {
		t.Error(text)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := f.clock().Now
	err := New(f.s, nil).AdvanceTo(ctx, time.UnixMilli(before).Add(400*24*time.Hour))
	if at := f.clock().Now; !errors.Is(err, ErrStopped) || at <= before || at > before+32*24*3600*1000 {
		t.Errorf("from %d to %d: %v", before, at, err)
	}
}

// A move that takes long is told of every now and then; a short one is not.
func TestAMoveIsToldOf(t *testing.T) {
	t.Parallel()
	f := open(t)
	var out bytes.Buffer
	var v moves
	m, err := v.begin(f.s, time.UnixMilli(f.clock().Now).Add(time.Hour), nil)
	if err != nil {
		t.Fatal(err)
	}
	lines := &counted{lines: make(chan string, 10)}
	var all sync.WaitGroup
	all.Go(func() { m.tell(lines, time.Millisecond) })
	out.WriteString(<-lines.lines)
	v.end(m)
	all.Wait()
	for len(lines.lines) > 0 {
		out.WriteString(<-lines.lines)
	}
	if text := out.String(); !strings.Contains(text, "2027-04-01 00:00 on its way to 2027-04-01 01:00; 0 things done") || !strings.HasSuffix(text, "s.\n") {
		t.Errorf("told %s", text)
	}
	short, err := v.begin(f.s, f.s.Sim.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	v.end(short)
	short.tell(lines, time.Hour)
	if len(lines.lines) > 0 {
		t.Errorf("told %s of a short move", <-lines.lines)
	}
}

type counted struct{ lines chan string }

func (c *counted) Write(line []byte) (int, error) {
	select {
	case c.lines <- string(line):
	default: // ticks are faster than the test
	}
	return len(line), nil
}
