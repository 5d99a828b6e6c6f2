package admin

import (
	"context"
	"maps"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// A Code is a promotion code, and how it stands.
type Code struct {
	reward.PromoCode
	Reward catalog.Reward
	Status reward.Status
}

// CodesOf lists the codes of a reward, see app.RewardStore.CodesOf; with a status
// those that have it.
func (a *Admin) CodesOf(ctx context.Context, caller app.Caller, rewardID string, active *bool, cursor string, limit int) (page []Code, next string, err error) {
	ch, err := a.codesOf(ctx, caller, rewardID)
	if err != nil {
		return nil, "", err
	}
	found, next, err := a.store.CodesOf(ctx, caller.Env, ch.reward.InternalID, cursor, limit)
	for _, c := range codes(found, ch.reward, ch.used, caller.Now) {
		if active == nil || (c.Status == reward.Active) == *active {
			page = append(page, c)
		}
	}
	return page, next, err
}

// AddCode makes a promotion code. The errors are reward_not_found,
// invalid_promo_code, customer_not_found and duplicate_promo_code.
func (a *Admin) AddCode(ctx context.Context, caller app.Caller, rewardID string, w WantedCode) (Code, error) {
	return app.RetryStale(ctx, a.pause, func() (Code, error) {
		ch, err := a.codesOf(ctx, caller, rewardID)
		if err != nil {
			return Code{}, err
		}
		people, err := ch.people(ctx, w)
		if err != nil {
			return Code{}, err
		}
		p, err := ch.decide(w, people)
		if err != nil {
			return Code{}, err
		}
		placed, err := ch.place(ctx, p)
		if err != nil {
			return Code{}, err
		}
		saved := ch.saved(placed)
		also, err := ch.noted(ctx, people, saved)
		if err != nil {
			return Code{}, err
		}
		err = a.store.Commit(ctx, caller.Env, a.done(caller, codeEdit(created, ch.reward, p), append(also, saved, app.CountCodes{RewardID: ch.reward.InternalID, Made: ch.made(saved)})...)...)
		return Code{p, ch.reward, p.Status(&ch.reward, ch.used, caller.Now)}, err
	})
}

// EditCode asks for a change of a code; nil leaves things as they are.
type EditCode struct {
	RewardID, Code string
	Customer       string // whose code it is, where several customers have one of this text
	Active         *bool
	Metadata       map[string]*string // merged key by key; nil deletes a key
}

// Code finds a code of a reward.
func (a *Admin) Code(ctx context.Context, caller app.Caller, cmd EditCode) (Code, error) {
	ch, err := a.codesOf(ctx, caller, cmd.RewardID)
	if err != nil {
		return Code{}, err
	}
	p, err := ch.find(ctx, cmd)
	return Code{p, ch.reward, p.Status(&ch.reward, ch.used, caller.Now)}, err
}

// EditCode activates, deactivates or annotates a code. The errors are
// reward_not_found, promo_code_dead and duplicate_promo_code.
func (a *Admin) EditCode(ctx context.Context, caller app.Caller, cmd EditCode) (Code, error) {
	return app.RetryStale(ctx, a.pause, func() (Code, error) {
		ch, err := a.codesOf(ctx, caller, cmd.RewardID)
		if err != nil {
			return Code{}, err
		}
		old, err := ch.find(ctx, cmd)
		if err != nil {
			return Code{}, err
		}
		p, write, err := ch.changed(ctx, old, cmd.Active, cmd.Metadata)
		if err == nil && write != nil {
			err = a.store.Commit(ctx, caller.Env, a.done(caller, codeEdit(switched(old, p), ch.reward, p), write)...)
		}
		return Code{p, ch.reward, p.Status(&ch.reward, ch.used, caller.Now)}, err
	})
}

// changed is a code switched or annotated; nil leaves it as it is, and so does the
// write. The errors are promo_code_dead, duplicate_promo_code and invalid_promo_code.
func (ch codeChange) changed(ctx context.Context, old reward.PromoCode, active *bool, notes map[string]*string) (p reward.PromoCode, write app.Write, err error) {
	p = old
	p.Metadata = maps.Clone(old.Metadata)
	for k, v := range notes {
		if v == nil {
			delete(p.Metadata, k)
			continue
		}
		if p.Metadata == nil {
			p.Metadata = map[string]string{}
		}
		p.Metadata[k] = *v
	}
	if err := p.CheckMetadata(); err != nil {
		return p, nil, err
	}
	switch {
	case active != nil && *active && old.Status(&ch.reward, ch.used, ch.caller.Now) == reward.Dead:
		return p, nil, refusal.Invalid(reward.ReasonCodeDead, old.Code)
	case active != nil && *active && old.Inactive:
		p.Inactive = false
		placed, err := ch.place(ctx, p)
		return p, ch.saved(placed), err
	}
	p.Inactive = p.Inactive || active != nil && !*active
	if p.Inactive == old.Inactive && maps.Equal(p.Metadata, old.Metadata) {
		return p, nil, nil
	}
	return p, app.EditPromoCode{Code: p, Due: ch.copyDue()}, nil
}

// codesOf begins with a reward and its uses.
func (a *Admin) codesOf(ctx context.Context, caller app.Caller, rewardID string) (codeChange, error) {
	ch := codeChange{Admin: a, caller: caller}
	var err error
	if ch.catalog, err = a.store.Catalog(ctx, caller.Env, true); err != nil {
		return ch, err
	}
	if ch.reward, err = ch.catalog.Reward(rewardID); err != nil {
		return ch, err
	}
	counts, err := a.store.RewardCounts(ctx, caller.Env, ch.reward.InternalID)
	ch.count = counts[ch.reward.InternalID]
	ch.used = ch.count.Used
	return ch, err
}

// find reads the code that is meant: the one of a customer, or the one for anybody,
// or the only one of its text. A customer is called by the id of today, by that of
// then while nobody else has it, or by ours.
func (ch codeChange) find(ctx context.Context, cmd EditCode) (reward.PromoCode, error) {
	text := catalog.NormalCode(cmd.Code)
	missing := refusal.NotFound(reward.ReasonCodeNotOfReward, cmd.Code, ch.reward.ID)
	if !catalog.PossibleCode(text) {
		return reward.PromoCode{}, missing
	}
	t, err := ch.store.AllCodes(ctx, ch.caller.Env, text)
	if err != nil {
		return reward.PromoCode{}, err
	}
	people := map[string]billing.Customer{}
	if cmd.Customer != "" {
		if people, err = ch.people(ctx, WantedCode{Customer: cmd.Customer}); err != nil {
			return reward.PromoCode{}, err
		}
	}
	today, there := people[cmd.Customer]
	var mine []reward.PromoCode
	for _, p := range append(t.Of, deref(t.Anybody)...) {
		if there && p.CustomerID == today.InternalID {
			p.CustomerKey = cmd.Customer // it may have been renamed
		}
		if p.RewardID == ch.reward.InternalID && (cmd.Customer == "" || p.CustomerID == cmd.Customer || p.CustomerKey == cmd.Customer && (!there || p.CustomerID == today.InternalID)) {
			mine = append(mine, p)
		}
	}
	switch {
	case len(mine) == 0:
		return reward.PromoCode{}, missing
	case len(mine) > 1 && mine[len(mine)-1].CustomerID != "":
		return reward.PromoCode{}, refusal.Invalid(reward.ReasonCodeOfSeveral, text)
	}
	return mine[len(mine)-1], nil
}

func deref(p *reward.PromoCode) []reward.PromoCode {
	if p == nil {
		return nil
	}
	return []reward.PromoCode{*p}
}
