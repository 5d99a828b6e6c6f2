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

// A feed delivers the changes of the table to the functions of its stream, in
// order and each until it is done, like the event source mapping of
// template.yaml: the writer does not wait for it.
type feed struct {
	stop context.CancelFunc
	idle sync.WaitGroup // the sender, while it runs

	mu      sync.Mutex
	gateway *gateway.Gateway
	waiting []json.RawMessage
	resets  int           // counts calls of forget: a batch from before the last one is not in waiting
	taken   int           // the number of changes ever taken
	changed chan struct{} // closed and replaced at every change
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

// take is the database's subscriber. It passes what the FilterCriteria of
// template.yaml pass: rows last written by a track, and operations to begin.
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

// tell wakes the waiting goroutines; f.mu is locked.
func (f *feed) tell() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// hold holds changes back, or releases them.
func (f *feed) hold(held bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.held = held
	f.tell()
}

// to sends later changes through this gateway.
func (f *feed) to(g *gateway.Gateway) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gateway = g
	f.tell()
}

// forget drops the waiting changes.
func (f *feed) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = nil
	f.resets++
	f.tell()
}

// A batch is the changes of one invocation.
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

// finish removes the done changes from the queue.
func (f *feed) finish(b batch, done int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b.resets == f.resets {
		f.waiting = f.waiting[done:]
	}
	f.tell()
}

// quiet waits until nothing is waiting, except what is held back.
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

// arrived is the number of changes ever taken.
func (f *feed) arrived() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.taken
}

// close delivers the rest, for five seconds at most.
func (f *feed) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := f.quiet(ctx)
	f.stop()
	f.idle.Wait()
	return err
}

// HoldStream holds the changes of the table back from the functions of its
// stream, or releases them.
func (s *Stack) HoldStream(held bool) { s.feed.hold(held) }

// DropStream drops the waiting changes, as a stream does after a day.
func (s *Stack) DropStream() { s.feed.forget() }

// Quiet waits until every webhook and every change of the table is delivered,
// including those that a delivery caused.
func (s *Stack) Quiet(ctx context.Context) error {
	for {
		if err := s.feed.quiet(ctx); err != nil {
			return err
		}
		before := s.feed.arrived()
		for _, account := range s.accounts() {
			if err := account.Quiet(ctx); err != nil {
				return err
			}
		}
		if s.feed.arrived() == before {
			return nil
		}
	}
}
