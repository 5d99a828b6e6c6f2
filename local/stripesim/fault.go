package stripesim

import (
	"net/http"
	"sync"
)

// Fault is a failure of the network or of Stripe that production will see.
type Fault int

const (
	FaultNone    Fault = iota
	RefuseBefore       // the connection breaks before anything happened
	LoseAnswer         // the request is applied and its answer lost
	Status500          // nothing is applied; 500 api_error
	Status429          // nothing is applied; 429 rate_limit
)

// gate sees every API request before the simulator does.
type gate struct {
	mu      sync.Mutex
	fault   func(method, path string, n int) Fault
	observe func(method, path string)
	n       int
}

// SetFault asks f about every API request from now on; n counts them from 1.
// A nil f ends all faults.
func (s *Sim) SetFault(f func(method, path string, n int) Fault) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.fault, s.gate.n = f, 0
}

// Observe tells f about every API request from now on.
func (s *Sim) Observe(f func(method, path string)) {
	s.gate.mu.Lock()
	defer s.gate.mu.Unlock()
	s.gate.observe = f
}

func (g *gate) pass(method, path string) Fault {
	g.mu.Lock()
	fault, observe := g.fault, g.observe
	g.n++
	n := g.n
	g.mu.Unlock()
	if observe != nil {
		observe(method, path)
	}
	if fault == nil {
		return FaultNone
	}
	return fault(method, path, n)
}

func faultError(f Fault) *apiError {
	if f == Status429 {
		return newError(http.StatusTooManyRequests, "invalid_request_error", "rate_limit", "",
			"Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.")
	}
	return newError(http.StatusInternalServerError, "api_error", "", "", "An unknown error occurred")
}
