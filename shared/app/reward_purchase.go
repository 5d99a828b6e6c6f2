package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
)

// rewardPurchases sets off the rewards that waited for what this customer has
// bought. It looks at saved rows alone, so it may be called after any event,
// any number of times; each reward is set off once.
func (a *App) rewardPurchases(ctx context.Context, who Caller, catalog *billing.Catalog, key string) error {
	s, found, err := a.Store.State(ctx, who.Env, key)
	if err != nil || !found || len(s.Redeemed) == 0 {
		return err
	}
	invoices, err := a.Store.Invoices(ctx, who.Env, s.Customer.InternalID)
	if err != nil {
		return err
	}
	for _, r := range s.Rewarded(catalog, invoices) {
		_, err := again(ctx, a, func() (struct{}, error) { return struct{}{}, a.rewardPurchase(ctx, who, catalog, key, r) })
		if err != nil {
			return err
		}
	}
	return nil
}

// rewardPurchase sets off one reward, or closes a redemption that nothing will
// ever come of.
func (a *App) rewardPurchase(ctx context.Context, who Caller, catalog *billing.Catalog, key string, r billing.Redemption) error {
	s, found, err := a.triggerState(ctx, who, catalog, key, r)
	if err != nil || !found {
		return err
	}
	d, err := billing.DecideTrigger(s, r, billing.Redeem{Actor: who.Actor, Now: who.Now})
	if err == nil {
		writes := append([]Write{CloseRedemption{key, r.ID}, TriggerRedemption{d.Redemption, who.Now}}, a.giftWrites(catalog, d, who)...)
		if err = a.Store.Commit(ctx, who.Env, writes...); err == nil {
			a.applyRewards(ctx, who, d.Discounted())
			return nil
		}
	}
	if Refused[CountRedemption](err) { // the code reached its limit at this moment
		err = billing.ErrMaxRedemptions
	}
	var never *billing.Error
	if !errors.As(err, &never) || never.Kind != billing.KindInvalid && never.Kind != billing.KindNotFound {
		return err
	}
	_, err = a.saveCustomer(ctx, who, s.Redeemer, CloseRedemption{key, r.ID}, AddAudit{s.Redeemer.Customer.InternalID, billing.Audit{
		ID: a.NewID(), At: who.Now, Actor: who.Actor, Action: "redeem", Rule: "never_triggered", OperationID: r.ID,
		Why: "The customer has bought, but redemption " + r.ID + " gives nothing: " + never.Message}})
	return err
}

// triggerState reads both sides as they are now. found is false when the
// redemption was dealt with meanwhile, or the redeemer is gone.
func (a *App) triggerState(ctx context.Context, who Caller, catalog *billing.Catalog, key string, r billing.Redemption) (s billing.RedeemState, found bool, err error) {
	s.Catalog = catalog
	if s.Redeemer, found, err = a.Store.State(ctx, who.Env, key); err != nil || !found || !s.Redeemer.Waits(r) {
		return s, false, err
	}
	if s.Code, _, err = a.Store.ReferralCode(ctx, who.Env, r.Code); err != nil {
		return s, false, err
	}
	s.Referrer, _, err = a.Store.State(ctx, who.Env, s.Code.OwnerID)
	return s, true, err
}
