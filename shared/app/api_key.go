package app

import (
	"context"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A Key is an API key as the table knows it: by its hash alone.
type Key struct {
	Hash        string // SHA-256 of the key, hex
	Prefix      string // its first characters, for people and the audit
	Name        string // given by the operator; may be empty
	Env         catalog.Env
	Publishable bool
	CreatedAt   time.Time
	CreatedBy   string    // the AWS identity of the operator
	RevokedAt   time.Time // zero while it is good
	RevokedBy   string
}

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
