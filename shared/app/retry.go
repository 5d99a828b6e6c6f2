package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

const (
	// maxTries bounds how often a command is decided again because the customer
	// changed meanwhile.
	maxTries = 40

	// politeTries bounds how often a command looks whether another one has ended;
	// with the pauses between them, it waits for about three seconds.
	politeTries = 24
)

// A Pause waits before try n+1, with jitter; it is false when the time is up.
type Pause func(ctx context.Context, n int) bool

// tries counts the tries of one command. All its parts share them, so that
// tries never multiply.
type tries struct{ stale, busy int }

// again reports whether an error allows another try, and waits before it returns:
// a little longer each time.
func (t *tries) again(ctx context.Context, pause Pause, err error) bool {
	switch {
	case errors.Is(err, refusal.ErrStale):
		t.busy = 0 // the other command has ended
		t.stale++
		return t.stale <= maxTries && pause(ctx, t.stale-1)
	case errors.Is(err, refusal.ErrBusy):
		t.busy++
		return t.busy <= politeTries && pause(ctx, t.busy-1)
	}
	return false
}

// retry runs a command until it is neither stale nor kept waiting by another.
func retry[T any](ctx context.Context, pause Pause, try func(*tries) (T, error)) (T, error) {
	var t tries
	for {
		out, err := try(&t)
		if !t.again(ctx, pause, err) {
			return out, err
		}
	}
}

// RetryStale runs a command without parts until it is not stale.
func RetryStale[T any](ctx context.Context, pause Pause, try func() (T, error)) (T, error) {
	return retry(ctx, pause, func(*tries) (T, error) { return try() })
}

// A StoredAnswer is the first answer to a request that carried an
// Idempotency-Key.
type StoredAnswer struct {
	BodyHash string
	Status   int // 0 while the first request is still running
	Body     string
}

// operationID names the operation of a request. With an Idempotency-Key it
// follows from the key, so that the same request asked again after a crash,
// even after its operation ended, asks Stripe the same and saves nothing twice.
func (a *App) operationID(caller Caller) string {
	if caller.RequestKey == "" {
		return a.NewID()
	}
	sum := sha256.Sum256([]byte(string(caller.Env) + "\x00" + caller.RequestKey))
	return keyed + hex.EncodeToString(sum[:12])
}

// errKeyReused refuses a command whose Idempotency-Key names another one, whose answer is no longer
// kept: its operation is.
var errKeyReused = &refusal.Error{Kind: refusal.KindReused, Reason: ReasonKeyReused}

// reopened answers the page that a command opened, whose Idempotency-Key may be another one's by now.
func reopened(c billing.Customer, page billing.Operation, fingerprint string) (step, error) {
	if page.Fingerprint != "" && page.Fingerprint != fingerprint {
		return step{}, errKeyReused
	}
	return answered(c, page), nil
}

// keyed begins the id of an operation that a request key names.
const keyed = "key_"

// idempotencyWrites is the write that keeps a keyed operation from having its effect
// again.
func (w work) idempotencyWrites(op billing.Operation) []Write {
	if !strings.HasPrefix(op.ID, keyed) {
		return nil
	}
	return []Write{OperationDone{op.ID, outcome(w.state.Customer, op), w.caller.Now}}
}

// isFinal reports whether an error closed its operation: Stripe refused it for
// good. Any other leaves it to be finished later.
func isFinal(err error) bool {
	var refused *refusal.Error
	return errors.As(err, &refused) && refused.Kind != refusal.KindUnavailable && refused.Kind != refusal.KindThrottled &&
		!errors.Is(err, refusal.ErrStale)
}
