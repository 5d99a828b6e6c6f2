package delivery

import (
	"context"
	"math/rand"
	"slices"
)

// Modes of a courier.
const (
	Immediate = "immediate" // in the order of the events
	Hold      = "hold"      // not before Flush
	Shuffle   = "shuffle"   // each batch in a random order, drawn from the seed
	Duplicate = "duplicate" // each event twice
)

// SetMode chooses how events are delivered from now on. Every mode but Hold
// delivers the held events, and waits for it.
func (c *Courier) SetMode(ctx context.Context, mode string, seed int64) {
	c.mu.Lock()
	c.mode = mode
	c.random = rand.New(rand.NewSource(seed))
	c.mu.Unlock()
	if mode != Hold {
		c.Flush(ctx)
	}
}

// Flush delivers all pending events, held or not, and waits for it.
func (c *Courier) Flush(ctx context.Context) {
	c.mu.Lock()
	c.queue = append(c.queue, c.held...)
	c.held = nil
	c.mu.Unlock()
	_ = c.Quiet(ctx)
}

// State is the mode of a courier and the events that it holds.
type State struct {
	mode string
	held []string
}

// State returns the present state, for Restore.
func (c *Courier) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return State{c.mode, slices.Clone(c.held)}
}

// Restore returns to an earlier state and drops the queue. The random order of
// Shuffle starts again from the seed.
func (c *Courier) Restore(was State, seed int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mode, c.random = was.mode, rand.New(rand.NewSource(seed))
	c.queue, c.held = nil, slices.Clone(was.held)
}

// Waits tells whether events are held back or on their way.
func (c *Courier) Waits() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.held)+len(c.queue) > 0 || c.mode == Hold
}
