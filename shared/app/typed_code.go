package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// typed counts the use of a code that was typed on a page, and gives the operation of
// the page what it gave. Whoever has the reward as often as they may keeps the discount
// of the page, which is Stripe's, and has no rest of credits.
func (w work) typed(ctx context.Context, op billing.Operation, session Session) (billing.Operation, []Write, error) {
	t := session.Typed
	if t == nil || op.Decision.Given != nil {
		return op, nil, nil
	}
	g := t.Given
	found, err := w.Store.Codes(ctx, w.caller.Env, g.Code, g.CodeOf)
	if err != nil {
		return op, nil, err
	}
	var counts []Write
	held, own := false, false // own: by the limit of the code
	id := w.state.Customer.InternalID
	if code := found.Meant(g.CodeOf); code != nil && code.RewardID == g.InternalID && code.CreatedAt.UnixMilli() == g.CodeMade.UnixMilli() {
		held = code.Max > 0 || t.Shared || code.Copy == nil || code.Copy.ID != t.CopyID // a closed copy's uses are held
		own = code.Max > 0
		count := CountTyped{Code: *code, Held: held}
		if t.Shared && code.Held <= 1 {
			count.Due = w.caller.Now.Add(lookSoon)
		}
		counts = append(counts, count)
		if code.MaxPerCustomer > 0 {
			counts = append(counts, UseByCustomer{RewardID: g.InternalID, Code: g.Code, CustomerID: id})
		}
		uses, err := w.Store.UsesBy(ctx, w.caller.Env, g.InternalID, g.Code, id)
		if err != nil {
			return op, nil, err
		}
		if r := w.rewardOf(code, ""); g.Credits != nil && (code.MaxPerCustomer > 0 && uses.OfCode >= code.MaxPerCustomer || r != nil && r.MaxPerCustomer > 0 && uses.ByCustomer >= r.MaxPerCustomer) {
			t.Given.Credits = nil
		}
	}
	counts = append(counts, CountReward{g.InternalID, t.Shared || held && !own, false}, UseByCustomer{RewardID: g.InternalID, CustomerID: id})
	if t.Given.Credits != nil && session.Results.SubscriptionID != "" && t.Off < t.Given.Credits.Amount {
		// What the page's invoice had no use for is given: not a second time by Stripe.
		if err := w.Payments.EndDiscount(ctx, w.caller.Env, session.Results.SubscriptionID, t.CouponID); err != nil {
			return op, nil, err
		}
	}
	return op.WithTyped(*t, w.state.Customer), counts, nil
}

// atStripeAs is the customer of a code at Stripe; "" for a code for anybody, and for a
// customer who is not there.
func (w work) atStripeAs(ctx context.Context, p reward.PromoCode) (string, error) {
	if p.CustomerID == "" {
		return "", nil
	}
	found, err := w.Store.CustomersByKey(ctx, w.caller.Env, p.CustomerKey)
	c := found[p.CustomerKey]
	if err != nil || c.InternalID != p.CustomerID {
		return "", err
	}
	return c.StripeID, nil
}

// manyCodes is how many codes of a reward share its limit as equals.
const manyCodes = 100

// shares reads how the codes of a reward share its limit, and which of them holds most of
// it, if that is more than its part: nil if none does. No request without a limit, else
// three.
func (w work) shares(ctx context.Context, r catalog.Reward, p reward.PromoCode) (uses reward.Uses, greedy *reward.PromoCode, err error) {
	if r.Max == 0 {
		return uses, nil, nil
	}
	if uses, err = w.Store.UsesBy(ctx, w.caller.Env, r.InternalID, "", p.CustomerID); err != nil {
		return uses, nil, err
	}
	page, _, err := w.Store.CodesOf(ctx, w.caller.Env, r.InternalID, "", manyCodes)
	if err != nil {
		return uses, nil, err
	}
	for i, other := range page {
		if other.Status(&r, uses.All, w.caller.Now) != reward.Active {
			continue
		}
		uses.Codes++
		mine := other.Code == p.Code && other.CustomerID == p.CustomerID
		if !mine && other.Live() && other.Copy.Shared && (greedy == nil || other.Held > greedy.Held) {
			greedy = &page[i]
		}
	}
	if part := (r.Max - uses.All) / max(1, uses.Codes); greedy != nil && greedy.Held <= max(1, part) {
		greedy = nil
	}
	return uses, greedy, nil
}
