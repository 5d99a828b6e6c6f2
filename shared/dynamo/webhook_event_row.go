package dynamo

import (
	"context"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// eventKept is how long an event is remembered: as long as Stripe can deliver
// it again.
//
// Source: https://docs.stripe.com/webhooks/process-undelivered-events (30 days)
const eventKept = 30 * 24 * time.Hour

func init() {
	declare(kind{
		name: "webhook event", pk: "<env>#EVENT#<id>", sk: "EVENT", version: 1,
	})
}

func (t *transaction) EventDone(w app.EventDone) {
	r := newRow(eventKey(t.env, w.EventID))
	r.setText("type", w.Type)
	r.setInt("ttl", w.Now.Add(eventKept).Unix())
	t.add(t.put(r, whenever, nil))
}

// eventKey takes an event id of any length: beyond what Stripe promises it is
// hashed, as a key has an end.
//
// Source: https://docs.stripe.com/upgrades: ids have at most 255 characters.
func eventKey(env catalog.Env, id string) key {
	if len(id) > 255 {
		id = "#" + hashed(id)
	}
	return lookUp(env, "EVENT", id)
}

// EventSeen implements app.Store.
func (s *Store) EventSeen(ctx context.Context, env catalog.Env, eventID string) (bool, error) {
	r, err := s.get(ctx, eventKey(env, eventID))
	return len(r) > 0, err
}
