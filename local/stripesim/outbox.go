package stripesim

import (
	"windfall/local/stripesim/delivery"
	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// outbox is the account as its courier sees it.
type outbox struct{ s *Sim }

// Parcels implements delivery.Outbox.
func (o outbox) Parcels(event string) []delivery.Parcel {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	e, ok := find[*object.Event](o.s.begin(), event)
	if !ok {
		return nil
	}
	return delivery.Pack(e, store.Rows[*object.WebhookEndpoint](o.s.store), o.s.near)
}

// Record implements delivery.Outbox.
func (o outbox) Record(p delivery.Parcel, status int) {
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	t := o.s.begin()
	if _, ok := find[*object.Event](t, p.Event); !ok {
		return
	}
	delivery.Note(edit[*object.Event](t, p.Event), p, status, t.now)
	if err := t.commit(); err != nil { // after a restart the event is sent again
		o.s.log.Error("a delivery is not remembered", "event", p.Event, "cause", err)
	}
}
