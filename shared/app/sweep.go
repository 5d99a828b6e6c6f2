package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"windfall/shared/catalog"
)

// A Sweep is what one run of RunSweep did.
type Sweep struct {
	Swept     int           // rows of the due index that were dealt with
	Recovered int           // of them operations, brought to their end
	Waiting   int           // rows about which Stripe has nothing new
	Failed    int           // rows left for a later run
	Pending   int           // of them operations
	Lag       time.Duration // how long the oldest row found was due
	Cut       bool          // the time was up; the next run continues
}

func (s *Sweep) add(part Sweep) {
	s.Swept, s.Recovered, s.Waiting = s.Swept+part.Swept, s.Recovered+part.Recovered, s.Waiting+part.Waiting
	s.Failed, s.Pending = s.Failed+part.Failed, s.Pending+part.Pending
	s.Lag, s.Cut = max(s.Lag, part.Lag), s.Cut || part.Cut
}

const (
	shards  = 16               // parts of the due index; see dynamo.Shards
	perPage = 100              // rows read at once
	reserve = 20 * time.Second // kept by a run to end in order
)

// RunSweep runs due background work: it finishes operations whose process died,
// brings products to the state of their dates and of Stripe, and applies discounts
// that come next in their queue. Any number of runs at
// once are harmless, and a run that comes late changes nothing for a customer.
//
// Each shard has a worker of its own, so that none waits for another. A row
// that fails is postponed, so that it does not block those behind it.
func (a *App) RunSweep(ctx context.Context, now time.Time) (Sweep, error) {
	ctx, cancel := inTime(ctx)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	var sweep Sweep
	var errs []error
	for _, env := range []catalog.Env{catalog.Sandbox, catalog.Live} {
		for shard := range shards {
			all.Go(func() {
				part, err := a.sweepShard(ctx, Caller{Env: env, Actor: "schedule", Now: now}, shard)
				mu.Lock()
				defer mu.Unlock()
				sweep.add(part)
				errs = append(errs, err)
			})
		}
	}
	all.Wait()
	return sweep, errors.Join(errs...)
}

// inTime ends the work early enough to end the run in order. What it cuts off
// is repeated by the next run.
func inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, limited := ctx.Deadline(); limited {
		return context.WithDeadline(ctx, deadline.Add(-reserve))
	}
	return context.WithCancel(ctx)
}

// sweepShard goes through all that is due in one shard, the oldest first.
func (a *App) sweepShard(ctx context.Context, caller Caller, shard int) (Sweep, error) {
	var sweep Sweep
	done := map[string]result{} // by customer: one look serves all products
	var after *Due
	for more := true; more; {
		page, next, err := a.Store.Due(ctx, caller.Env, shard, caller.Now, after, perPage)
		if err == nil && len(page) > 0 {
			err = a.sweepPage(ctx, caller, page, done, &sweep)
			after = &page[len(page)-1]
		}
		if ctx.Err() != nil {
			sweep.Cut = true
			return sweep, nil
		}
		if err != nil {
			return sweep, err
		}
		more = next
	}
	return sweep, nil
}

func (a *App) sweepPage(ctx context.Context, caller Caller, page []Due, done map[string]result, sweep *Sweep) error {
	w, err := a.begin(ctx, caller)
	if err != nil {
		return err
	}
	for _, d := range page {
		if !d.At.IsZero() {
			sweep.Lag = max(sweep.Lag, caller.Now.Sub(d.At))
		}
		r, known := done[d.Key]
		if !known || d.ProductID == "" {
			r = w.close(ctx, d)
		}
		if ctx.Err() != nil {
			return nil
		}
		if d.ProductID != "" {
			done[d.Key] = r
		}
		sweep.note(d, r)
		a.putOff(ctx, caller, d, r)
	}
	return nil
}

func (s *Sweep) note(d Due, r result) {
	operation := 0
	if d.OperationID != "" {
		operation = 1
	}
	switch {
	case r.err != nil:
		s.Failed, s.Pending = s.Failed+1, s.Pending+operation
	case r.changed:
		s.Swept, s.Recovered = s.Swept+1, s.Recovered+operation
	default:
		s.Waiting++
	}
}
