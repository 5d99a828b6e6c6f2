package control

import (
	"fmt"
	"net/http"
	"slices"
)

type eventAnswer struct {
	ID         string           `json:"id"`
	Type       string           `json:"type"`
	ObjectID   string           `json:"object_id"`
	Created    int64            `json:"created"` // seconds, as at Stripe
	Deliveries []deliveryAnswer `json:"deliveries"`
}

type deliveryAnswer struct {
	Status int   `json:"status"`
	At     int64 `json:"at"`
}

func (c *Control) events(*http.Request) (any, error) {
	out := []eventAnswer{}
	for _, e := range c.stack.Sim.Events() {
		a := eventAnswer{ID: e.ID, Type: e.Type, ObjectID: e.ObjectID, Created: e.Created.Unix(), Deliveries: []deliveryAnswer{}}
		for _, d := range e.Deliveries {
			a.Deliveries = append(a.Deliveries, deliveryAnswer{d.Status, d.At.Unix()})
		}
		out = append(out, a)
	}
	return out, nil
}

// deliver sends events again, with new signatures, in the order given.
func (c *Control) deliver(r *http.Request) (any, error) {
	in, err := read[struct {
		IDs      []string `json:"ids"`
		Parallel bool     `json:"parallel"`
	}](r)
	if err != nil {
		return nil, err
	}
	if len(in.IDs) == 0 {
		return nil, invalid("ids: required, the ids of the events to send, as GET /_local/events lists them.")
	}
	var known []string
	for _, e := range c.stack.Sim.Events() {
		known = append(known, e.ID)
	}
	for _, id := range in.IDs {
		if !slices.Contains(known, id) {
			return nil, &failure{http.StatusNotFound, "event_not_found", fmt.Sprintf("ids: there is no event %q.", id)}
		}
	}
	statuses := c.stack.Sim.Deliver(r.Context(), in.IDs, in.Parallel)
	return map[string]any{"statuses": statuses}, c.stack.Quiet(r.Context())
}

// delivery sets how events reach the webhook from now on.
func (c *Control) delivery(r *http.Request) (any, error) {
	in, err := read[struct {
		Mode string `json:"mode"`
		Seed *int64 `json:"seed"`
	}](r)
	if err != nil {
		return nil, err
	}
	seed := int64(0)
	if in.Seed != nil {
		if seed = *in.Seed; in.Mode != "shuffle" {
			return nil, invalid(`seed: only the mode shuffle draws from a seed. Leave it out.`)
		}
	}
	if err := c.stack.Sim.SetDelivery(r.Context(), in.Mode, seed); err != nil {
		return nil, invalid("mode: " + err.Error() + ".")
	}
	return map[string]string{"mode": in.Mode}, c.stack.Quiet(r.Context())
}
