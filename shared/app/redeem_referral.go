package app

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// A Redeemed code: the redemption, and both customers as they were.
type Redeemed struct {
	referral.Redemption
	Referrer, Redeemer billing.Customer
}

// RedeemReferral redeems a referral code. Everything it leads to is saved in
// one transaction: the redemption, the code's counter, and what both sides
// get. Discounts are queued there and then applied where none runs; if Stripe
// can't be asked, the schedule applies them. The errors are those of
// billing.DecideRedeem.
func (a *App) RedeemReferral(ctx context.Context, caller Caller, text, customerID string) (Redeemed, error) {
	if err := billing.CheckCustomerID(customerID); err != nil {
		return Redeemed{}, err
	}
	text = catalog.NormalCode(text)
	if text == "" {
		return Redeemed{}, refusal.Invalid(ReasonCodeMissing)
	}
	cmd := billing.Redeem{ID: billing.RedemptionPrefix + a.operationID(caller), Actor: caller.Actor, Now: caller.Now}
	var s billing.RedeemState
	var earned billing.Earned
	done, err := RetryStale(ctx, a.Pause, func() (_ Redeemed, err error) {
		if s, err = a.redeemState(ctx, caller, text, customerID); err != nil {
			return Redeemed{}, err
		}
		d, err := billing.DecideRedeem(s, cmd)
		if err != nil {
			return Redeemed{}, a.confirmRefusal(ctx, caller, s, cmd)
		}
		earned = d.Earned()
		done := Redeemed{d.Redemption, s.Referrer.Customer, s.Redeemer.Customer}
		return done, tooLate(a.Store.Commit(ctx, caller.Env, work{App: a, caller: caller, catalog: s.Catalog}.redemptionWrites(d, s.Code)...))
	})
	if err != nil && caller.RequestKey != "" {
		// The same request may have been made before, and its answer lost.
		before, found, readErr := a.Store.Redemption(ctx, caller.Env, cmd.ID)
		switch {
		case readErr != nil || !found:
			return done, err
		case before.ProgramID == "" || before.RedeemerID != customerID || before.Code != text:
			return done, errKeyReused
		}
		done, err = Redeemed{before, s.Referrer.Customer, s.Redeemer.Customer}, nil
		both := []string{before.ReferrerID, before.RedeemerID}
		earned = billing.Earned{Discounts: both, Credits: both}
	}
	if err != nil || len(earned.Discounts)+len(earned.Credits) == 0 {
		return done, err
	}
	done.Redemption = work{App: a, caller: caller}.applyOf(ctx, done.Redemption, earned)
	return done, nil
}

// RewardOfCode is the reward of the program that a referral code is of.
func (a *App) RewardOfCode(ctx context.Context, caller Caller, text string) (string, error) {
	if text = catalog.NormalCode(text); !catalog.PossibleCode(text) {
		return "", billing.ErrReferralCodeNotFound(text)
	}
	code, found, err := a.Store.ReferralCode(ctx, caller.Env, text)
	if err == nil && !found {
		err = billing.ErrReferralCodeNotFound(text)
	}
	if err != nil {
		return "", err
	}
	c, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return "", err
	}
	p, err := c.Program(code.ProgramID)
	return p.RewardID, err
}

// redeemState reads the code and both customers. A code that cannot exist is
// not looked up.
func (a *App) redeemState(ctx context.Context, caller Caller, text, customerID string) (s billing.RedeemState, err error) {
	found := false
	if catalog.PossibleCode(text) {
		s.Code, found, err = a.Store.ReferralCode(ctx, caller.Env, text)
	}
	if err == nil && !found {
		err = billing.ErrReferralCodeNotFound(text)
	}
	if err != nil {
		return s, err
	}
	if s.Redeemer, err = a.whoMayTry(ctx, caller, customerID); err != nil {
		return s, err
	}
	s.Referrer = s.Redeemer
	if s.Code.InternalID != s.Redeemer.Customer.InternalID {
		if s.Referrer, _, err = a.Store.State(ctx, caller.Env, s.Code.OwnerID); err != nil {
			return s, err
		}
	}
	if s.Catalog, err = a.Store.Catalog(ctx, caller.Env, false); err != nil {
		return s, err
	}
	p, gone := s.Catalog.Program(s.Code.ProgramID)
	if gone != nil {
		return s, nil // which is its refusal
	}
	if p.NewCustomersOnly {
		if s.Invoices, err = a.Store.Invoices(ctx, caller.Env, s.Redeemer.Customer.InternalID); err != nil {
			return s, err
		}
		if s.Redeemer.Customer.Moved.Bought && !s.Redeemer.HasPaid(s.Catalog, s.Invoices) {
			if s.Moved, err = a.Store.MovedProducts(ctx, caller.Env, s.Redeemer.Customer.InternalID); err != nil {
				return s, err
			}
		}
	}
	return s, a.guardFacts(ctx, caller, p.Guard, &s)
}

// confirmRefusal decides again on complete data: a refusal must rest neither on a
// catalog some seconds old nor on a skipped read, as an earlier redemption by the
// customer is the first reason to report.
func (a *App) confirmRefusal(ctx context.Context, caller Caller, s billing.RedeemState, cmd billing.Redeem) (err error) {
	if s.Catalog, err = a.Store.Catalog(ctx, caller.Env, true); err != nil {
		return err
	}
	s.Redeemed, err = a.Store.Redeemed(ctx, caller.Env, s.Code.ProgramID, s.Redeemer.Customer.InternalID)
	if err != nil {
		return err
	}
	if _, err := billing.DecideRedeem(s, cmd); err != nil {
		return err
	}
	return refusal.ErrStale // the catalog had changed: once more from the start
}

// tooLate names the condition that kept a redemption from being saved, in the
// order of billing.DecideRedeem. Anything else is decided again.
func tooLate(err error) error {
	switch {
	case ConflictIn[CountRedemption](err) && !countedTimes(err):
		return billing.ErrMaxRedemptions
	case ConflictIn[NewRedemption](err):
		return billing.ErrAlreadyRedeemed
	}
	return err
}

// countedTimes reports whether what kept a redemption from being saved may be another one
// of the same code: its time counts, too, and there may be room for both.
func countedTimes(err error) bool {
	var conflict *Conflict
	return errors.As(err, &conflict) && slices.ContainsFunc(conflict.Failed, func(w Write) bool {
		count, is := w.(CountRedemption)
		return is && (count.Recent != nil || count.Max == 0)
	})
}

// redemptionWrites builds the writes of a decision about a new redemption.
func (w work) redemptionWrites(d billing.RedeemDecision, code catalog.ReferralCode) []Write {
	r := d.Redemption
	writes := []Write{NewRedemption{r}}
	if !r.SetOff() {
		writes = append(writes, OpenRedemption{Key: r.RedeemerID, Redemption: r, Due: r.Due()})
	}
	return append(writes, w.giftWrites(d, code)...)
}

// movedWrites builds the writes of a decision about a redemption that waited or was
// held with the customer of key.
func (w work) movedWrites(key string, d billing.RedeemDecision, code catalog.ReferralCode) []Write {
	r := d.Redemption
	writes := []Write{SaveRedemption{r}}
	if r.Status == referral.Held {
		writes = append(writes, OpenRedemption{Key: key, Redemption: r, Again: true, Due: r.Due()})
	} else {
		writes = append(writes, CloseRedemption{key, r.ID})
	}
	return append(writes, w.giftWrites(d, code)...)
}

// giftWrites builds the writes of a decision's gifts and counts. Writes that both sides
// have in common come once: a transaction takes each row once.
func (w work) giftWrites(d billing.RedeemDecision, code catalog.ReferralCode) []Write {
	d.Redeemer.Moved = nil // two customers are in one transaction: what has ended moves with another one
	writes := []Write{countProgram(d.Redemption, d.Before, d.Worth)}
	if d.Places != 0 || d.Recent != nil {
		writes = append(writes, CountRedemption{Code: d.Redemption.Code, Places: d.Places, Max: d.Max, Recent: d.Recent, Before: code.Recent})
	}
	if d.Redeemer.Customer.InternalID != "" { // else the redeemer is gone
		writes = append(writes, w.writes(d.Redemption.RedeemerID, d.Redeemer)...)
	}
	if d.Referrer == nil {
		return writes
	}
	referrer := *d.Referrer
	referrer.Moved = nil
	for _, row := range w.writes(d.Redemption.ReferrerID, referrer) {
		if mark, ok := row.(MarkVersionInUse); !ok || !slices.ContainsFunc(writes, func(o Write) bool { return o == Write(mark) }) {
			writes = append(writes, row)
		}
	}
	return writes
}

// countProgram counts the change of one redemption.
func countProgram(r, before referral.Redemption, worth money.Amount) CountProgram {
	stats := r.Since(before)
	stats.Value = worth
	return CountProgram{ProgramID: r.ProgramID, Of: r.ID, Stats: stats}
}

// Redemption reads a redemption by its id.
func (a *App) Redemption(ctx context.Context, caller Caller, id string) (referral.Redemption, error) {
	if !billing.PossibleRedemption(id) {
		return referral.Redemption{}, billing.ErrRedemptionNotFound(id)
	}
	r, found, err := a.Store.Redemption(ctx, caller.Env, id)
	if err == nil && !found {
		err = billing.ErrRedemptionNotFound(id)
	}
	return r, err
}
