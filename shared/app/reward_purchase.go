package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// rewardPurchases sets off the rewards that waited for what this customer has
// bought. It looks at saved rows alone, so it may be called after any event,
// any number of times; each reward is set off once.
func (a *App) rewardPurchases(ctx context.Context, caller Caller, cat *catalog.Catalog, key string) error {
	s, found, err := a.Store.State(ctx, caller.Env, key)
	if err != nil || !found || len(s.Redeemed) == 0 {
		return err
	}
	invoices, err := a.Store.Invoices(ctx, caller.Env, s.Customer.InternalID)
	if err != nil {
		return err
	}
	for _, r := range s.Rewarded(cat, invoices) {
		_, err := retryStale(ctx, a, func() (struct{}, error) { return struct{}{}, a.rewardPurchase(ctx, caller, cat, key, r) })
		if err != nil {
			return err
		}
	}
	return nil
}

// rewardPurchase sets off one reward, or closes a redemption that nothing will
// ever come of.
func (a *App) rewardPurchase(ctx context.Context, caller Caller, cat *catalog.Catalog, key string, r catalog.Redemption) error {
	s, found, err := a.triggerState(ctx, caller, cat, key, r)
	if err != nil || !found {
		return err
	}
	d, err := billing.DecideTrigger(s, r, billing.Redeem{Actor: caller.Actor, Now: caller.Now})
	if err == nil {
		writes := append([]Write{CloseRedemption{key, r.ID}, TriggerRedemption{d.Redemption, caller.Now}}, a.giftWrites(cat, d, caller)...)
		if err = a.Store.Commit(ctx, caller.Env, writes...); err == nil {
			a.applyRewards(ctx, caller, d.Discounted())
			return nil
		}
	}
	if ConflictIn[CountRedemption](err) { // the code reached its limit at this moment
		err = billing.ErrMaxRedemptions
	}
	var never *refusal.Error
	if !errors.As(err, &never) || never.Kind != refusal.KindInvalid && never.Kind != refusal.KindNotFound {
		return err
	}
	_, err = a.saveCustomer(ctx, caller, s.Redeemer, CloseRedemption{key, r.ID}, AddAudit{s.Redeemer.Customer.InternalID, billing.Audit{
		ID: a.NewID(), At: caller.Now, Actor: caller.Actor, Action: "redeem", Rule: "never_triggered", OperationID: r.ID,
		Why: "The customer has bought, but redemption " + r.ID + " gives nothing: " + never.Error()}})
	return err
}

// triggerState reads both sides as they are now. found is false when the
// redemption was dealt with meanwhile, or the redeemer is gone.
func (a *App) triggerState(ctx context.Context, caller Caller, cat *catalog.Catalog, key string, r catalog.Redemption) (s billing.RedeemState, found bool, err error) {
	s.Catalog = cat
	if s.Redeemer, found, err = a.Store.State(ctx, caller.Env, key); err != nil || !found || !s.Redeemer.Waits(r) {
		return s, false, err
	}
	if s.Code, _, err = a.Store.ReferralCode(ctx, caller.Env, r.Code); err != nil {
		return s, false, err
	}
	s.Referrer, _, err = a.Store.State(ctx, caller.Env, s.Code.OwnerID)
	return s, true, err
}
