package control

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// clockAnswer is the clock; times are in ms.
type clockAnswer struct {
	Now int64 `json:"now"`

	// Stopped: the move of this call ended at Now, before its target.
	Stopped bool `json:"stopped,omitempty"`

	// Move is the move on its way, null for none.
	Move *moveAnswer `json:"move,omitempty"`
}

// moveAnswer tells how far a move is.
type moveAnswer struct {
	From      int64   `json:"from"`
	To        int64   `json:"to"`
	Done      int64   `json:"done"`       // things that fell due and were done, at Stripe or here
	PerSecond float64 `json:"per_second"` // of them, since the move began
	Seconds   float64 `json:"seconds"`    // since the move began, by the wall clock
	Stopping  bool    `json:"stopping"`   // it ends with the moment it has reached
}

func (c *Control) now(*http.Request) (any, error) {
	return clockAnswer{Now: c.stack.Sim.Now().UnixMilli(), Move: c.moves.answer()}, nil
}

// move advances the clock and answers once everything is delivered. A caller who
// hangs up stops it.
func (c *Control) move(r *http.Request) (any, error) {
	in, err := read[target](r)
	if err != nil {
		return nil, err
	}
	to, err := in.after(c.stack.Sim.Now())
	if err != nil {
		return nil, err
	}
	err = c.AdvanceTo(r.Context(), to)
	if err != nil && !errors.Is(err, ErrStopped) {
		return nil, err
	}
	return clockAnswer{Now: c.stack.Sim.Now().UnixMilli(), Stopped: err != nil}, nil
}

// stop ends a move at the moment it has reached, and answers when it has ended.
func (c *Control) stop(r *http.Request) (any, error) {
	m := c.moves.stop()
	if m == nil {
		return nil, &failure{http.StatusConflict, "clock_stands", "The clock is not being moved, so there is nothing to stop."}
	}
	select {
	case <-m.ended:
	case <-r.Context().Done():
	}
	return c.now(r)
}

// ErrStopped is the error of a move that was stopped: the clock stands at an earlier
// moment, and everything that was due until then is done.
var ErrStopped = errors.New("the move was stopped before its end")

// AdvanceTo stops at each moment at which something is due, at Stripe or here,
// in time order. A context that ends stops it after such a moment, with
// ErrStopped. One move runs at a time; a second one is refused.
func (c *Control) AdvanceTo(ctx context.Context, to time.Time) error {
	m, err := c.moves.begin(c.stack, to, c.Progress)
	if err != nil {
		return err
	}
	defer c.moves.end(m)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(m.stopped, cancel)()
	for {
		there, err := c.step(context.WithoutCancel(ctx), m, to)
		if there || err != nil {
			return err
		}
		if ctx.Err() != nil { // a moment is never left half done
			if _, err := c.step(context.WithoutCancel(ctx), m, c.stack.Sim.Now()); err != nil {
				return err
			}
			return ErrStopped
		}
	}
}

// step moves to the next moment at which something is due, to at the latest, and
// does all that is due there. there is set at the end of the way.
func (c *Control) step(ctx context.Context, m *move, to time.Time) (there bool, err error) {
	s, now := c.stack, c.stack.Sim.Now()
	next, ours := to, false
	if due, ok := s.NextAtStripe(); ok && due.Before(next) {
		next = due
	}
	due, ok, err := s.NextDue(now)
	if err != nil {
		return false, err
	}
	if ok && !due.After(next) {
		next, ours = due, true
	}
	if next.Before(now) {
		next = now
	}
	if err := s.AdvanceStripe(ctx, next); err != nil {
		return false, err
	}
	there = !next.Before(to)
	if ours || there {
		if err := s.Due(ctx, s.Sim.Now()); err != nil {
			return false, err
		}
		m.swept.Add(1)
		return there, s.Quiet(ctx)
	}
	return false, nil
}

// reset empties the stack and fills it with the demo again.
func (c *Control) reset(r *http.Request) (any, error) {
	if err := takesNothing(r); err != nil {
		return nil, err
	}
	m, err := c.moves.begin(c.stack, c.stack.Sim.Now(), nil)
	if err != nil {
		return nil, err
	}
	err = c.stack.Reset(r.Context())
	c.moves.end(m)
	if err != nil {
		return nil, err
	}
	if c.demo != nil {
		if err := c.demo(); err != nil {
			return nil, err
		}
	}
	return c.now(r)
}
