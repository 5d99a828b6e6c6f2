package delivery

import (
	"context"
	"math/rand"
	"net/http"
	"sync"

	"windfall/local/stripesim/object"
)

// Courier delivers events to webhook endpoints, one at a time. All methods may
// be called at the same time.
type Courier struct {
	box    Outbox
	client *http.Client

	mu     sync.Mutex
	mode   string
	random *rand.Rand
	queue  []string // event ids to be delivered by the worker
	held   []string // event ids waiting for Flush
	busy   bool
	idle   chan struct{} // closed when the worker has nothing left
}

// New makes a courier in mode Immediate.
func New(box Outbox, client *http.Client, seed int64) *Courier {
	return &Courier{box: box, client: client, mode: Immediate, random: rand.New(rand.NewSource(seed))}
}

// Accept takes over the events of a commit. Nothing is delivered before Wake.
func (c *Courier) Accept(events []*object.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range events {
		if len(e.State.Waiting) == 0 {
			continue
		}
		if c.mode == Hold {
			c.held = append(c.held, e.ID)
		} else {
			c.queue = append(c.queue, e.ID)
		}
	}
}

// Resume accepts the events that a restart interrupted, and delivers them.
func (c *Courier) Resume(all []*object.Event) {
	var events []*object.Event
	for _, e := range all {
		if len(e.State.Deliveries) == 0 {
			events = append(events, e)
		}
	}
	c.Accept(events)
	c.Wake()
}

// Wake starts the worker when there is something to do.
func (c *Courier) Wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy || len(c.queue) == 0 {
		return
	}
	c.busy = true
	c.idle = make(chan struct{})
	go c.work(c.idle)
}

func (c *Courier) work(idle chan struct{}) {
	for {
		batch := c.batch()
		if batch == nil {
			close(idle)
			return
		}
		for _, id := range batch {
			c.offer(context.Background(), id)
		}
	}
}

// batch is the queue in the order of the mode; nil ends the worker.
func (c *Courier) batch() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	batch := c.queue
	c.queue = nil
	if len(batch) == 0 {
		c.busy = false
		return nil
	}
	switch c.mode {
	case Shuffle:
		c.random.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
	case Duplicate:
		twice := make([]string, 0, 2*len(batch))
		for _, id := range batch {
			twice = append(twice, id, id)
		}
		batch = twice
	}
	return batch
}

// Quiet waits until the worker is idle.
func (c *Courier) Quiet(ctx context.Context) error {
	for {
		c.Wake()
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

// Clear drops all events that have not been delivered.
func (c *Courier) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue, c.held = nil, nil
}
