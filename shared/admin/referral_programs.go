package admin

import (
	"context"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// A Program is a referral program together with the reward it gives.
type Program struct {
	catalog.ReferralProgram
	Reward catalog.Reward
}

// CreateProgram adds a referral program. Of two calls for one id at the same
// moment exactly one succeeds.
func (a *Admin) CreateProgram(ctx context.Context, caller app.Caller, cmd catalog.EditProgram) (Program, error) {
	cmd.InternalID = catalog.ProgramPrefix + a.newID()
	return a.changeProgram(ctx, caller, cmd, catalog.DecideCreateProgram)
}

// EditProgram replaces the terms of a referral program.
func (a *Admin) EditProgram(ctx context.Context, caller app.Caller, cmd catalog.EditProgram) (Program, error) {
	return a.changeProgram(ctx, caller, cmd, catalog.DecideEditProgram)
}

// PatchProgram changes what patch changes of a referral program's terms.
func (a *Admin) PatchProgram(ctx context.Context, caller app.Caller, id string, patch func(*catalog.EditProgram)) (Program, error) {
	return a.changeProgram(ctx, caller, catalog.EditProgram{ID: id}, func(c *catalog.Catalog, read catalog.EditProgram) (catalog.ReferralProgram, error) {
		old, err := c.Program(id)
		if err != nil {
			return old, err
		}
		cmd := old.Terms()
		cmd.Now = read.Now
		patch(&cmd)
		return catalog.DecideEditProgram(c, cmd)
	})
}

func (a *Admin) changeProgram(ctx context.Context, caller app.Caller, cmd catalog.EditProgram,
	decide func(*catalog.Catalog, catalog.EditProgram) (catalog.ReferralProgram, error)) (Program, error) {
	cmd.Now = caller.Now
	return app.RetryStale(ctx, a.pause, func() (Program, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return Program{}, err
		}
		p, err := decide(cat, cmd)
		if err != nil {
			return Program{}, err
		}
		// A conflict is decided again: an id taken meanwhile is found then.
		err = a.store.Commit(ctx, caller.Env, a.done(caller, saved(p.Version == 0).of("referral program", p.ID, ""), app.SaveProgram{Program: p}, asRead(cat))...)
		return Program{p, cat.Rewards[p.RewardID]}, err
	})
}

// DeleteProgram removes a referral program and returns it. Its codes are not
// found from then on, and what waits for a purchase is closed by the
// sweep, if not by app.CloseProgram before; what was given, or is held, stays.
func (a *Admin) DeleteProgram(ctx context.Context, caller app.Caller, id string) (Program, error) {
	return app.RetryStale(ctx, a.pause, func() (Program, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return Program{}, err
		}
		p, err := cat.Program(id)
		if err != nil {
			return Program{}, err
		}
		return Program{p, cat.Rewards[p.RewardID]}, a.store.Commit(ctx, caller.Env, a.done(caller, deleted.of("referral program", p.ID, ""),
			app.DeleteProgram{ID: p.ID}, app.CloseProgram{Of: p.InternalID, Due: caller.Now.Add(time.Minute)}, asRead(cat))...)
	})
}
