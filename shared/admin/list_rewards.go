package admin

import (
	"cmp"
	"context"
	"strings"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/order"
	"windfall/shared/referral"
)

// ListRewards returns the rewards, newest first.
func (a *Admin) ListRewards(ctx context.Context, caller app.Caller) ([]catalog.Reward, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return nil, err
	}
	return NewestRewards(cat), nil
}

// NewestRewards lists the rewards of a catalog, newest first.
func NewestRewards(cat *catalog.Catalog) []catalog.Reward {
	out := make([]catalog.Reward, 0, len(cat.Rewards))
	for _, r := range cat.Rewards {
		out = append(out, r)
	}
	order.Stable(out, func(a, b *catalog.Reward) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.InternalID, a.InternalID))
	})
	return out
}

// ListPrograms returns the referral programs, newest first.
func (a *Admin) ListPrograms(ctx context.Context, caller app.Caller) ([]Program, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return nil, err
	}
	return NewestPrograms(cat), nil
}

// NewestPrograms lists the referral programs of a catalog, newest first.
func NewestPrograms(cat *catalog.Catalog) []Program {
	out := make([]Program, 0, len(cat.Programs))
	for _, p := range cat.Programs {
		out = append(out, Program{p, cat.Rewards[p.RewardID]})
	}
	order.Stable(out, func(a, b *Program) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(b.InternalID, a.InternalID))
	})
	return out
}

// Stats are what the redemptions of a program have come to, in the environment's currency.
type Stats struct {
	referral.Stats
	Currency money.Currency
}

// ProgramWithStats finds a referral program, and what its redemptions have come to.
func (a *Admin) ProgramWithStats(ctx context.Context, caller app.Caller, id string) (Program, Stats, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Program{}, Stats{}, err
	}
	p, err := cat.Program(id)
	if err != nil {
		return Program{}, Stats{}, err
	}
	stats, err := a.store.ProgramStats(ctx, caller.Env, p.InternalID)
	return Program{p, cat.Rewards[p.RewardID]}, Stats{stats, cat.Settings.Currency}, err
}

// Program finds a referral program by the caller's id or by ours.
func (a *Admin) Program(ctx context.Context, caller app.Caller, id string) (Program, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Program{}, err
	}
	p, err := cat.Program(id)
	return Program{p, cat.Rewards[p.RewardID]}, err
}
