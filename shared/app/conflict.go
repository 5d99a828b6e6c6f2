package app

import (
	"errors"

	"windfall/shared/refusal"
)

// A Conflict is returned by Commit when the condition of a write did not hold.
// Nothing was written. It is refusal.ErrStale to whoever does not look closer.
type Conflict struct{ Failed []Write }

func (c *Conflict) Error() string { return refusal.ErrStale.Error() }

func (c *Conflict) Unwrap() error { return refusal.ErrStale }

// ConflictIn reports whether err is a conflict in a write of type W.
func ConflictIn[W Write](err error) bool {
	var conflict *Conflict
	if !errors.As(err, &conflict) {
		return false
	}
	for _, w := range conflict.Failed {
		if _, is := w.(W); is {
			return true
		}
	}
	return false
}

func without[W Write](writes []Write) []Write {
	var out []Write
	for _, w := range writes {
		if _, is := w.(W); !is {
			out = append(out, w)
		}
	}
	return out
}
