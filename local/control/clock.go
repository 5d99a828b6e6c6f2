package control

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"windfall/shared/billing"
)

type clockAnswer struct {
	Now int64 `json:"now"` // ms
}

func (c *Control) now(*http.Request) (any, error) {
	return clockAnswer{c.stack.Sim.Now().UnixMilli()}, nil
}

// move advances the clock and answers when all is quiet.
func (c *Control) move(r *http.Request) (any, error) {
	var in struct {
		Advance string    `json:"advance"`
		To      time.Time `json:"to"`
	}
	if err := read(r, &in); err != nil {
		return nil, err
	}
	to := in.To
	if in.Advance != "" {
		var err error
		if to, err = after(c.stack.Sim.Now(), in.Advance); err != nil {
			return nil, err
		}
	}
	if to.Before(c.stack.Sim.Now().Truncate(time.Second)) {
		return nil, invalid("The clock only moves forward: pass \"advance\" or a later \"to\".")
	}
	if err := c.AdvanceTo(r.Context(), to); err != nil {
		return nil, err
	}
	return c.now(r)
}

// AdvanceTo goes through everything that falls due on the way, at Stripe and
// here, one moment at a time and in time order.
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

var span = regexp.MustCompile(`^(\d{1,5}) ?(s|m|min|h|hour|hours|d|day|days|w|week|weeks|month|months|y|year|years)$`)

// after adds a span as people write it: "15d", "36h", "1 month".
func after(now time.Time, text string) (time.Time, error) {
	parts := span.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return now, invalid(fmt.Sprintf("advance: %q is no span; write 15d, 36h or 1 month.", text))
	}
	n, _ := strconv.Atoi(parts[1]) // at most five digits
	unit := map[byte]time.Duration{'s': time.Second, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	switch {
	case strings.HasPrefix(parts[2], "month"):
		return billing.Cycle{Interval: billing.Month, Count: n}.After(now, 1), nil
	case parts[2][0] == 'y':
		return billing.Cycle{Interval: billing.Year, Count: n}.After(now, 1), nil
	case parts[2][0] == 'm':
		return now.Add(time.Duration(n) * time.Minute), nil
	}
	return now.Add(time.Duration(n) * unit[parts[2][0]]), nil
}

// reset forgets everything and begins again.
func (c *Control) reset(r *http.Request) (any, error) {
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
