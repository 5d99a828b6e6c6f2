package admin

import (
	"context"
	"errors"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// shownCodes is how many codes are shown with their reward; the list of its codes
// has all of them.
const shownCodes = 100

// A Reward is a reward with its uses and the first of its codes.
type Reward struct {
	catalog.Reward
	Used  int
	Codes []Code
	More  bool // it has further codes
}

// Reward finds a reward by the caller's id or by ours.
func (a *Admin) Reward(ctx context.Context, caller app.Caller, id string) (Reward, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Reward{}, err
	}
	r, err := cat.Reward(id)
	if err != nil {
		return Reward{}, err
	}
	all, err := a.Describe(ctx, caller, []catalog.Reward{r})
	if err != nil {
		return Reward{}, err
	}
	return all[0], nil
}

// Describe reads how often rewards were used, at most 100 of them, and their first
// codes.
func (a *Admin) Describe(ctx context.Context, caller app.Caller, rewards []catalog.Reward) ([]Reward, error) {
	ids := make([]string, len(rewards))
	for i, r := range rewards {
		ids[i] = r.InternalID
	}
	counts, err := a.store.RewardCounts(ctx, caller.Env, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Reward, len(rewards))
	for i, r := range rewards {
		out[i] = Reward{Reward: r, Used: counts[r.InternalID].Used}
		page, next, err := a.store.CodesOf(ctx, caller.Env, r.InternalID, "", shownCodes)
		if err != nil {
			return nil, err
		}
		out[i].More, out[i].Codes = next != "", codes(page, r, counts[r.InternalID].Used, caller.Now)
	}
	return out, nil
}

// codes says how codes of one reward stand.
func codes(page []reward.PromoCode, r catalog.Reward, used int, now time.Time) []Code {
	out := make([]Code, len(page))
	for i, p := range page {
		out[i] = Code{p, r, p.Status(&r, used, now)}
	}
	return out
}

// CreateReward adds a reward with its first codes. Of two calls for one id or one
// code at the same moment exactly one succeeds. The errors are those of
// catalog.DecideCreateReward and AddCode.
func (a *Admin) CreateReward(ctx context.Context, caller app.Caller, cmd catalog.EditReward, wanted *[]WantedCode) (Reward, error) {
	cmd.InternalID = catalog.RewardPrefix + a.newID()
	return a.changeReward(ctx, caller, cmd, wanted, true, catalog.DecideCreateReward)
}

// EditReward changes a reward. A list of codes is the whole list: codes that it has
// no more are deactivated, those that it adds are made, and the others stay.
func (a *Admin) EditReward(ctx context.Context, caller app.Caller, cmd catalog.EditReward, wanted *[]WantedCode) (Reward, error) {
	return a.changeReward(ctx, caller, cmd, wanted, false, catalog.DecideEditReward)
}

// PatchReward changes what patch changes of a reward as it is.
func (a *Admin) PatchReward(ctx context.Context, caller app.Caller, id string, patch func(catalog.Reward) (catalog.EditReward, error), wanted *[]WantedCode) (Reward, error) {
	return a.changeReward(ctx, caller, catalog.EditReward{ID: id}, wanted, false, func(c *catalog.Catalog, read catalog.EditReward) (catalog.Reward, error) {
		old, err := c.Reward(id)
		if err != nil {
			return catalog.Reward{}, err
		}
		cmd, err := patch(old)
		if err != nil {
			return catalog.Reward{}, err
		}
		cmd.ID, cmd.Used, cmd.Now = id, read.Used, read.Now
		return catalog.DecideEditReward(c, cmd)
	})
}

func (a *Admin) changeReward(ctx context.Context, caller app.Caller, cmd catalog.EditReward, wanted *[]WantedCode, create bool,
	decide func(*catalog.Catalog, catalog.EditReward) (catalog.Reward, error)) (Reward, error) {
	cmd.Now = caller.Now
	saved, err := app.RetryStale(ctx, a.pause, func() (catalog.Reward, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return catalog.Reward{}, err
		}
		var count app.RewardCount
		if old, err := cat.Reward(cmd.ID); err == nil && !create {
			counts, err := a.store.RewardCounts(ctx, caller.Env, old.InternalID)
			if err != nil {
				return catalog.Reward{}, err
			}
			count = counts[old.InternalID]
			cmd.Used = count.Used
		}
		r, err := decide(cat, cmd)
		if err != nil {
			return catalog.Reward{}, err
		}
		var writes []app.Write
		if r.HasAmount() {
			writes = append(writes, priced(cat)...)
		}
		if !create {
			writes = append(writes, a.looks(caller, r)...)
		}
		change := codeChange{Admin: a, caller: caller, catalog: cat, reward: r, used: cmd.Used, count: count}
		if wanted != nil {
			more, err := change.all(ctx, *wanted, create)
			if err != nil {
				return catalog.Reward{}, err
			}
			writes = append(writes, more...)
		}
		writes = append(writes, app.SaveReward{Reward: r, Made: change.made(writes...)})
		return r, duplicate(a.store.Commit(ctx, caller.Env, a.done(caller, saved(create).of("reward", r.ID, r.Name), append(writes, asRead(cat))...)...))
	})
	if err != nil {
		return Reward{}, err
	}
	all, err := a.Describe(ctx, caller, []catalog.Reward{saved})
	if err != nil {
		return Reward{}, err
	}
	return all[0], nil
}

// duplicate names what a new reward has in common with one that was saved at the
// same moment. A code that changed meanwhile is looked at again.
func duplicate(err error) error {
	var conflict *app.Conflict
	if !errors.As(err, &conflict) {
		return err
	}
	for _, w := range conflict.Failed {
		if w, ok := w.(app.SaveReward); ok && w.Reward.Version == 0 {
			return catalog.ErrDuplicateReward(w.Reward.ID)
		}
	}
	return err
}

// DeleteReward removes a reward. Its codes are dead with it, and their texts free;
// what was given stays.
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
		return struct{}{}, a.store.Commit(ctx, caller.Env, a.done(caller, deleted.of("reward", reward.ID, reward.Name),
			append(a.looks(caller, reward), app.DeleteReward{Reward: reward}, asRead(cat))...)...)
	})
	return err
}

// looks has the copies at Stripe of all codes of rewards looked at.
func (a *Admin) looks(caller app.Caller, rewards ...catalog.Reward) (writes []app.Write) {
	for _, r := range rewards {
		if !r.Type.Gift() {
			writes = append(writes, app.LookAtCopies{RewardID: r.InternalID, Look: a.newID(), Due: caller.Now.Add(time.Minute)})
		}
	}
	return writes
}

// byInternalID finds the reward of a code; nil for one that is gone.
func byInternalID(cat *catalog.Catalog, id string) *catalog.Reward {
	r, err := cat.Reward(id)
	if err != nil || r.InternalID != id {
		return nil
	}
	return &r
}
