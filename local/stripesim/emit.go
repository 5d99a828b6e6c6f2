package stripesim

import (
	"encoding/json"
	"strings"

	"windfall/local/stripesim/delivery"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// emit makes an event about an object as it is at this moment. An ".updated"
// event says what was there before, and is not sent when nothing changed.
func (t *tx) emit(kind string, r object.Row) {
	if t.dry {
		return
	}
	k := store.KeyOf(r)
	body, err := t.render(r, nil)
	if err != nil {
		return
	}
	var previous json.RawMessage
	if strings.HasSuffix(kind, ".updated") {
		before := t.before(k)
		if previous = difference(before, body); previous == nil && before != nil {
			return
		}
	}
	t.seen[k] = body
	t.record(kind, r, body, previous)
}

// emitAgain makes another event about an object that has not changed since its
// last one.
func (t *tx) emitAgain(kind string, r object.Row) {
	if body, ok := t.seen[store.KeyOf(r)]; ok {
		t.record(kind, r, body, nil)
	}
}

func (t *tx) record(kind string, r object.Row, body, previous json.RawMessage) {
	e := &object.Event{
		APIVersion: Version, Created: t.now, Data: object.EventData{Object: body, PreviousAttributes: previous},
		ID: t.newID("evt_"), Object: "event", Type: kind, Request: &object.EventRequest{ID: t.request.ID, IdempotencyKey: t.request.IdempotencyKey},
	}
	e.State.ObjectID = r.Key()
	if inv, ok := r.(*object.Invoice); ok && kind == "invoice.created" {
		inv.State.CreatedEvent = e.ID
	}
	for _, w := range all[*object.WebhookEndpoint](t) {
		if delivery.Subscribes(w, kind) {
			e.State.Waiting = append(e.State.Waiting, w.ID)
		}
	}
	e.PendingWebhooks = int64(len(e.State.Waiting))
	t.events = append(t.events, e)
}

// before is what the last event, or else the store, said about an object.
func (t *tx) before(k store.Key) []byte {
	if b, ok := t.seen[k]; ok {
		return b
	}
	old, ok := t.Committed(k)
	if !ok {
		return nil
	}
	if b := t.s.bodies.of(old); b != nil {
		return b
	}
	b, err := object.Encode(outline(old))
	if err != nil {
		return nil
	}
	return b
}
