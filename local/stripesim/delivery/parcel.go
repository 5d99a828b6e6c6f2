package delivery

import (
	"bytes"
	"encoding/json"
	"slices"

	"windfall/local/stripesim/object"
)

// Parcel is one event for one endpoint, ready to be sent.
type Parcel struct {
	Event, Endpoint string // ids
	url, secret     string
	body            []byte
}

// Outbox is what a courier needs of the account. Both methods take the lock of
// the account themselves.
type Outbox interface {
	// Parcels makes one parcel for each endpoint that an event goes to, and none
	// for an event that does not exist.
	Parcels(event string) []Parcel
	// Record keeps the outcome of a try: an HTTP status, or 0 without an answer.
	Record(p Parcel, status int)
}

// Pack makes the parcels of an event: for the endpoints that have not accepted
// it yet or, when all have, for those that subscribe to its type. near tells of
// addresses within this process, for which the text is not indented; it may be nil.
func Pack(e *object.Event, endpoints []*object.WebhookEndpoint, near func(url string) bool) []Parcel {
	body, err := object.Encode(e)
	if err != nil {
		return nil
	}
	var out []Parcel
	for _, w := range endpoints {
		waiting := slices.Contains(e.State.Waiting, w.ID)
		if waiting || len(e.State.Waiting) == 0 && Subscribes(w, e.Type) {
			out = append(out, Parcel{Event: e.ID, Endpoint: w.ID, url: w.URL, secret: w.Secret, body: textFor(body, near != nil && near(w.URL))})
		}
	}
	return out
}

func textFor(body []byte, near bool) []byte {
	if near {
		return body
	}
	var pretty bytes.Buffer
	_ = json.Indent(&pretty, body, "", "  ") // it was just encoded
	return pretty.Bytes()
}

// Subscribes tells whether an endpoint is enabled and subscribes to a type of
// event.
func Subscribes(w *object.WebhookEndpoint, kind string) bool {
	return w.Status == "enabled" && (slices.Contains(w.EnabledEvents, "*") || slices.Contains(w.EnabledEvents, kind))
}
