package app

import (
	"context"
	"time"

	"windfall/shared/billing"
)

// A Sweep is what one run of ClosePeriods did.
type Sweep struct {
	Finished int // operations brought to their end
	Failed   int // looked at and left for the next run
}

// shards is how many parts the due index has; see dynamo.Shards.
const shards = 16

// perShard bounds what one run takes from one shard, so that none starves.
const perShard = 100

// ClosePeriods finishes what nobody came back for: operations whose process
// died, pages whose end no webhook told, and discounts whose turn has come. Two
// runs at once are harmless.
func (a *App) ClosePeriods(ctx context.Context, now time.Time) (Sweep, error) {
	var sweep Sweep
	for _, env := range []billing.Env{billing.Sandbox, billing.Live} {
		who := Caller{Env: env, Actor: "schedule", Now: now}
		for shard := range shards {
			due, err := a.Store.DueOperations(ctx, env, shard, now, perShard)
			if err != nil {
				return sweep, err
			}
			for _, d := range due {
				if !timeLeft(ctx) {
					return sweep, nil // the next run goes on
				}
				if err := a.close(ctx, who, d); err != nil {
					sweep.Failed++
					a.Log.ErrorContext(ctx, "sweep", "operation", d.OperationID, "cause", err)
					continue
				}
				sweep.Finished++
			}
		}
	}
	return sweep, nil
}

// reserve is how much time a run keeps to end in order.
const reserve = 20 * time.Second

func timeLeft(ctx context.Context) bool {
	deadline, limited := ctx.Deadline()
	if !limited {
		return true
	}
	soon, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline.Add(-reserve))
	defer cancel()
	return soon.Err() == nil
}

func (a *App) close(ctx context.Context, who Caller, due DueOperation) error {
	if due.OperationID == "" {
		return a.applyReward(ctx, who, due.Key)
	}
	_, err := again(ctx, a, func() (struct{}, error) {
		s, found, err := a.Store.State(ctx, who.Env, due.Key)
		if err != nil || !found || s.Operation(due.OperationID) == nil {
			return struct{}{}, err // ended meanwhile
		}
		catalog, err := a.Store.Catalog(ctx, who.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		op := *s.Operation(due.OperationID)
		if op.State == billing.Running {
			if err := a.carryOut(ctx, who, catalog, s, &op); !ended(err) {
				return struct{}{}, err
			}
			return struct{}{}, nil
		}
		session, err := a.Payments.Session(ctx, who.Env, op.Results.SessionID)
		if err != nil || session.Status == "open" {
			return struct{}{}, err
		}
		if err := a.pageClosed(ctx, who, catalog, s, op, session); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.rewardPurchases(ctx, who, catalog, due.Key)
	})
	return err
}
