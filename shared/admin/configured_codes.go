package admin

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// codes are the codes that a reward shall have, nil if nothing is said or changes.
func (cfg Configuration) codes(rewardID string) *[]WantedCode {
	codes, said := cfg.Codes[rewardID]
	if !said || cfg.Coded != nil && !cfg.Coded[rewardID] {
		return nil
	}
	return &codes
}

// coded tells the rewards whose codes change: those that can be used are not the ones that
// are listed.
func (a *Admin) coded(ctx context.Context, caller app.Caller, cat *catalog.Catalog, cfg Configuration) (map[string]bool, error) {
	out := map[string]bool{}
	if cfg.Rewards == nil {
		return out, nil
	}
	var held []catalog.Reward
	for _, cmd := range *cfg.Rewards {
		r, there := cat.Rewards[cmd.ID]
		if _, said := cfg.Codes[cmd.ID]; there && said {
			held = append(held, r)
		} else if said {
			out[cmd.ID] = true
		}
	}
	for page := range slices.Chunk(held, shownCodes) {
		rewards, err := a.Describe(ctx, caller, page)
		if err != nil {
			return nil, err
		}
		for _, r := range rewards {
			out[r.ID] = !r.hasCodes(cfg.Codes[r.ID])
		}
	}
	return out, nil
}

// hasCodes reports whether the codes that can be used are those that are wanted.
func (r Reward) hasCodes(wanted []WantedCode) bool {
	active := slices.DeleteFunc(slices.Clone(r.Codes), func(c Code) bool { return c.Status != reward.Active })
	if len(active) != len(wanted) {
		return false
	}
	for _, w := range wanted {
		at := slices.IndexFunc(active, func(c Code) bool {
			return c.Code == catalog.NormalCode(w.Code) && c.Max == w.Max && c.FirstTimeOnly == w.FirstTimeOnly
		})
		if at < 0 {
			return false
		}
		active = slices.Delete(active, at, at+1)
	}
	return true
}

// checkCodes refuses codes that can't be made or changed, before anything is saved.
func (a *Admin) checkCodes(ctx context.Context, caller app.Caller, cat *catalog.Catalog, cfg Configuration, change catalog.ConfigurationChange) error {
	if err := cfg.codesTwice(); err != nil {
		return err
	}
	for _, c := range change.Rewards {
		wanted := cfg.codes(c.ID)
		if wanted == nil || c.After == nil {
			continue
		}
		ch := codeChange{Admin: a, caller: caller, catalog: cat, reward: *c.After}
		if c.Before != nil {
			counts, err := a.store.RewardCounts(ctx, caller.Env, c.Before.InternalID)
			if err != nil {
				return err
			}
			ch.used = counts[c.Before.InternalID].Used
		}
		_, err := ch.all(ctx, *wanted, c.Before == nil)
		var no *refusal.Error
		if errors.As(err, &no) && no.Reason == reward.ReasonDuplicateCode {
			freed, failed := a.freed(ctx, caller, *wanted, change)
			if failed != nil {
				return failed
			}
			if freed {
				continue
			}
		}
		if err != nil {
			return catalog.About(c.ID, err)
		}
	}
	return nil
}

// codesTwice refuses a text that two rewards shall have.
func (cfg Configuration) codesTwice() error {
	taken := map[string]bool{}
	for _, codes := range cfg.Codes {
		for _, w := range codes {
			text := catalog.NormalCode(w.Code)
			if taken[text] {
				return refusal.Invalid(reward.ReasonDuplicateCode, text)
			}
			taken[text] = true
		}
	}
	return nil
}

// freed reports whether a reward that goes before others are made has one of the codes.
func (a *Admin) freed(ctx context.Context, caller app.Caller, wanted []WantedCode, change catalog.ConfigurationChange) (bool, error) {
	gone := map[string]bool{}
	for _, step := range change.Steps {
		if step.Reward != nil {
			break
		}
		for _, c := range change.Rewards {
			if c.ID == step.DeleteReward && c.Before != nil {
				gone[c.Before.InternalID] = true
			}
		}
	}
	for _, w := range wanted {
		if len(gone) == 0 {
			break
		}
		t, err := a.store.AllCodes(ctx, caller.Env, catalog.NormalCode(w.Code))
		if err != nil {
			return false, err
		}
		if t.Anybody != nil && gone[t.Anybody.RewardID] || slices.ContainsFunc(t.Of, func(p reward.PromoCode) bool { return gone[p.RewardID] }) {
			return true, nil
		}
	}
	return false, nil
}
