package payments

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
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

func readEvent(body []byte) (app.Event, error) {
	var in struct {
		ID   string `json:"id"`
		Type string `json:"type"`
		Data struct {
			Object struct {
				ID       string          `json:"id"`
				Object   string          `json:"object"`
				Customer json.RawMessage `json:"customer"`
				Charge   json.RawMessage `json:"charge"`

				Subscription json.RawMessage `json:"subscription"`
				Released     json.RawMessage `json:"released_subscription"`
			} `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.ID == "" || in.Type == "" {
		return app.Event{}, refusal.Invalid(app.ReasonNoStripeEvent).Because(fmt.Errorf("read event: %w", err))
	}
	object := in.Data.Object
	event := app.Event{ID: in.ID, Type: in.Type, ObjectID: object.ID, ObjectType: object.Object}
	event.CustomerID = idOf(object.Customer)
	switch object.Object {
	case "customer":
		event.CustomerID = object.ID
	case "refund", "dispute": // they say only that their charge is to be read
		event.ObjectID, event.ObjectType = idOf(object.Charge), "charge"
	case "subscription_schedule": // it says only that its subscription is to be read
		event.ObjectID = cmp.Or(idOf(object.Subscription), idOf(object.Released), object.ID)
	}
	return event, nil
}

// idOf reads a reference: an id, an object with one, or null.
func idOf(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &object) // anything else is no reference
	return object.ID
}
