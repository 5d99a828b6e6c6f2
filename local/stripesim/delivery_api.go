package stripesim

import (
	"context"
	"fmt"
	"time"

	"windfall/local/stripesim/delivery"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// EventRecord is an event and what became of it.
type EventRecord struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"`
	ObjectID   string          `json:"object_id"`
	Created    time.Time       `json:"created"`
	Deliveries []EventDelivery `json:"deliveries"`
}

// EventDelivery is one try; status 0 means that nobody answered.
type EventDelivery struct {
	Status int       `json:"status"`
	At     time.Time `json:"at"`
}

// Events are all events in the order of their creation.
func (s *Sim) Events() []EventRecord {
	s.mu.Lock()
	defer s.mu.Unlock()
	events := store.Rows[*object.Event](s.store)
	out := make([]EventRecord, 0, len(events))
	for _, e := range events {
		r := EventRecord{ID: e.ID, Type: e.Type, ObjectID: e.State.ObjectID, Created: time.Unix(e.Created, 0).UTC(), Deliveries: []EventDelivery{}}
		for _, d := range e.State.Deliveries {
			r.Deliveries = append(r.Deliveries, EventDelivery{Status: d.Status, At: time.Unix(d.At, 0).UTC()})
		}
		out = append(out, r)
	}
	return out
}

// Deliver sends events again, freshly signed: in this order, or all at once.
// The statuses come in the order of the ids; 0 means that nobody answered, or
// that there is no such event or endpoint.
func (s *Sim) Deliver(ctx context.Context, ids []string, parallel bool) []int {
	return s.courier.Deliver(ctx, ids, parallel)
}

// SetDelivery says how events reach webhooks from now on: "immediate", "hold",
// "shuffle" (each batch in an order drawn from the seed) or "duplicate" (each
// twice). Every mode but hold delivers what was held.
func (s *Sim) SetDelivery(ctx context.Context, mode string, seed int64) error {
	switch mode {
	case delivery.Immediate, delivery.Hold, delivery.Shuffle, delivery.Duplicate:
	default:
		return fmt.Errorf("%q must be immediate, hold, shuffle or duplicate", mode)
	}
	s.courier.SetMode(ctx, mode, seed)
	return nil
}

// FlushEvents delivers what is pending now, held or not, and waits for it.
func (s *Sim) FlushEvents(ctx context.Context) { s.courier.Flush(ctx) }

// Quiet waits until all deliveries and all advancing test clocks are done.
// It must not be called from a webhook handler.
func (s *Sim) Quiet(ctx context.Context) error {
	for {
		s.mu.Lock()
		moving, arrived := s.clocks > 0, s.arrived
		s.mu.Unlock()
		if !moving {
			return s.courier.Quiet(ctx)
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
