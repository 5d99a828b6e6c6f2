package delivery

import (
	"slices"

	"windfall/local/stripesim/object"
)

// retryAfter are the waits between the tries of a delivery, by the simulated
// clock; the last one repeats until three days are over.
//
// assumption: Stripe only says "up to three days with an exponential back off"
// (https://docs.stripe.com/webhooks).
var retryAfter = []int64{5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 12 * 3600}

const retryFor = 3 * 24 * 3600

// Note adds a try to the history of an event and plans the next one: an endpoint
// that answered 2xx has accepted the event, every other one is tried again. now
// is the simulated time in Unix seconds.
func Note(e *object.Event, p Parcel, status int, now int64) {
	e.State.Deliveries = append(slices.Clone(e.State.Deliveries), object.Delivery{Endpoint: p.Endpoint, Status: status, At: now})
	if status >= 200 && status < 300 {
		e.State.Waiting = slices.DeleteFunc(slices.Clone(e.State.Waiting), func(id string) bool { return id == p.Endpoint })
		e.PendingWebhooks = int64(len(e.State.Waiting))
	}
	e.State.NextTry = nextTry(e, now)
}

// nextTry is when the event is sent again in Unix seconds, 0 for never.
func nextTry(e *object.Event, now int64) int64 {
	if len(e.State.Waiting) == 0 {
		return 0
	}
	tries := 0
	for _, d := range e.State.Deliveries {
		if d.Endpoint == e.State.Waiting[0] {
			tries++
		}
	}
	wait := retryAfter[min(max(tries-1, 0), len(retryAfter)-1)]
	if now+wait > e.Created+retryFor {
		return 0
	}
	return now + wait
}
