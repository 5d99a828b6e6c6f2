package app

import (
	"context"
	"errors"

	"windfall/shared/refusal"
)

// maxTries bounds how often a command is decided again because the customer
// changed meanwhile.
const maxTries = 40

// retryStale runs a command until it is not stale, waiting a little longer before
// each new try.
func retryStale[T any](ctx context.Context, a *App, try func() (T, error)) (T, error) {
	for n := 0; ; n++ {
		out, err := try()
		if !errors.Is(err, refusal.ErrStale) || n >= maxTries || !a.Pause(ctx, n) {
			return out, err
		}
	}
}
