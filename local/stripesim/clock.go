package stripesim

import (
	"sync"
	"time"
)

// Clock is the time that the simulator lives in.
type Clock struct {
	mu      sync.Mutex
	start   time.Time
	at      time.Time     // where a standing clock stands
	offset  time.Duration // how far a running clock is ahead of the wall clock
	running bool
}

// NewClock stands still at start until it is moved. The zero start runs with
// the wall clock, plus an offset once it has been moved.
func NewClock(start time.Time) *Clock {
	return &Clock{start: start.UTC(), at: start.UTC().Truncate(time.Second), running: start.IsZero()}
}

// Now is the simulated time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running {
		return time.Now().UTC().Add(c.offset)
	}
	return c.at
}

// moveTo never goes back: the later of now and t is the new time. undo takes the
// move back when it could not be written.
func (c *Clock) moveTo(t time.Time) (undo func()) {
	return c.set(func() {
		if ahead := time.Until(t); c.running && ahead > c.offset {
			c.offset = ahead
		}
		if !c.running && t.After(c.at) {
			c.at = t.UTC()
		}
	})
}

// reset goes back to where the clock started.
func (c *Clock) reset() (undo func()) {
	return c.set(func() { c.at, c.offset = c.start.Truncate(time.Second), 0 })
}

func (c *Clock) set(change func()) (undo func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, offset := c.at, c.offset
	change()
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.at, c.offset = at, offset
	}
}

// back puts a standing clock to a time it stood at before.
func (c *Clock) back(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}

// saved is what has to be remembered over a restart.
func (c *Clock) saved() (at int64, offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Unix(), c.offset
}

// restore continues where saved left off.
func (c *Clock) restore(at int64, offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running {
		c.offset = max(offset, c.offset)
		return
	}
	if t := time.Unix(at, 0).UTC(); t.After(c.at) {
		c.at = t
	}
}
