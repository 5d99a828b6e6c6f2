package payments

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/walk"
)

// Event implements app.Payments. The signature covers the exact bytes of the
// body; one older than 300 seconds is refused. Only ids are read, so the API
// version of the endpoint does not matter.
//
// Source: https://docs.stripe.com/webhooks#verify-manually
func (s *Stripe) Event(ctx context.Context, body []byte, signature string) (catalog.Env, app.Event, error) {
	all, err := s.secrets.all(ctx)
	if err != nil {
		return "", app.Event{}, err
	}
	env := signer(all, body, signature)
	if env == "" {
		return "", app.Event{}, app.ErrBadSignature
	}
	event, err := readEvent(body)
	return env, event, err
}

// signer returns the environment whose secret signed the body, or "". Every
// secret is tried, each compared in constant time, so the time taken reveals
// nothing.
func signer(all map[catalog.Env]Secrets, body []byte, signature string) catalog.Env {
	var fits catalog.Env
	for _, env := range []catalog.Env{catalog.Sandbox, catalog.Live} {
		for _, secret := range all[env].WebhookSecrets {
			if secret == "" { // an empty secret would accept any sender
				continue
			}
			if webhook.ValidatePayload(body, signature, secret) == nil && fits == "" {
				fits = env
			}
		}
	}
	return fits
}

// readEvent reads ids alone, and passes over the rest.
func readEvent(body []byte) (app.Event, error) {
	if !json.Valid(body) {
		return app.Event{}, refusal.Invalid(app.ReasonNoStripeEvent).Because(errors.New("read event: it is not JSON"))
	}
	var event app.Event
	var charge, subscription, released string
	w := walk.New(string(body))
	w.Object(func(name string) {
		switch name {
		case "id":
			w.String(&event.ID)
		case "type":
			w.String(&event.Type)
		case "data":
			w.Object(func(name string) {
				if name != "object" {
					return
				}
				w.Object(func(name string) {
					switch name {
					case "id":
						w.String(&event.ObjectID)
					case "object":
						w.String(&event.ObjectType)
					case "customer":
						readID(&w, &event.CustomerID)
					case "charge":
						readID(&w, &charge)
					case "subscription":
						readID(&w, &subscription)
					case "released_subscription":
						readID(&w, &released)
					}
				})
			})
		}
	})
	if w.Wrong() != "" || event.ID == "" || event.Type == "" {
		return app.Event{}, refusal.Invalid(app.ReasonNoStripeEvent).Because(fmt.Errorf("read event: id %q, type %q, unexpected %.40s", event.ID, event.Type, w.Wrong()))
	}
	switch event.ObjectType {
	case "customer":
		event.CustomerID = event.ObjectID
	case "refund", "dispute": // they say only that their charge is to be read
		event.ObjectID, event.ObjectType = charge, "charge"
	case "subscription_schedule": // it says only that its subscription is to be read
		event.ObjectID = cmp.Or(subscription, released, event.ObjectID)
	}
	return event, nil
}

// readID reads a reference: an id, or an object with one. Anything else is none.
func readID(w *walk.Walk, into *string) {
	switch w.Peek() {
	case '"':
		w.String(into)
	case '{':
		w.Object(func(name string) {
			if name == "id" && w.Peek() == '"' {
				w.String(into)
			}
		})
	}
}
