package control

import (
	"context"
	"net/http"
	"time"
)

type clockAnswer struct {
	Now int64 `json:"now"` // ms
}

func (c *Control) now(*http.Request) (any, error) {
	return clockAnswer{c.stack.Sim.Now().UnixMilli()}, nil
}

// move advances the clock and answers once everything is delivered.
func (c *Control) move(r *http.Request) (any, error) {
	in, err := read[target](r)
	if err != nil {
		return nil, err
	}
	to, err := in.after(c.stack.Sim.Now())
	if err != nil {
		return nil, err
	}
	if err := c.AdvanceTo(r.Context(), to); err != nil {
		return nil, err
	}
	return c.now(r)
}

// AdvanceTo stops at each moment at which something is due, at Stripe or here,
// in time order.
func (c *Control) AdvanceTo(ctx context.Context, to time.Time) error {
	s := c.stack
	for now := s.Sim.Now(); ; now = s.Sim.Now() {
		next, ours := to, false
		if due, ok := s.Sim.NextDue(); ok && due.Before(next) {
			next = due
		}
		due, ok, err := s.NextDue(ctx, now)
		if err != nil {
			return err
		}
		if ok && !due.After(next) {
			next, ours = due, true
		}
		if next.Before(now) {
			next = now
		}
		if err := s.Sim.AdvanceTo(ctx, next); err != nil {
			return err
		}
		if ours || !next.Before(to) {
			if err := s.Due(ctx, s.Sim.Now()); err != nil {
				return err
			}
			if err := s.Quiet(ctx); err != nil {
				return err
			}
		}
		if !next.Before(to) {
			return nil
		}
	}
}

// reset empties the stack and fills it with the demo again.
func (c *Control) reset(r *http.Request) (any, error) {
	if err := takesNothing(r); err != nil {
		return nil, err
	}
	if err := c.stack.Reset(r.Context()); err != nil {
		return nil, err
	}
	if c.demo != nil {
		if err := c.demo(); err != nil {
			return nil, err
		}
	}
	return c.now(r)
}
