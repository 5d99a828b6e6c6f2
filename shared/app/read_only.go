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
var ErrReadOnly = &refusal.Error{Kind: refusal.KindDenied, Code: "read_only_key",
	Message: "A publishable key can't change anything. Make this call with a secret key, from a server."}
