package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// judge finds the reward that an attach names and asks every rule about it, with
// the attach as it would be without one. One request for each code, one more for
// the counts if they are read, and one to Stripe for the discounts that run; two more
// for an unknown one. The errors are those of reward.Evaluate, and rate_limit_exceeded.
func (w work) judge(ctx context.Context, cmd AttachCommand, s billing.AttachState, open []billing.Operation, d billing.Decision) (reward.Use, error) {
	uses, err := w.named(ctx, cmd, s.State)
	if err != nil {
		return reward.Use{}, err
	}
	for i, u := range uses {
		u.Named = len(uses)
		if u, err = w.facts(ctx, u, s, d, cmd.Terms.Products); err != nil {
			return u, err
		}
		if no := reward.Refusal(free(u, open).Evaluate(w.caller.Now)); no != nil {
			if isUnknown(no) {
				return u, w.guessed(ctx, w.caller, w.state, no)
			}
			return u, no
		}
		if err := takesCredits(*u.Reward, s.State); err != nil {
			return u, err
		}
		uses[i] = u
	}
	return uses[0], nil
}

// named reads the rewards that an attach names, each once: a reward that is named by
// its id and by one of its codes is used by the code. No more than two are read, as
// no purchase takes two.
func (w work) named(ctx context.Context, cmd AttachCommand, s billing.State) (uses []reward.Use, err error) {
	var ids, texts []string
	for _, name := range cmd.Rewards {
		if r, err := w.catalog.Reward(name); err == nil {
			ids = append(ids, r.ID)
		} else {
			texts = append(texts, name)
		}
	}
	for _, id := range cmd.RewardIDs {
		r, err := w.catalog.Reward(id)
		if err != nil {
			return nil, err
		}
		ids = append(ids, r.ID)
	}
	texts = append(texts, cmd.Codes...)
	for i := range texts {
		texts[i] = catalog.NormalCode(texts[i])
	}
	slices.Sort(texts)
	for _, text := range slices.Compact(texts) {
		if len(uses) == 2 {
			break
		}
		u, err := w.readUse(ctx, text, "", s, w.counts)
		if err != nil {
			return nil, err
		}
		uses = append(uses, u)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		if len(uses) == 2 || slices.ContainsFunc(uses, func(u reward.Use) bool { return u.Reward != nil && u.Reward.ID == id }) {
			continue
		}
		u, err := w.readUse(ctx, "", id, s, w.counts)
		if err != nil {
			return nil, err
		}
		uses = append(uses, u)
	}
	return uses, nil
}

// facts completes a use with what is bought, and with the discounts that run.
func (w work) facts(ctx context.Context, u reward.Use, s billing.AttachState, d billing.Decision, products []catalog.Product) (reward.Use, error) {
	u.Way, u.Subtotal, u.Items = d.Way(), billing.Subtotal(d.Lines), nil
	for _, p := range products {
		for _, item := range p.Items {
			if item.Priced() {
				u.Items = append(u.Items, item.ID)
			}
		}
	}
	if u.Reward != nil && u.Reward.Discount != nil {
		u.Idle = d.Idle(s.Catalog, *u.Reward, products, w.caller.Now)
	}
	return w.others(ctx, u, s.Customer.StripeID, d.Changes())
}

// others adds the discounts that run beside a use: on the customer, on the
// subscription that changes, and for a coupon anywhere.
func (w work) others(ctx context.Context, u reward.Use, stripeID, subscriptionID string) (reward.Use, error) {
	if stripeID == "" {
		return u, nil
	}
	running, err := w.Payments.Discounts(ctx, w.caller.Env, stripeID, w.caller.Now)
	for _, d := range running {
		if d.SubscriptionID == "" || d.SubscriptionID == subscriptionID || u.Way == reward.Given {
			u.OtherDiscounts = append(u.OtherDiscounts, d.RewardID)
		}
	}
	return u, err
}

// free leaves out of a use what was counted for open pages that the attach
// replaces.
func free(u reward.Use, open []billing.Operation) reward.Use {
	for _, page := range open {
		g := page.Decision.Given
		if g == nil || u.Reward == nil || g.InternalID != u.Reward.InternalID {
			continue
		}
		u.RewardUsed, u.UsedReward = max(0, u.RewardUsed-1), max(0, u.UsedReward-1)
		if u.Code != nil && g.Code == u.Code.Code && g.CodeOf == u.Code.CustomerID && g.CodeMade.Equal(u.Code.CreatedAt) {
			code := *u.Code
			code.Used = max(0, code.Used-1)
			u.Code = &code
			if g.CodeCounted {
				u.UsedCode = max(0, u.UsedCode-1)
			}
		}
	}
	return u
}

// counting counts the use of an attach. What was counted for a page that it replaces
// is its own from the beginning, so that nobody else can have it in between.
func (w work) counting(ctx context.Context, u *reward.Use, d *billing.Decision, open []billing.Operation) ([]Write, error) {
	if u == nil {
		return nil, nil
	}
	for _, page := range open {
		g := page.Decision.Given
		switch {
		case g == nil || g.InternalID != d.Given.InternalID:
		case g.SameUse(*d.Given):
			for next := d; next != nil; next = next.Declined {
				if next.Given != nil {
					next.Given.From = page.ID
				}
			}
			return nil, nil
		default: // by another code: the reward itself may have no other use left
			return nil, w.withdraw(ctx, page)
		}
	}
	if err := w.freeUse(ctx, *u); err != nil {
		return nil, err
	}
	return w.useWrites(*u, u.Reward.MaxPerCustomer), nil
}

// withdraw closes an open page that a reward was counted for, so that the reward can
// be used for what replaces it. It returns refusal.ErrStale once the page is dealt
// with, as the customer has changed.
func (w work) withdraw(ctx context.Context, page billing.Operation) error {
	c := w.state.Customer
	ref := Ref{OperationID: page.ID, CustomerID: c.Key(), InternalID: c.InternalID, ProductIDs: page.ProductIDs(), Number: page.Number, CreatedAt: page.CreatedAt, Now: w.caller.Now}
	expire := billing.Step{Name: "withdraw", ExpireSession: &billing.ExpireSession{SessionID: page.Results.SessionID, OperationID: page.ID}}
	if _, err := w.Payments.Perform(ctx, w.caller.Env, ref, expire, page.Results); err != nil {
		return err
	}
	if err := w.pageClosed(ctx, page, Session{ID: page.Results.SessionID, Status: "expired", OperationID: page.ID}); err != nil {
		return err
	}
	return refusal.ErrStale
}
