package app

import (
	"context"

	"windfall/shared/refusal"
)

type readOnlyMark struct{}

// ReadOnly returns a context in which the store refuses every write with
// ErrReadOnly.
func ReadOnly(ctx context.Context) context.Context {
	return context.WithValue(ctx, readOnlyMark{}, true)
}

// IsReadOnly reports whether the context came from ReadOnly.
func IsReadOnly(ctx context.Context) bool { return ctx.Value(readOnlyMark{}) != nil }

// ErrReadOnly is returned by a store that was asked to write for a caller who
// may only read.
var ErrReadOnly = refusal.Denied(ReasonReadOnlyKey)
