package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// applyRewards applies what customers have just earned. They have it for sure,
// so a failure is only logged: the schedule tries again.
func (a *App) applyRewards(ctx context.Context, caller Caller, keys []string) {
	for _, key := range keys {
		if err := a.applyReward(ctx, caller, key); err != nil {
			a.Log.ErrorContext(ctx, "apply reward", "customer", key, "cause", err)
		}
	}
}

// applyReward puts the first discount that a customer waits for on the
// customer at Stripe, unless another one runs there.
func (a *App) applyReward(ctx context.Context, caller Caller, key string) error {
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		s, found, err := a.Store.State(ctx, caller.Env, key)
		if err != nil || !found || len(s.Queue) == 0 {
			return struct{}{}, err
		}
		cat, err := a.Store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		if s, _, err = a.awaitIdle(ctx, caller, cat, s); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.applyNext(ctx, caller, cat, s)
	})
	return err
}

// applyNext is applyReward for a customer with no money command in flight. A
// reward that Stripe refuses stays, as the cause may be mended there; the log
// and the audit have it.
func (a *App) applyNext(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State) error {
	d, waits := s.NextReward(cat)
	if !waits {
		return nil
	}
	op := billing.Operation{ID: a.NewID(), Command: "apply_reward", Actor: caller.Actor, Decision: d, CreatedAt: caller.Now}
	_, err := a.execute(ctx, caller, cat, s, op)
	switch {
	case isFinal(err):
		a.Log.ErrorContext(ctx, "reward refused", "customer", s.Customer.Key(), "redemption", d.Reward.RedemptionID, "cause", err)
		return a.lookLater(ctx, caller, s.Customer.Key(), *d.Reward)
	case err == nil && len(d.Steps) == 0:
		return refusal.ErrStale // it was dropped: the next one has its turn
	}
	return err
}

// lookLater lets the schedule look after a reward another day.
func (a *App) lookLater(ctx context.Context, caller Caller, key string, q billing.QueuedReward) error {
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		s, found, err := a.Store.State(ctx, caller.Env, key)
		if err != nil || !found || !s.Queues(q) {
			return struct{}{}, err
		}
		_, err = a.saveCustomer(ctx, caller, s, QueueReward{key, q.Later(caller.Now)})
		return struct{}{}, err
	})
	return err
}
