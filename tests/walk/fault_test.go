package walk

import (
	"errors"
	"fmt"
	"net/http"
	"sync"

	"windfall/local/dynamodb"
	"windfall/local/stripesim"
)

// A fault strikes the nth call that a function makes during a step.
type fault struct {
	kind string
	at   int
}

var faultKinds = []string{"killed before", "killed after", "answer lost", "throttled", "conflict", "stripe 500", "stripe 429"}

func (f fault) String() string {
	if f.kind == "" {
		return ""
	}
	return fmt.Sprintf(", %s call %d", f.kind, f.at)
}

// A saboteur is a transport between the functions and the services they call.
type saboteur struct {
	mu    sync.Mutex
	fault fault
	calls int
	dead  bool
}

var errGone = errors.New("the connection broke")

func (s *saboteur) arm(f fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.calls, s.dead = f, 0, false
}

// died reports whether the process was killed in this step.
func (s *saboteur) died() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

// pass decides whether the next call is made and answered. A killed process
// stays dead until the end of the step.
func (s *saboteur) pass() (carryOut, answer bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return false, false
	}
	if s.calls++; s.calls != s.fault.at {
		return true, true
	}
	switch s.fault.kind {
	case "killed before":
		s.dead = true
		return false, false
	case "killed after":
		s.dead = true
		return true, false
	case "answer lost":
		return true, false
	}
	return true, true
}

// between wraps a transport.
func (s *saboteur) between(inner http.RoundTripper) http.RoundTripper { return sabotaged{s, inner} }

type sabotaged struct {
	*saboteur
	inner http.RoundTripper
}

func (s sabotaged) RoundTrip(r *http.Request) (*http.Response, error) {
	carryOut, answer := s.pass()
	if !carryOut {
		return nil, errGone
	}
	res, err := s.inner.RoundTrip(r)
	if err == nil && !answer {
		_ = res.Body.Close()
		return nil, errGone
	}
	return res, err
}

// sabotage arms the fault of a step, and returns a function that disarms it.
func (k *walker) sabotage(f fault) (end func()) {
	sim, db, n := k.w.Stack.Sim, k.w.Stack.DB, 0
	strikes := func() bool { n++; return n == f.at }
	switch f.kind {
	case "throttled", "conflict":
		kind := map[string]dynamodb.FaultKind{"throttled": dynamodb.FaultThrottle, "conflict": dynamodb.FaultConflict}[f.kind]
		db.SetFault(func(dynamodb.Call) dynamodb.Fault {
			if strikes() {
				return dynamodb.Fault{Kind: kind}
			}
			return dynamodb.Fault{}
		})
	case "stripe 500", "stripe 429":
		kind := map[string]stripesim.Fault{"stripe 500": stripesim.Status500, "stripe 429": stripesim.Status429}[f.kind]
		sim.SetFault(func(_, _ string, n int) stripesim.Fault {
			if n == f.at {
				return kind
			}
			return stripesim.FaultNone
		})
	case "":
	default:
		k.saboteur.arm(f)
	}
	return func() {
		k.saboteur.arm(fault{})
		db.SetFault(nil)
		sim.SetFault(nil)
	}
}
