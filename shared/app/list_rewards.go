package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"windfall/shared/billing"
)

// ListRewards returns the rewards, newest first.
func (a *App) ListRewards(ctx context.Context, caller Caller) ([]billing.Reward, error) {
	catalog, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return nil, err
	}
	out := make([]billing.Reward, 0, len(catalog.Rewards))
	for _, r := range catalog.Rewards {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b billing.Reward) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.InternalID, a.InternalID))
	})
	return out, nil
}

// ListPrograms returns the referral programs, newest first.
func (a *App) ListPrograms(ctx context.Context, caller Caller) ([]Program, error) {
	catalog, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return nil, err
	}
	out := make([]Program, 0, len(catalog.Programs))
	for _, p := range catalog.Programs {
		out = append(out, Program{p, catalog.Rewards[p.RewardID]})
	}
	slices.SortFunc(out, func(a, b Program) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.InternalID, a.InternalID))
	})
	return out, nil
}

// Program finds a referral program by the caller's id or by ours.
func (a *App) Program(ctx context.Context, caller Caller, id string) (Program, error) {
	catalog, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Program{}, err
	}
	p, err := catalog.Program(id)
	return Program{p, catalog.Rewards[p.RewardID]}, err
}
