package stripesim

import (
	"context"
	"math/rand"
	"net/http"
	"sync"

	"windfall/local/stripesim/object"
	"windfall/local/stripesim/store"
)

// Delivery modes of SetDelivery.
const (
	deliverImmediate = "immediate"
	deliverHold      = "hold"
	deliverShuffle   = "shuffle"
	deliverDuplicate = "duplicate"
)

// courier brings events to webhook endpoints, always outside the store's lock
// because their handlers call back into the API.
type courier struct {
	sim    *Sim
	client *http.Client

	mu     sync.Mutex
	mode   string
	random *rand.Rand
	queue  []string // event ids to be delivered by the worker
	held   []string // event ids waiting for FlushEvents
	busy   bool
	idle   chan struct{} // closed when the worker has nothing left
}

// accept takes over the events of a commit. Nothing is delivered before wake.
func (c *courier) accept(events []*object.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range events {
		if len(e.State.Waiting) == 0 {
			continue
		}
		if c.mode == deliverHold {
			c.held = append(c.held, e.ID)
		} else {
			c.queue = append(c.queue, e.ID)
		}
	}
}

// wake starts the worker when there is something to do.
func (c *courier) wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy || len(c.queue) == 0 {
		return
	}
	c.busy = true
	c.idle = make(chan struct{})
	go c.work(c.idle)
}

func (c *courier) work(idle chan struct{}) {
	for {
		batch := c.batch()
		if batch == nil {
			close(idle)
			return
		}
		for _, id := range batch {
			c.sim.offer(context.Background(), id)
		}
	}
}

// batch is what is queued, in the order that the mode wants; nil ends the worker.
func (c *courier) batch() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := c.queue
	c.queue = nil
	if len(batch) == 0 {
		c.busy = false
		return nil
	}
	switch c.mode {
	case deliverShuffle:
		c.random.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	case deliverDuplicate:
		twice := make([]string, 0, 2*len(batch))
		for _, id := range batch {
			twice = append(twice, id, id)
		}
		batch = twice
	}
	return batch
}

// quiet waits until the worker is idle.
func (c *courier) quiet(ctx context.Context) error {
	for {
		c.wake()
		c.mu.Lock()
		busy, idle := c.busy, c.idle
		c.mu.Unlock()
		if !busy {
			return nil
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// clear forgets what has not been delivered.
func (c *courier) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue, c.held = nil, nil
}

// resume queues the events that a restart interrupted.
func (c *courier) resume() {
	var events []*object.Event
	for _, e := range store.Rows[*object.Event](c.sim.store) {
		if len(e.State.Deliveries) == 0 {
			events = append(events, e)
		}
	}
	c.accept(events)
	c.wake()
}
