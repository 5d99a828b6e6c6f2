package stripesim

import (
	"context"
	"fmt"
	"time"

	"windfall/local/stripesim/object"
)

// AdvanceTo moves the clock to t through everything that falls due on the way:
// one thing at a time, in time order, with its webhooks delivered before the
// next. It must not be called from a webhook handler.
func (s *Sim) AdvanceTo(ctx context.Context, t time.Time) error {
	s.moving.Lock()
	defer s.moving.Unlock()
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
		if err := s.courier.quiet(ctx); err != nil {
			return err
		}
		if !more {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.moveTo(t)
	s.journal.mark(s.store, s.clock)
	return nil
}

// step does the next thing that is due on the simulator's own clock until t.
func (s *Sim) step(until int64) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.store.dues[""]
	if d == nil {
		return false, nil
	}
	e, ok := d.next()
	if !ok || e.at > until {
		return false, nil
	}
	s.clock.moveTo(time.Unix(e.at, 0))
	t := s.begin()
	t.now = max(t.now, e.at)
	return true, s.fire(t, e)
}

// fire lets one row do what is due, and commits it.
func (s *Sim) fire(t *tx, e dueEntry) error {
	row := s.store.rows[e.key]
	if err := t.due(row); err != nil {
		return fmt.Errorf("%s %s due at %d: %w", e.key.kind, e.key.id, e.at, err)
	}
	t.commit()
	d := s.store.dues[clockOf(row)]
	if next, ok := d.next(); ok && next == e {
		return fmt.Errorf("%s %s stays due at %d", e.key.kind, e.key.id, e.at)
	}
	return nil
}

// NextDue is the earliest thing that falls due on the simulator's own clock.
func (s *Sim) NextDue() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.store.dues[""]; d != nil {
		if e, ok := d.next(); ok {
			return time.Unix(e.at, 0).UTC(), true
		}
	}
	return time.Time{}, false
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
				_ = s.AdvanceTo(context.Background(), s.clock.Now())
			}
		}
	}
}

// dueOf is when a row wants attention (0: never) and its rank among rows due
// at the same second; rank -1 is for kinds that never fall due.
func dueOf(r object.Row) (at int64, rank int) {
	switch o := r.(type) {
	case *object.Schedule:
		return scheduleDue(o), 0
	case *object.Subscription:
		return subscriptionDue(o), 1
	case *object.Invoice:
		return invoiceDue(o), 2
	case *object.CheckoutSession:
		return checkoutDue(o), 3
	case *object.PromotionCode:
		return promotionDue(o), 4
	case *object.Coupon:
		return couponDue(o), 4
	case *object.Event:
		return o.State.NextTry, 5
	}
	return 0, -1
}

// due does what a row wants.
func (t *tx) due(r object.Row) error {
	switch o := r.(type) {
	case *object.Schedule:
		return t.scheduleFalls(o)
	case *object.Subscription:
		return t.subscriptionFalls(o)
	case *object.Invoice:
		return t.invoiceFalls(o)
	case *object.CheckoutSession:
		return t.checkoutExpires(o.ID)
	case *object.PromotionCode:
		return t.promotionExpires(o.ID)
	case *object.Coupon:
		return t.couponExpires(o.ID)
	case *object.Event:
		e := edit[*object.Event](t, o.ID)
		e.State.NextTry = 0
		t.s.courier.accept([]*object.Event{e})
	}
	return nil
}
