package chaos

import (
	"errors"
	"net/http"
	"sync"
	"testing"
)

// A killer ends the process at one of its external calls: from then on every
// call, to the database or to Stripe, fails as on a machine that is gone.
type killer struct {
	mu     sync.Mutex
	calls  int
	at     int  // the call to die at; 0 lives for ever
	after  bool // the call is carried out, and its answer lost
	dead   bool
	died   func()   // told of the death, if set
	record []string // what was called, for messages
}

var errDead = errors.New("the process is dead")

// live lets the process live from now on, and counts anew.
func (k *killer) live() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at, k.dead, k.calls, k.record = 0, false, 0, nil
}

// dieAt makes the process die at its nth call from now on.
func (k *killer) dieAt(n int, after bool) {
	k.live()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at, k.after = n, after
}

// next counts a call and tells whether it is carried out and answered.
func (k *killer) next(what string) (carryOut, answer bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dead {
		return false, false
	}
	k.calls++
	k.record = append(k.record, what)
	if k.calls == k.at {
		k.dead = true
		if k.died != nil {
			k.died()
		}
		return k.after, false
	}
	return true, true
}

// seen returns how many calls there were, and what they were.
func (k *killer) seen() (int, []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.calls, k.record
}

// between stands in front of a transport.
func (k *killer) between(name string) func(http.RoundTripper) http.RoundTripper {
	return func(inner http.RoundTripper) http.RoundTripper { return mortal{k, name, inner} }
}

type mortal struct {
	*killer
	name  string
	inner http.RoundTripper
}

func (m mortal) RoundTrip(r *http.Request) (*http.Response, error) {
	what := m.name + " " + r.Method + " " + r.URL.Path + " " + r.Header.Get("X-Amz-Target")
	carryOut, answer := m.next(what)
	if !carryOut {
		return nil, errDead
	}
	res, err := m.inner.RoundTrip(r)
	if err == nil && !answer {
		_ = res.Body.Close()
		return nil, errDead
	}
	return res, err
}

// dieEverywhere runs undisturbed (n = 0), and then dies before and after each
// call; the end must be the same every time.
func dieEverywhere(t *testing.T, run func(t *testing.T, n int, after bool) (end string, calls int, record []string)) {
	t.Helper()
	calm, calls, record := run(t, 0, false)
	for n := 1; n <= calls; n++ {
		for _, after := range []bool{false, true} {
			if got, _, _ := run(t, n, after); got != calm {
				t.Errorf("died at call %d (%s, carried out %v):\n got %s\nwant %s", n, record[n-1], after, got, calm)
			}
		}
	}
	t.Logf("%d crash points tried, all recovered: %s", 2*calls, calm)
}
