package app

import (
	"context"

	"windfall/shared/billing"
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
	held := false
	id := w.state.Customer.InternalID
	if code := found.Meant(g.CodeOf); code != nil && code.RewardID == g.InternalID && code.CreatedAt.UnixMilli() == g.CodeMade.UnixMilli() {
		held = code.Max > 0 || t.Shared
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
	counts = append(counts, CountReward{g.InternalID, t.Shared, false}, UseByCustomer{RewardID: g.InternalID, CustomerID: id})
	if t.Given.Credits != nil && session.Results.SubscriptionID != "" && t.Off < t.Given.Credits.Amount {
		// What the page's invoice had no use for is given: not a second time by Stripe.
		if err := w.Payments.EndDiscount(ctx, w.caller.Env, session.Results.SubscriptionID, t.CouponID); err != nil {
			return op, nil, err
		}
	}
	return op.WithTyped(*t, w.state.Customer), counts, nil
}
