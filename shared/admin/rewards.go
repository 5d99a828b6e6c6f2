package admin

import (
	"context"
	"errors"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// Reward finds a reward by the caller's id or by ours.
func (a *Admin) Reward(ctx context.Context, caller app.Caller, id string) (catalog.Reward, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.Reward{}, err
	}
	return cat.Reward(id)
}

// CreateReward adds a reward and reserves its promotion codes. Of two calls
// for one id or one code at the same moment exactly one succeeds.
func (a *Admin) CreateReward(ctx context.Context, caller app.Caller, cmd catalog.EditReward) (catalog.Reward, error) {
	cmd.InternalID = "rew_" + a.newID()
	return a.changeReward(ctx, caller, cmd, true, catalog.DecideCreateReward)
}

// EditReward changes a reward; codes that it no longer has are free again.
func (a *Admin) EditReward(ctx context.Context, caller app.Caller, cmd catalog.EditReward) (catalog.Reward, error) {
	return a.changeReward(ctx, caller, cmd, false, catalog.DecideEditReward)
}

func (a *Admin) changeReward(ctx context.Context, caller app.Caller, cmd catalog.EditReward, create bool,
	decide func(*catalog.Catalog, catalog.EditReward) (catalog.RewardChange, error)) (catalog.Reward, error) {
	cmd.Now = caller.Now
	return app.RetryStale(ctx, a.pause, func() (catalog.Reward, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return catalog.Reward{}, err
		}
		change, err := decide(cat, cmd)
		if err != nil {
			return catalog.Reward{}, err
		}
		writes := []app.Write{app.SaveReward{Reward: change.Reward, New: create}}
		for _, code := range change.Taken {
			writes = append(writes, app.ReservePromoCode{Code: code, RewardID: change.Reward.ID})
		}
		for _, code := range change.Freed {
			writes = append(writes, app.ReleasePromoCode{Code: code, RewardID: change.Reward.ID})
		}
		return change.Reward, duplicate(a.store.Commit(ctx, caller.Env, writes...))
	})
}

// duplicate names what a new reward has in common with one that was saved at
// the same moment.
func duplicate(err error) error {
	var conflict *app.Conflict
	if !errors.As(err, &conflict) {
		return err
	}
	for _, w := range conflict.Failed {
		switch w := w.(type) {
		case app.SaveReward:
			if w.New {
				return catalog.ErrDuplicateReward(w.Reward.ID)
			}
		case app.ReservePromoCode:
			return catalog.ErrDuplicatePromoCode(w.Code)
		}
	}
	return err
}

// DeleteReward removes a reward and frees its codes.
func (a *Admin) DeleteReward(ctx context.Context, caller app.Caller, id string) error {
	_, err := app.RetryStale(ctx, a.pause, func() (struct{}, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		reward, err := catalog.DecideDeleteReward(cat, id)
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.store.Commit(ctx, caller.Env, app.DeleteReward{Reward: reward})
	})
	return err
}
