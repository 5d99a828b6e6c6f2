package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// applyRewards tells Stripe of what customers have just earned. They have it for
// sure, so a failure is only logged: the schedule tries again.
func (w work) applyRewards(ctx context.Context, earned billing.Earned) {
	for _, key := range earned.Discounts {
		if err := w.applyReward(ctx, key); err != nil {
			clear(w.given) // how far it came is not known
			w.Log.ErrorContext(ctx, "apply reward", "customer", key, "cause", err)
		}
	}
	for _, key := range earned.Credits {
		if _, err := w.postCredits(ctx, key); err != nil {
			w.Log.ErrorContext(ctx, "post credits", "customer", key, "cause", err)
		}
	}
}

// applyOf is applyRewards for what a redemption has earned, and returns how that stands
// then.
func (w work) applyOf(ctx context.Context, r referral.Redemption, earned billing.Earned) referral.Redemption {
	w.given = map[string]referral.Redemption{r.ID: r}
	w.applyRewards(ctx, earned)
	if now, known := w.given[r.ID]; known {
		return now
	}
	if now, found, err := w.Store.Redemption(ctx, w.caller.Env, r.ID); err == nil && found {
		return now
	}
	return r
}

// applyReward gives the free periods that a customer waits for, or puts the first
// discount on the customer at Stripe, unless another one runs there.
func (w *work) applyReward(ctx context.Context, key string) error {
	var next nextReward
	_, err := w.run(ctx, moneyCommand{
		load: func(ctx context.Context, w *work) (found bool, err error) {
			w.state, found, err = w.Store.State(ctx, w.caller.Env, key)
			return found && len(w.state.Queue) > 0, err
		},
		decide: next.decide})
	if err = next.refused(ctx, *w, key, err); err == nil && next.reversed {
		_, err = w.postCredits(ctx, key)
	}
	return err
}

// nextReward decides which reward is given.
type nextReward struct {
	queued   billing.QueuedReward
	reversed bool // credits may have gone back, of which Stripe is to be told
}

// decide is for a customer without a money command in flight. A reward that is
// dropped leaves the turn to the next one.
func (n *nextReward) decide(ctx context.Context, w *work) (step, error) {
	if err := w.needCatalog(ctx, true); err != nil {
		return step{}, err
	}
	if q := w.state.NextReversal(); q != nil {
		return n.takeBack(ctx, w, *q)
	}
	if g := w.state.NextGift(); g != nil {
		if s, waits, err := n.gift(ctx, w, *g); err != nil || !waits {
			return s, err
		}
	}
	d, waits := w.state.NextReward(w.catalog)
	if !waits {
		return step{}, nil
	}
	return n.carryOut(w, w.NewID(), d), nil
}

func (n *nextReward) carryOut(w *work, id string, d billing.Decision) step {
	n.queued = *d.Reward
	s := carryOut(billing.Operation{ID: id, Command: "apply_reward", Actor: w.caller.Actor, Decision: d, CreatedAt: w.caller.Now})
	s.first = len(d.Steps) == 0 || d.Branch == billing.BranchReversal
	return s
}

// gift decides about free periods of a product; waits is true while it is not their
// turn. The operation is named by the redemption and by when it was to be looked at, so
// that two processes name the same one, and another one after a refusal.
func (n *nextReward) gift(ctx context.Context, w *work, q billing.QueuedReward) (s step, waits bool, err error) {
	if err := w.syncSubscriptions(ctx); err != nil {
		return s, false, err
	}
	if until := w.state.GiftWaits(w.catalog, q, w.caller.Now); !until.IsZero() {
		if q.NextCheckAt.After(w.caller.Now) {
			return s, true, nil
		}
		q.NextCheckAt = until
		if _, err := w.saveCustomer(ctx, w.caller, w.state, QueueReward{w.state.Customer.Key(), q}); err != nil {
			return s, false, err
		}
		return s, false, refusal.ErrStale // the others have their turn
	}
	n.queued = q
	state := billing.AttachState{State: w.state, Catalog: w.catalog}
	if id := w.state.Customer.StripeID; id != "" {
		c, err := w.Payments.Customer(ctx, w.caller.Env, id)
		if err != nil {
			return s, false, err
		}
		if state.Card, state.Discounted = c.Card, c.Discounted; !c.Found {
			if err := w.syncAll(ctx); err != nil { // what was billed with the lost customer has ended
				return s, false, err
			}
			state.Customer.StripeID = ""
		}
		if state.State, err = state.BilledIn(w.catalog, c.Currency); err != nil {
			return s, false, err
		}
	}
	id := fmt.Sprintf("gift_%s_%s_%d", strings.TrimPrefix(q.RedemptionID, billing.RedemptionPrefix), q.Side, q.NextCheckAt.UnixMilli())
	d, err := w.creditPaid(ctx, state.Discounted, func(billed billing.Bills) (billing.Decision, error) {
		state.Billed = billed
		return state.DecideFreePeriods(q, id, w.caller.Now)
	})
	if err != nil {
		return s, false, err
	}
	w.state = state.State
	return n.carryOut(w, id, d), false, nil
}

// refused handles the error of the command. A reward that Stripe refuses stays in
// the queue, as the cause may be fixed there; the log and the audit record it, and
// the sweep tries it again on a later day.
func (n *nextReward) refused(ctx context.Context, w work, key string, err error) error {
	if n.queued.RedemptionID == "" || !isFinal(err) || errors.Is(err, refusal.ErrBusy) {
		return err
	}
	w.Log.ErrorContext(ctx, "reward refused", "customer", key, "redemption", n.queued.RedemptionID, "cause", err)
	_, err = RetryStale(ctx, w.Pause, func() (struct{}, error) {
		s, found, err := w.Store.State(ctx, w.caller.Env, key)
		if err != nil || !found || !s.Queues(n.queued) {
			return struct{}{}, err
		}
		_, err = w.saveCustomer(ctx, w.caller, s, QueueReward{key, n.queued.Later(w.caller.Now)})
		return struct{}{}, err
	})
	return err
}

// putBack gives a discount for one invoice back that an invoice used up without being
// lowered by it: where it was, or behind the discount that runs on the customer by
// now. It returns what is to be saved with the event. The same event again finds it
// there.
func (w work) putBack(ctx context.Context, in billing.Invoice) ([]Write, error) {
	unused, c := *in.Totals.Unused, w.state.Customer
	if in.StripeCustomerID != c.StripeID { // linked anew since
		return w.entries(in.PutBack(unused, billing.BackNowhere, w.caller.Now)), nil
	}
	ref := Ref{OperationID: billing.PutBackPrefix + in.StripeID, CustomerID: c.Key(), InternalID: c.InternalID, CreatedAt: in.CreatedAt, Now: w.caller.Now}
	put := billing.Step{Name: "discount", Discount: &billing.PutDiscount{Back: &unused, OnSubscription: unused.OnSubscription}}
	r, err := w.Payments.Perform(ctx, w.caller.Env, ref, put, billing.Results{CustomerID: c.StripeID, SubscriptionID: in.SubscriptionID})
	var refused *refusal.Error
	switch {
	case errors.As(err, &refused) && refused.Reason == ReasonDiscountStays:
		return nil, nil
	case isFinal(err): // the subscription has ended, or staff gave it another discount
		return w.entries(in.PutBack(unused, billing.BackNowhere, w.caller.Now)), nil
	case err != nil:
		return nil, err
	case r.Discounted || unused.OnSubscription:
		return w.entries(in.PutBack(unused, billing.BackAtOnce, w.caller.Now)), nil
	}
	if r.AgainOf != "" {
		if of, _, err := w.Store.Redemption(ctx, w.caller.Env, r.AgainOf); err != nil {
			return nil, err
		} else if of.Status == referral.Reversed { // what is unspent of it goes back
			return w.entries(in.PutBack(unused, billing.BackNowhere, w.caller.Now)), nil
		}
	}
	return append(w.entries(in.PutBack(unused, billing.BackInTurn, w.caller.Now)),
		QueueReward{c.Key(), w.state.QueueAgain(*r.Again, r.AgainOf, in.StripeID, w.caller.Now)}), nil
}

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
		d, err := w.decideRedemption(s, *r, decide)
		if err != nil {
			return billing.Earned{}, err
		}
		return d.Earned(), w.commit(ctx, w.movedWrites(key, d, s.Code)...)
	})
	if err == nil {
		w.applyRewards(ctx, earned)
	}
	return moved, err
}

// decideRedemption asks a rule about a redemption that waits. What can never be given is
// closed.
func (w work) decideRedemption(s billing.RedeemState, r referral.Redemption, decide redemptionRule) (billing.RedeemDecision, error) {
	cmd := billing.Redeem{Actor: w.caller.Actor, Now: w.caller.Now}
	d, err := decide(s, r, cmd)
	if err != nil {
		why := billing.WhyNever(err, w.catalog, r)
		if why == "" {
			return d, err
		}
		d = billing.DecideEnd(s, r, referral.Closed, why, cmd)
	}
	d.Before = r
	return d, nil
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
