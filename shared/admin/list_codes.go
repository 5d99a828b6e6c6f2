package admin

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/reward"
)

// A ListedCode is a promotion code or a referral code, what it is of, and how it stands.
type ListedCode struct {
	app.ListedCode
	Reward   *catalog.Reward          // of a promotion code; nil for one that is deleted
	Program  *catalog.ReferralProgram // of a referral code; nil for one that is deleted
	Standing reward.Standing
}

// Codes lists promotion codes and referral codes, newest first, with the catalog as it was
// read; see app.ListStore. Two requests.
func (a *Admin) Codes(ctx context.Context, caller app.Caller, cat *catalog.Catalog, cursor string, limit int) ([]ListedCode, string, error) {
	page, next, err := a.lists.ListedCodes(ctx, caller.Env, cursor, limit)
	return standing(cat, caller, page), next, err
}

// ListCodesOf lists the codes of a reward in the order of their texts, likewise.
func (a *Admin) ListCodesOf(ctx context.Context, caller app.Caller, cat *catalog.Catalog, rewardID, cursor string, limit int) ([]ListedCode, string, error) {
	page, next, err := a.lists.ListedCodesOf(ctx, caller.Env, rewardID, cursor, limit)
	return standing(cat, caller, page), next, err
}

func standing(cat *catalog.Catalog, caller app.Caller, page []app.ListedCode) []ListedCode {
	out := make([]ListedCode, len(page))
	for i, c := range page {
		out[i].ListedCode = c
		if p := c.Promotion; p != nil {
			out[i].Reward = byInternalID(cat, p.RewardID)
			out[i].Standing = p.Standing(out[i].Reward, c.Used, caller.Now)
			continue
		}
		program, err := cat.Program(c.Referral.ProgramID)
		switch known := err == nil && program.InternalID == c.Referral.ProgramID; {
		case !known:
			out[i].Standing = reward.StandsInactive // nobody can redeem it
		case c.Referral.Inactive:
			out[i].Program, out[i].Standing = &program, reward.StandsInactive
		case program.MaxRedemptions > 0 && c.Referral.Triggered >= program.MaxRedemptions:
			out[i].Program, out[i].Standing = &program, reward.UsedUp
		default:
			out[i].Program, out[i].Standing = &program, reward.StandsActive
		}
	}
	return out
}

// Counts reads how often rewards were used and which codes they have, at most 100.
func (a *Admin) Counts(ctx context.Context, caller app.Caller, rewards []catalog.Reward) (map[string]app.RewardCount, error) {
	if len(rewards) == 0 {
		return nil, nil
	}
	ids := make([]string, len(rewards))
	for i, r := range rewards {
		ids[i] = r.InternalID
	}
	return a.store.RewardCounts(ctx, caller.Env, ids...)
}

// CodesNamed reads promotion codes by their rewards, texts and customers, by our ids, and
// referral codes by their texts, and says how each stands; see app.ListStore. One request.
func (a *Admin) CodesNamed(ctx context.Context, caller app.Caller, cat *catalog.Catalog, referrals []string, codes ...reward.PromoCode) ([]ListedCode, error) {
	page, err := a.lists.CodesNamed(ctx, caller.Env, referrals, codes...)
	return standing(cat, caller, page), err
}

// ProgramsStats reads what the redemptions of programs have come to; see app.ListStore.
func (a *Admin) ProgramsStats(ctx context.Context, caller app.Caller, programIDs ...string) (map[string]referral.Stats, error) {
	return a.lists.ProgramsStats(ctx, caller.Env, programIDs...)
}
