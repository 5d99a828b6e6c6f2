package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/reward"
)

// A GiftPreview is what GiveReward would do.
type GiftPreview struct {
	State      billing.State
	Catalog    *catalog.Catalog // in the customer's currency
	Reward     catalog.Reward
	Redemption referral.Redemption
	Gift       billing.Settlement
	Running    []catalog.RunningDiscount // at Stripe, of the customer and of subscriptions
}

// PreviewGift is the gift that GiveReward would give, on the same way to it; nothing is saved
// and no use is counted. The errors are those of GiveReward.
func (a *App) PreviewGift(ctx context.Context, caller Caller, rewardID, customerID string) (GiftPreview, error) {
	w := work{App: a, caller: caller}
	var err error
	if w.state, err = a.existing(ctx, caller, customerID); err != nil {
		return GiftPreview{}, err
	}
	if err := w.needCatalog(ctx, true); err != nil {
		return GiftPreview{}, err
	}
	u, err := w.readAlone(ctx, alone{reward.Given, rewardID, ""}, true)
	if err == nil {
		err = refusedUse(u, w)
	}
	if err != nil {
		return GiftPreview{}, err
	}
	out := GiftPreview{State: w.state, Catalog: w.state.In(w.catalog), Reward: *u.Reward}
	cmd := billing.Redeem{ID: billing.RedemptionPrefix + "preview", Actor: caller.Actor, Now: caller.Now}
	if out.Redemption, out.Gift, err = billing.DecideGift(w.state, w.catalog, *u.Reward, "", cmd); err != nil {
		return out, err
	}
	if id := w.state.Customer.StripeID; id != "" && u.Reward.Discount != nil {
		out.Running, err = a.Payments.Discounts(ctx, caller.Env, id, caller.Now)
	}
	return out, err
}

func refusedUse(u reward.Use, w work) error {
	if no := reward.Refusal(u.Evaluate(w.caller.Now)); no != nil {
		return no
	}
	return takesCredits(*u.Reward, w.state)
}

// Gave reports whether GiveReward of this Idempotency-Key gave its reward before.
func (a *App) Gave(ctx context.Context, caller Caller) (bool, error) {
	if caller.RequestKey == "" {
		return false, nil
	}
	_, found, err := a.Store.Redemption(ctx, caller.Env, billing.RedemptionPrefix+a.operationID(caller))
	return found, err
}
