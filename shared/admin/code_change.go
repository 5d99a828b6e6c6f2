package admin

import (
	"context"
	"maps"
	"slices"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// WantedCode is a promotion code as it is asked for.
type WantedCode struct {
	reward.NewCode
	Customer string // the caller's id; "" is anybody
	Bare     bool   // nothing but the text was said
}

// A codeChange decides about codes of one reward, on one reading of the catalog.
type codeChange struct {
	*Admin
	caller  app.Caller
	catalog *catalog.Catalog
	reward  catalog.Reward
	used    int // of the reward
}

// mostRows is how many rows one transaction takes.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
const mostRows = 100

// all makes a reward's codes those that are wanted.
func (ch codeChange) all(ctx context.Context, wanted []WantedCode, create bool) ([]app.Write, error) {
	if len(wanted) > reward.MaxCodes {
		return nil, errCodesTooMany
	}
	present := map[string]reward.PromoCode{}
	if !create {
		page, next, err := ch.store.CodesOf(ctx, ch.caller.Env, ch.reward.InternalID, "", shownCodes)
		if err != nil {
			return nil, err
		}
		if next != "" {
			return nil, errCodesTooMany
		}
		for _, p := range page {
			if p.Status(&ch.reward, ch.used, ch.caller.Now) != reward.Dead && p.Version > 0 {
				present[p.Code+"#"+p.CustomerID] = p
			}
		}
	}
	var writes []app.Write
	texts, rows := map[string]bool{}, 1
	for _, w := range wanted {
		p, err := ch.decide(ctx, w)
		if err != nil {
			return nil, err
		}
		if texts[p.Code] {
			return nil, refusal.Invalid(reward.ReasonDuplicateCode, p.Code)
		}
		texts[p.Code] = true
		if old, there := present[p.Code+"#"+p.CustomerID]; there {
			if delete(present, p.Code+"#"+p.CustomerID); !w.Bare && !old.SameTerms(p) {
				return nil, refusal.Invalid(reward.ReasonCodeTermsFixed, p.Code)
			}
			continue
		}
		placed, err := ch.place(ctx, p)
		if err != nil {
			return nil, err
		}
		writes, rows = append(writes, app.SavePromoCode{Placement: placed}), rows+placed.Rows()
	}
	for _, k := range slices.Sorted(maps.Keys(present)) {
		if p := present[k]; !p.Inactive {
			p.Inactive = true
			writes, rows = append(writes, app.EditPromoCode{Code: p}), rows+1
		}
	}
	if rows > mostRows {
		return nil, errCodesTooMany
	}
	return writes, nil
}

// decide makes a code of what is wanted; without a text one is made up.
func (ch codeChange) decide(ctx context.Context, w WantedCode) (reward.PromoCode, error) {
	if w.Code == "" {
		w.Code = ch.newCode() + ch.newCode()[:2] // 31^8: nobody guesses one
	}
	if w.Customer != "" {
		w.CustomerKey = w.Customer
	}
	p, err := reward.DecideCode(ch.reward, ch.used, w.NewCode, ch.caller.Now)
	if err != nil || w.Customer == "" {
		return p, err
	}
	found, err := ch.store.CustomersByKey(ctx, ch.caller.Env, w.Customer)
	if err != nil {
		return p, err
	}
	c, there := found[w.Customer]
	if !there {
		return p, refusal.ErrCustomerNotFound(w.Customer)
	}
	p.CustomerID = c.InternalID
	return p, nil
}

// place gives a code its text, if no other active code has it.
func (ch codeChange) place(ctx context.Context, p reward.PromoCode) (reward.Placement, error) {
	t, err := ch.store.Codes(ctx, ch.caller.Env, p.Code, p.CustomerID)
	if err == nil && p.CustomerID == "" && t.Given > 0 {
		t, err = ch.store.AllCodes(ctx, ch.caller.Env, p.Code)
	}
	if err != nil {
		return reward.Placement{}, err
	}
	others := t.Of
	if t.Anybody != nil {
		others = append(slices.Clip(others), *t.Anybody)
	}
	unknown := func(o reward.PromoCode) bool { return byInternalID(ch.catalog, o.RewardID) == nil }
	if late := slices.DeleteFunc(slices.Clone(others), func(o reward.PromoCode) bool { return !unknown(o) }); len(late) > 0 {
		// Their rewards are gone, or were made since the catalog was read.
		if ch.catalog, err = ch.store.Catalog(ctx, ch.caller.Env, true); err != nil {
			return reward.Placement{}, err
		}
		if slices.ContainsFunc(late, func(o reward.PromoCode) bool { return !unknown(o) }) {
			return reward.Placement{}, refusal.ErrStale
		}
	}
	limited := map[string]bool{}
	for _, o := range others {
		if r := byInternalID(ch.catalog, o.RewardID); r != nil && r.Max > 0 {
			limited[r.InternalID] = true
		}
	}
	used := map[string]int{}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(limited)), shownCodes) {
		uses, err := ch.store.RewardUses(ctx, ch.caller.Env, some...)
		if err != nil {
			return reward.Placement{}, err
		}
		maps.Copy(used, uses)
	}
	return t.Place(p, func(o reward.PromoCode) bool {
		return o.Status(byInternalID(ch.catalog, o.RewardID), used[o.RewardID], ch.caller.Now) == reward.Active
	})
}
