package object

import "encoding/json"

// Event is something that happened (object "event").
type Event struct {
	APIVersion      Text          `json:"api_version"`
	Created         int64         `json:"created"`
	Data            EventData     `json:"data"`
	ID              string        `json:"id"`
	Livemode        bool          `json:"livemode"`
	Object          string        `json:"object"`
	PendingWebhooks int64         `json:"pending_webhooks"`
	Request         *EventRequest `json:"request"`
	Type            string        `json:"type"`

	State EventState `json:"-"`
}

// EventData is a part of the object in this file.
type EventData struct {
	Object             json.RawMessage `json:"object"`
	PreviousAttributes json.RawMessage `json:"previous_attributes,omitempty"`
}

// EventRequest is a part of the object in this file.
type EventRequest struct {
	ID             Text `json:"id"`
	IdempotencyKey Text `json:"idempotency_key"`
}
