package stripesim

import (
	"context"
	"fmt"
	"time"

	"windfall/local/stripesim/store"
)

// AdvanceTo moves the clock to t through everything that falls due on the way:
// one thing at a time, in time order, with its webhooks delivered before the
// next. It must not be called from a webhook handler.
func (s *Sim) AdvanceTo(ctx context.Context, t time.Time) error {
	s.moving.Lock()
	defer s.moving.Unlock()
	return s.moveTo(ctx, t)
}

// moveTo is AdvanceTo for one who holds s.moving.
func (s *Sim) moveTo(ctx context.Context, t time.Time) error {
	if t.Before(s.clock.Now().Truncate(time.Second)) {
		return fmt.Errorf("the clock is at %s and does not go back to %s", s.clock.Now().Format(time.RFC3339), t.UTC().Format(time.RFC3339))
	}
	if err := s.Quiet(ctx); err != nil {
		return err
	}
	for {
		more, err := s.step(t.Unix())
		if err != nil {
			return err
		}
		if err := s.courier.Quiet(ctx); err != nil {
			return err
		}
		if !more {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	undo := s.clock.moveTo(t)
	if err := s.journal.Note(s.mark(s.store.Seq)); err != nil {
		undo()
		return err
	}
	return nil
}

// step does the next thing that is due on the simulator's own clock until t.
func (s *Sim) step(until int64) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.store.Next("")
	if !ok || e.At > until {
		return false, nil
	}
	undo := s.clock.moveTo(time.Unix(e.At, 0))
	t := s.begin()
	t.now = e.At
	if err := s.fire(t, e); err != nil {
		undo()
		return false, err
	}
	return true, nil
}

// fire lets one row do what is due, and commits it.
func (s *Sim) fire(t *tx, e store.Due) error {
	row, _ := s.store.Get(e.Key)
	if err := t.due(row); err != nil {
		return fmt.Errorf("%s %s due at %d: %w", e.Key.Kind, e.Key.ID, e.At, err)
	}
	if err := t.commit(); err != nil {
		return err
	}
	s.steps.Add(1)
	if next, ok := s.store.Next(clockOf(row)); ok && next == e {
		return fmt.Errorf("%s %s stays due at %d", e.Key.Kind, e.Key.ID, e.At)
	}
	return nil
}

// NextDue is the earliest thing that falls due on the simulator's own clock.
func (s *Sim) NextDue() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.store.Next("")
	if !ok {
		return time.Time{}, false
	}
	return time.Unix(e.At, 0).UTC(), true
}

// follow does what falls due while the clock runs with the wall clock.
func (s *Sim) follow() {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-s.done:
			return
		case <-tick.C:
			if at, ok := s.NextDue(); ok && !at.After(s.clock.Now()) {
				if err := s.catchUp(context.Background()); err != nil {
					s.log.Error("what is due at Stripe is not done", "cause", err)
				}
			}
		}
	}
}

// catchUp does what is due by now, which is later once another move has ended.
func (s *Sim) catchUp(ctx context.Context) error {
	s.moving.Lock()
	defer s.moving.Unlock()
	return s.moveTo(ctx, s.clock.Now())
}
