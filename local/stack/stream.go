package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"windfall/local/dynamodb"
	"windfall/local/gateway"
)

// A feed brings the changes of the table to the functions of its stream, in
// order and each until it is done, as the event source mapping of template.yaml
// does: the writer does not wait for it.
type feed struct {
	stop context.CancelFunc
	idle sync.WaitGroup // the sender, while it runs

	mu      sync.Mutex
	gateway *gateway.Gateway
	waiting []json.RawMessage
	resets  int           // what was sent before the last one is not in waiting
	taken   int           // how many changes ever came
	changed chan struct{} // closed and replaced whenever something changed
	held    bool
}

const (
	batchSize   = 100 // of template.yaml
	beforeAgain = 20 * time.Millisecond
)

func newFeed() *feed {
	ctx, stop := context.WithCancel(context.Background())
	f := &feed{stop: stop, changed: make(chan struct{})}
	f.idle.Go(func() { f.run(ctx) })
	return f
}

// take is the database's subscriber. It lets through what template.yaml's
// FilterCriteria do: rows that a track wrote last, and operations to begin.
func (f *feed) take(r dynamodb.ChangeRecord) {
	if !bytes.Contains(r.Change.NewImage, []byte(`"ev":{"S":`)) && !bytes.Contains(r.Change.NewImage, []byte(`"begin":{"S":`)) {
		return
	}
	r.Change.OldImage, r.Change.StreamViewType = nil, "NEW_IMAGE"
	record, err := json.Marshal(r)
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, record)
	f.taken++
	f.tell()
}

// tell wakes who waits; f.mu is held.
func (f *feed) tell() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// hold keeps changes waiting, or lets them go on.
func (f *feed) hold(held bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = held
	f.tell()
}

// to sends what comes from now on through this gateway.
func (f *feed) to(g *gateway.Gateway) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway = g
	f.tell()
}

// forget drops what is waiting.
func (f *feed) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = nil
	f.resets++
	f.tell()
}

// A batch is what is sent at once.
type batch struct {
	records []json.RawMessage
	through *gateway.Gateway
	resets  int
}

func (f *feed) run(ctx context.Context) {
	for {
		next, changed := f.next()
		if len(next.records) == 0 {
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return
			}
		}
		done, err := next.through.InvokeStream(ctx, "table_stream", next.records)
		f.finish(next, done)
		if err == nil && done == len(next.records) {
			continue
		}
		select {
		case <-time.After(beforeAgain):
		case <-ctx.Done():
			return
		}
	}
}

func (f *feed) next() (batch, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held || f.gateway == nil {
		return batch{}, f.changed
	}
	return batch{slices.Clone(f.waiting[:min(batchSize, len(f.waiting))]), f.gateway, f.resets}, f.changed
}

// finish takes what is done off the queue.
func (f *feed) finish(b batch, done int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b.resets == f.resets {
		f.waiting = f.waiting[done:]
	}
	f.tell()
}

// quiet waits until nothing is waiting, but for what is held.
func (f *feed) quiet(ctx context.Context) error {
	for {
		f.mu.Lock()
		empty, changed := len(f.waiting) == 0 || f.held, f.changed
		f.mu.Unlock()
		if empty {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return errors.Join(errors.New("the stream's function has not taken all changes"), ctx.Err())
		}
	}
}

// arrived is how many changes ever came.
func (f *feed) arrived() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.taken
}

// close delivers what is left, as far as that is possible soon.
func (f *feed) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := f.quiet(ctx)
	f.stop()
	f.idle.Wait()
	return err
}

// HoldStream keeps the changes of the table from the functions of its stream,
// or lets them go on.
func (s *Stack) HoldStream(held bool) { s.feed.hold(held) }

// DropStream loses the changes that are waiting, as a stream does after a day.
func (s *Stack) DropStream() { s.feed.forget() }

// Quiet waits until every webhook and every change of the table is delivered:
// also those that a delivery brought about.
func (s *Stack) Quiet(ctx context.Context) error {
	for {
		if err := s.feed.quiet(ctx); err != nil {
			return err
		}
		before := s.feed.arrived()
		if err := s.Sim.Quiet(ctx); err != nil {
			return err
		}
		if s.feed.arrived() == before {
			return nil
		}
	}
}
