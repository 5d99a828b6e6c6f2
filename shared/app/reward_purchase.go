package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/referral"
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
	rewarded := s.Rewarded(w.catalog, invoices)
	if len(rewarded) < len(s.Redeemed) && s.Customer.Moved.Bought { // Stripe tells of the purchase late
		moved, err := w.Store.MovedProducts(ctx, w.caller.Env, s.Customer.InternalID)
		if err != nil {
			return err
		}
		rewarded = s.WithMoved(moved).Rewarded(w.catalog, invoices)
	}
	for _, r := range rewarded {
		decide := func(s billing.RedeemState, now referral.Redemption, cmd billing.Redeem) (billing.RedeemDecision, error) {
			now.InvoiceID = r.InvoiceID
			if why := now.Returned[now.InvoiceID]; why != "" {
				return billing.DecideEnd(s, now, referral.Refused, why, cmd), nil
			}
			return billing.DecideTrigger(s, now, cmd)
		}
		if _, err := w.moveRedemption(ctx, key, r.ID, referral.Pending, decide); err != nil {
			return err
		}
	}
	return nil
}

// A redemptionRule decides what becomes of a redemption that waits or is held.
type redemptionRule func(billing.RedeemState, referral.Redemption, billing.Redeem) (billing.RedeemDecision, error)

// moveRedemption moves a redemption that waits in a status with the customer of key, as
// decide says, or closes it where nothing will ever come of it. One that has moved on
// meanwhile stays as it is: moved is false. What it gives is told to Stripe.
func (w work) moveRedemption(ctx context.Context, key, id string, from referral.Status, decide redemptionRule) (moved bool, err error) {
	earned, err := RetryStale(ctx, w.Pause, func() (billing.Earned, error) {
		s, r, err := w.waitingRedemption(ctx, key, id)
		if moved = err == nil && r != nil && r.Status == from; !moved {
			return billing.Earned{}, err
		}
		cmd := billing.Redeem{Actor: w.caller.Actor, Now: w.caller.Now}
		d, err := decide(s, *r, cmd)
		if err != nil {
			why := billing.WhyNever(err, w.catalog, *r)
			if why == "" {
				return billing.Earned{}, err
			}
			d = billing.DecideEnd(s, *r, referral.Closed, why, cmd)
		}
		d.Before = *r
		return d.Earned(), w.commit(ctx, w.movedWrites(key, d, s.Code)...)
	})
	if err == nil {
		w.applyRewards(ctx, earned)
	}
	return moved, err
}

// waitingRedemption reads both sides of a redemption as they are now; nil when it waits
// no longer, or the redeemer is gone.
func (w work) waitingRedemption(ctx context.Context, key, id string) (s billing.RedeemState, r *referral.Redemption, err error) {
	s.Catalog = w.catalog
	found := false
	if s.Redeemer, found, err = w.Store.State(ctx, w.caller.Env, key); err != nil || !found {
		return s, nil, err
	}
	if r = s.Redeemer.Waiting(id); r == nil {
		return s, nil, nil
	}
	if s.Code, _, err = w.Store.ReferralCode(ctx, w.caller.Env, r.Code); err != nil {
		return s, nil, err
	}
	if s.Referrer, _, err = w.Store.State(ctx, w.caller.Env, s.Code.OwnerID); err != nil {
		return s, nil, err
	}
	if p, err := w.catalog.Program(r.ProgramID); err == nil {
		return s, r, w.guardFacts(ctx, w.caller, p.Guard, &s)
	}
	return s, r, nil
}
