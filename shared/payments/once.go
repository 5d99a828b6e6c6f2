package payments

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/stripe/stripe-go/v76"
)

// memory is how long Stripe certainly remembers a key, less an hour to spare.
const memory = 23 * time.Hour

// once makes one creating call, however often it is tried. Stripe repeats its
// answer to a key for at least 24 hours, which makes a second try harmless. An
// older operation can't rely on that. Two answers end the key's use earlier: it
// came with other parameters before (the customer was renamed in between), or
// the first try met a fault of Stripe's whose answer is now repeated. In all
// three cases find looks for the object of an earlier try, by its metadata, and
// the call is made if there is none.
//
// part tells the calls of one step apart; a step of one call has none.
//
// Source: https://docs.stripe.com/api/idempotent_requests
func once[T any](ctx context.Context, j job, part string, create func(stripe.Params) (*T, error), find func() (*T, error)) (*T, error) {
	if j.ref.Now.Sub(j.ref.CreatedAt) > memory {
		if found, err := find(); err != nil || found != nil {
			return found, err
		}
	}
	made, err := create(keyed(ctx, j.keyOf(part)))
	if !spent(err) {
		return made, err
	}
	if found, err := find(); err != nil || found != nil {
		return found, err
	}
	return create(keyed(ctx, j.keyOf(part+"/2")))
}

// spent reports whether an Idempotency-Key can never get a useful answer.
func spent(err error) bool {
	var e *stripe.Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Type == stripe.ErrorTypeIdempotency {
		return e.HTTPStatusCode == http.StatusBadRequest // 409 means: still running
	}
	return e.HTTPStatusCode >= http.StatusInternalServerError && replayed(e.LastResponse)
}

// replayed reports whether an answer is a repetition. Its object may be long
// out of date.
func replayed(r *stripe.APIResponse) bool {
	return r != nil && r.Header.Get("Idempotent-Replayed") == "true"
}
