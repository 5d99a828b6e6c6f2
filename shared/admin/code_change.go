package admin

import (
	"context"
	"maps"
	"slices"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// WantedCode is a promotion code as it is asked for: a new one, or in an edit of its
// reward one that is there.
type WantedCode struct {
	reward.NewCode
	Customer string // the caller's id; "" is anybody
	Bare     bool   // nothing was said of its limits
	Brief    bool   // nothing was said of them but Max and FirstTimeOnly; a code of an edit is to be on

	// In an edit of a reward.
	Active *bool
	Notes  map[string]*string // metadata, merged key by key; nil deletes a key
	Seen   *SeenCode          // nil: nothing that only a code has that is there
}

// A SeenCode is what an answer said of a code.
type SeenCode struct {
	RewardID  string
	CreatedAt time.Time
}

// A codeChange decides about codes of one reward, on one reading of the catalog.
type codeChange struct {
	*Admin
	caller  app.Caller
	catalog *catalog.Catalog
	reward  catalog.Reward
	used    int             // of the reward
	count   app.RewardCount // of its codes, too
}

// made are the codes among writes that are new.
func (ch codeChange) made(writes ...app.Write) app.CodesMade {
	made := app.CodesMade{Before: ch.count}
	for _, w := range writes {
		if saved, is := w.(app.SavePromoCode); is && saved.New {
			made.Texts = append(made.Texts, saved.Code.Code)
		}
	}
	return made
}

// decide makes a code of what is wanted; without a text one is made up. people are
// the customers that codes are wanted for.
func (ch codeChange) decide(w WantedCode, people map[string]billing.Customer) (reward.PromoCode, error) {
	if w.Code == "" {
		w.Code = ch.newCode() + ch.newCode()[:2] // 31^8: nobody guesses one
	}
	if w.Customer != "" {
		w.CustomerKey = w.Customer
	}
	w.NewCode.AmountIn = ch.catalog.CurrencyOf(ch.reward)
	p, err := reward.DecideCode(ch.reward, ch.used, w.NewCode, ch.caller.Now)
	if err != nil || w.Customer == "" {
		return p, err
	}
	c, there := people[w.Customer]
	if !there {
		return p, refusal.ErrCustomerNotFound(w.Customer)
	}
	p.CustomerID = c.InternalID
	return p, nil
}

// people reads the customers that codes are for.
func (ch codeChange) people(ctx context.Context, wanted ...WantedCode) (map[string]billing.Customer, error) {
	var keys []string
	for _, w := range wanted {
		if w.Customer == "" {
			continue
		}
		if err := billing.CheckCustomerID(w.Customer); err != nil {
			return nil, err
		}
		keys = append(keys, w.Customer)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return ch.store.CustomersByKey(ctx, ch.caller.Env, keys...)
}

// saved is a code in its place, of which Stripe is to have a copy.
func (ch codeChange) saved(p reward.Placement) app.SavePromoCode {
	return app.SavePromoCode{Placement: p, Due: ch.copyDue()}
}

// copyDue is when the schedule looks at the copy of a code that changes now, should the
// stream not; zero for a reward whose codes Stripe never has.
func (ch codeChange) copyDue() time.Time {
	if ch.reward.Type.Gift() {
		return time.Time{}
	}
	return ch.caller.Now.Add(time.Minute)
}

// noted notes new codes of single customers with them, so that their copies can follow
// them at Stripe. Codes that nobody can use any more make room for others.
func (ch codeChange) noted(ctx context.Context, people map[string]billing.Customer, made ...app.Write) (writes []app.Write, err error) {
	changed := map[string]billing.Customer{}
	for _, w := range made {
		saved, is := w.(app.SavePromoCode)
		if !is || saved.Code.CustomerID == "" || saved.Due.IsZero() {
			continue
		}
		for key, c := range people {
			if c.InternalID != saved.Code.CustomerID {
				continue
			}
			if before, again := changed[key]; again {
				c = before
			}
			if c = c.WithCode(saved.Code.Code); len(c.Codes) > billing.MaxCodes {
				if c.Codes, err = ch.live(ctx, c, saved.Code.Code); err != nil {
					return nil, err
				}
			}
			if len(c.Codes) > billing.MaxCodes {
				return nil, refusal.Invalid(reward.ReasonCodesOfCustomer, key, billing.MaxCodes)
			}
			changed[key] = c
		}
	}
	for _, key := range slices.Sorted(maps.Keys(changed)) {
		writes = append(writes, app.SaveCustomer{Customer: changed[key]})
	}
	return writes, nil
}

// live lists the codes of a customer that can be used still or again, and a new one.
func (ch codeChange) live(ctx context.Context, c billing.Customer, made string) (codes []string, err error) {
	for _, text := range c.Codes {
		t, err := ch.store.Codes(ctx, ch.caller.Env, text, c.InternalID)
		if err != nil {
			return nil, err
		}
		p := t.Meant(c.InternalID)
		if text == made || p != nil && p.Status(byInternalID(ch.catalog, p.RewardID), 0, ch.caller.Now) != reward.Dead {
			codes = append(codes, text)
		}
	}
	return codes, nil
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
		counts, err := ch.store.RewardCounts(ctx, ch.caller.Env, some...)
		if err != nil {
			return reward.Placement{}, err
		}
		for id, count := range counts {
			used[id] = count.Used
		}
	}
	return t.Place(p, func(o reward.PromoCode) bool {
		return o.Status(byInternalID(ch.catalog, o.RewardID), used[o.RewardID], ch.caller.Now) == reward.Active
	})
}
