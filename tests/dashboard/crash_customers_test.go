package dashboard_test

import (
	"errors"
	"maps"
	"net/http"
	"sync"
	"testing"
	"time"

	"windfall/local/stack"
	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// A death is a process that dies at one of its calls: that one and all later ones fail.
type death struct {
	mu    sync.Mutex
	at, n int  // which call, and how many there were; at 0 is none
	after bool // the call was carried out, and its answer is lost
}

func (d *death) plan(at int, after bool) (calls int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	calls = d.n
	d.at, d.n, d.after = at, 0, after
	return calls
}

type dying struct {
	*death
	http.RoundTripper
}

var errDied = errors.New("the process has died")

func (d dying) RoundTrip(r *http.Request) (*http.Response, error) {
	d.mu.Lock()
	d.n++
	dead, last := d.at > 0 && d.n > d.at, d.at > 0 && d.n == d.at
	after := d.after
	d.mu.Unlock()
	if dead || last && !after {
		return nil, errDied
	}
	answer, err := d.RoundTripper.RoundTrip(r)
	if last && err == nil {
		_ = answer.Body.Close()
		return nil, errDied
	}
	return answer, err
}

// Wherever the process dies between the confirmation and its answer, the second click ends it: the customer has
// the product, and was charged once, what the preview said.
func TestDASH39ACrashAtAConfirmation(t *testing.T) {
	t.Parallel()
	d := &death{}
	between := func(next http.RoundTripper) http.RoundTripper { return dying{d, next} }
	w := With(t, stack.Options{Faults: stack.Faults{DynamoDB: between, Stripe: between, Hurry: true}})
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "ada", "name": "Ada"})
	w.CustomerWithCard("ada", "pro")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.WaitIdle()
	p := preview(b, "ada", "premium", "Charge the card on file")
	f := p.Form("What will happen")
	const button = "Enable premium and charge $15.00"
	d.atEveryCall(w, f, button, "premium enabled.", 8, func() {
		w.WaitIdle()
		w.HasProducts("ada", "premium active")
		w.Billed("ada", 2000, 1500)
	})
}

// atEveryCall confirms a form that makes at least so many calls. Then for each of them, from the same state: the process
// dies there, the second click ends it, and what must be so is.
func (d *death) atEveryCall(w *World, f *dashboard.Form, button, said string, least int, check func()) {
	w.Helper()
	b := f.Browser
	restore := w.Snapshot()
	d.plan(0, false)
	f.Press(button).Said(said)
	calls := d.plan(0, false)
	if calls < least {
		w.Fatalf("only %d calls", calls)
	}
	for n := 1; n <= calls; n++ {
		for _, after := range []bool{false, true} {
			restore()
			if err := w.Stack.Restart(); err != nil {
				w.Fatal(err)
			}
			cookies := maps.Clone(b.Cookies)
			d.plan(n, after)
			f.Press(button)
			b.Cookies = cookies
			d.plan(0, false)
			w.AdvanceWithoutEvents(w.Stack.Sim.Now().Add(2 * time.Minute)) // nothing but the click goes on
			if p := f.Press(button); p.Status != http.StatusOK {
				w.Fatalf("call %d of %d, answer lost %v: %d %s", n, calls, after, p.Status, p.Words())
			}
			check()
			if w.Failed() {
				w.Fatalf("the process died at call %d of %d, answer lost %v", n, calls, after)
			}
		}
	}
}
