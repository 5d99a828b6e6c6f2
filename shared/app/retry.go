package app

import (
	"context"
	"errors"

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
