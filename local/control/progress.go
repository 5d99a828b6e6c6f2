package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"windfall/local/stack"
)

// moves knows the move that is on its way.
type moves struct {
	mu   sync.Mutex
	live *move // nil for none
}

// A move is the clock on its way.
type move struct {
	stack    *stack.Stack
	from, to time.Time
	began    time.Time    // by the wall clock
	steps    int64        // what Stripe had done before
	swept    atomic.Int64 // runs of the schedule
	stopped  context.Context
	stop     context.CancelFunc
	ended    chan struct{}
}

// sayEvery is how often a move that takes long is told of.
const sayEvery = 3 * time.Second

// begin starts a move; one that is on its way refuses a second. What it does is
// told to say, if that is not nil.
func (v *moves) begin(s *stack.Stack, to time.Time, say io.Writer) (*move, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.live != nil {
		return nil, &failure{http.StatusConflict, "clock_moves", fmt.Sprintf("The clock is on its way to %s and has reached %s. Wait until it is there, or stop it with DELETE /_local/clock.", moment(v.live.to), moment(s.Sim.Now()))}
	}
	m := &move{stack: s, from: s.Sim.Now(), to: to, began: time.Now(), steps: s.Sim.Done(), ended: make(chan struct{})}
	m.stopped, m.stop = context.WithCancel(context.Background())
	v.live = m
	if say != nil {
		go m.tell(say, sayEvery)
	}
	return m, nil
}

func (v *moves) end(m *move) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.live = nil
	m.stop()
	close(m.ended)
}

// stop asks the move on its way to end, nil for none.
func (v *moves) stop() *move {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.live != nil {
		v.live.stop()
	}
	return v.live
}

func (v *moves) answer() *moveAnswer {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.live == nil {
		return nil
	}
	return v.live.answer()
}

func (m *move) answer() *moveAnswer {
	took := time.Since(m.began).Seconds()
	done := m.stack.Sim.Done() - m.steps + m.swept.Load()
	return &moveAnswer{From: m.from.UnixMilli(), To: m.to.UnixMilli(), Done: done,
		PerSecond: float64(int64(float64(done)/max(took, 0.001)*10)) / 10, Seconds: float64(int64(took*10)) / 10, Stopping: m.stopped.Err() != nil}
}

// tell writes a line every few seconds, and one at the end of a move that has had one.
func (m *move) tell(to io.Writer, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for said := false; ; said = true {
		select {
		case <-m.ended:
			if a := m.answer(); said {
				_, _ = fmt.Fprintf(to, "Clock: it stands at %s. %d things were done in %.0f s.\n", moment(m.stack.Sim.Now()), a.Done, a.Seconds)
			}
			return
		case <-tick.C:
			a := m.answer()
			_, _ = fmt.Fprintf(to, "Clock: %s on its way to %s; %d things done, %.0f a second. Ctrl-C of the call stops it.\n", moment(m.stack.Sim.Now()), moment(m.to), a.Done, a.PerSecond)
		}
	}
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }
