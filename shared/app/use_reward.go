package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// readUse reads what the rules ask about a use of a reward, named by a code or by
// its id, but for the purchase. An unknown one is a use that is refused. One request
// for a code, and with counts one for how often it was used, which a transaction
// checks in any case; one more where a code is for first purchases.
func (w work) readUse(ctx context.Context, text, rewardID string, s billing.State, counts bool) (u reward.Use, err error) {
	u = reward.Use{Text: catalog.NormalCode(text), CustomerID: s.Customer.InternalID, Named: 1, Currency: s.In(w.catalog).Currency()}
	if u.Text != "" && catalog.PossibleCode(u.Text) {
		found, err := w.Store.Codes(ctx, w.caller.Env, u.Text, u.CustomerID)
		if err != nil {
			return u, err
		}
		if u.Code, u.OfOthers, err = w.codeMeant(ctx, u, found, counts); err != nil {
			return u, err
		}
	}
	u.Reward = w.rewardOf(u.Code, rewardID)
	if u.Reward == nil {
		return u, nil
	}
	u.AmountIn = w.catalog.CurrencyOf(*u.Reward)
	if counts {
		code := ""
		if u.Code != nil && u.Code.MaxPerCustomer > 0 {
			code = u.Code.Code
		}
		uses, err := w.Store.UsesBy(ctx, w.caller.Env, u.Reward.InternalID, code, u.CustomerID)
		if err != nil {
			return u, err
		}
		u.RewardUsed, u.RewardHeld, u.UsedReward, u.UsedCode = uses.All, uses.Held, uses.ByCustomer, uses.OfCode
	}
	u.Unfit = w.catalog.CheckGift(*u.Reward)
	if u.Reward.Discount != nil {
		u.Covered = w.catalog.Covered(*u.Reward.Discount)
	}
	if u.Code != nil && u.Code.FirstTimeOnly {
		invoices, err := w.Store.Invoices(ctx, w.caller.Env, u.CustomerID)
		if err != nil {
			return u, err
		}
		if u.BoughtBefore = s.HasBought(w.catalog, invoices); !u.BoughtBefore && s.Customer.Moved.Bought {
			moved, err := w.Store.MovedProducts(ctx, w.caller.Env, u.CustomerID)
			if err != nil {
				return u, err
			}
			u.BoughtBefore = s.WithMoved(moved).HasBought(w.catalog, invoices)
		}
	}
	return u, nil
}

func (w work) rewardOf(code *reward.PromoCode, rewardID string) *catalog.Reward {
	if code != nil {
		rewardID = code.RewardID
	}
	r, err := w.catalog.Reward(rewardID)
	if err != nil || code != nil && r.InternalID != code.RewardID {
		return nil
	}
	return &r
}

// unused takes back what was counted, or reserved of credits, for a purchase that came to nothing. One
// request where a code was counted: its text may have another code by now. What came
// from a page that is still open stays that page's.
func (w work) unused(ctx context.Context, s billing.State, op billing.Operation) ([]Write, error) {
	writes := work{App: w.App, caller: w.caller, state: s}.releaseCredits(op)
	g := op.Decision.Given
	if g == nil || g.From != "" && s.Operation(g.From) != nil {
		return writes, nil
	}
	back := ReturnUse{Given: *g, Due: w.caller.Now.Add(lookSoon)}
	if g.Code != "" {
		found, err := w.Store.Codes(ctx, w.caller.Env, g.Code, g.CodeOf)
		if err != nil {
			return nil, err
		}
		if code := found.Meant(g.CodeOf); code != nil && code.RewardID == g.InternalID && code.CreatedAt.Equal(g.CodeMade) {
			back.CodeVersion = code.Version
		}
	}
	return append(writes, back), nil
}

// useWrites counts a use, in the transaction that gives.
func (w work) useWrites(u reward.Use, most int) []Write {
	writes := []Write{UseReward{*u.Reward, w.caller.Now}, UseByCustomer{RewardID: u.Reward.InternalID, CustomerID: u.CustomerID, Max: most}}
	if u.Code == nil {
		return writes
	}
	if writes = append(writes, UsePromoCode{*u.Code}); u.Code.MaxPerCustomer > 0 {
		writes = append(writes, UseByCustomer{u.Reward.InternalID, u.Code.Code, u.CustomerID, u.Code.MaxPerCustomer})
	}
	return writes
}

// sharedCopy finds a code of a reward whose copy may make some of the reward's uses. A
// request for each page of its codes.
func (w work) sharedCopy(ctx context.Context, rewardID string) (p reward.PromoCode, found bool, err error) {
	for cursor, more := "", true; more; more = cursor != "" {
		page, next, err := w.Store.CodesOf(ctx, w.caller.Env, rewardID, cursor, copiesAtOnce)
		if err != nil {
			return p, false, err
		}
		for _, p := range page {
			if p.Copy != nil && p.Copy.Shared && p.Copy.Reward == rewardID {
				return p, true, nil
			}
		}
		cursor = next
	}
	return p, false, nil
}

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
		end := billing.Step{EndDiscount: &billing.EndDiscount{SubscriptionID: session.Results.SubscriptionID, RewardID: t.Given.RewardID}}
		if _, err := w.Payments.Perform(ctx, w.caller.Env, Ref{Now: w.caller.Now}, end, billing.Results{}); err != nil {
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
