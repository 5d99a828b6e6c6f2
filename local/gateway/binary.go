package gateway

import (
	"io"
	"slices"
	"sync"
	"time"

	"windfall/local/template"
)

// Stats counts the work of one function's binary.
type Stats struct {
	BinaryBytes int64
	Invocations int             // with an answer or an error
	Errors      int             // failed, ended or out of time
	Throttles   int             // refused, above the concurrency
	Inits       []time.Duration // process start to its first request for an event, in order
}

// A binary is one function's executable with its idle environments.
type binary struct {
	function template.Function
	path     string
	env      []string
	slots    chan struct{} // one per request that runs

	mu    sync.Mutex
	idle  []*environment // the last used is used first, as in Lambda
	stats Stats
}

// takeIdle returns the environment used last, if one waits.
func (b *binary) takeIdle() (e *environment, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.idle) == 0 {
		return nil, false
	}
	last := len(b.idle) - 1
	e = b.idle[last]
	b.idle = b.idle[:last]
	return e, true
}

func (b *binary) putIdle(e *environment) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.idle = append(b.idle, e)
}

func (b *binary) count(change func(*Stats)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.stats)
}

func (b *binary) snapshot() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.stats
	s.Inits = slices.Clone(s.Inits)
	return s
}

// A lockedWriter keeps the lines of many processes apart.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}
