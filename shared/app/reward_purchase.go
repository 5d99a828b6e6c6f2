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
func (w work) rewardPurchases(ctx context.Context, key string) error {
	s, found, err := w.Store.State(ctx, w.caller.Env, key)
	if err != nil || !found || len(s.Redeemed) == 0 {
		return err
	}
	invoices, err := w.Store.Invoices(ctx, w.caller.Env, s.Customer.InternalID)
	if err != nil {
		return err
	}
	for _, r := range s.Rewarded(w.catalog, invoices) {
		earned, err := RetryStale(ctx, w.Pause, func() (billing.Earned, error) { return w.rewardPurchase(ctx, key, r) })
		if err != nil {
			return err
		}
		w.applyRewards(ctx, earned)
	}
	return nil
}

// rewardPurchase sets off one reward, or closes a redemption that nothing will
// ever come of. It returns who has earned something that Stripe is to be told of.
func (w work) rewardPurchase(ctx context.Context, key string, r catalog.Redemption) (earned billing.Earned, err error) {
	s, found, err := w.triggerState(ctx, key, r)
	if err != nil || !found {
		return earned, err
	}
	d, err := billing.DecideTrigger(s, r, billing.Redeem{Actor: w.caller.Actor, Now: w.caller.Now})
	if err == nil {
		writes := append([]Write{CloseRedemption{key, r.ID}, TriggerRedemption{d.Redemption, w.caller.Now}}, w.giftWrites(d)...)
		if err = w.commit(ctx, writes...); err == nil {
			return d.Earned(), nil
		}
	}
	if ConflictIn[CountRedemption](err) { // the code reached its limit at this moment
		err = billing.ErrMaxRedemptions
	}
	var never *refusal.Error
	if !errors.As(err, &never) || never.Kind != refusal.KindInvalid && never.Kind != refusal.KindNotFound {
		return earned, err
	}
	_, err = w.saveCustomer(ctx, w.caller, s.Redeemer, CloseRedemption{key, r.ID}, AddAudit{s.Redeemer.Customer.InternalID, billing.Audit{
		ID: w.NewID(), At: w.caller.Now, Actor: w.caller.Actor, Action: "redeem", Rule: "never_triggered", OperationID: r.ID,
		Why: "The customer has bought, but redemption " + r.ID + " gives nothing: " + never.Error()}})
	return earned, err
}

// triggerState reads both sides as they are now. found is false when the
// redemption was dealt with meanwhile, or the redeemer is gone.
func (w work) triggerState(ctx context.Context, key string, r catalog.Redemption) (s billing.RedeemState, found bool, err error) {
	s.Catalog = w.catalog
	if s.Redeemer, found, err = w.Store.State(ctx, w.caller.Env, key); err != nil || !found || !s.Redeemer.Waits(r) {
		return s, false, err
	}
	if s.Code, _, err = w.Store.ReferralCode(ctx, w.caller.Env, r.Code); err != nil {
		return s, false, err
	}
	s.Referrer, _, err = w.Store.State(ctx, w.caller.Env, s.Code.OwnerID)
	return s, true, err
}
