package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// guardFacts reads what the guard of a program has to know beside both customers.
// Nothing for most redemptions: a referrer whom nobody brought is in no ring, and cards
// are read where the program asks for them.
func (a *App) guardFacts(ctx context.Context, caller Caller, g catalog.Guard, s *billing.RedeemState) (err error) {
	if g.RingMode() != catalog.GuardOff {
		if s.Brought, err = a.broughtBy(ctx, caller, s.Referrer.Customer); err != nil {
			return err
		}
	}
	if g.CardMode() == catalog.GuardOff {
		return nil
	}
	if s.RedeemerCards, err = a.cards(ctx, caller, s.Redeemer.Customer); err != nil || len(s.RedeemerCards) == 0 {
		return err
	}
	s.ReferrerCards, err = a.cards(ctx, caller, s.Referrer.Customer)
	return err
}

// mostBrought bounds how many customers are looked at for a ring.
const mostBrought = 50

// broughtBy lists who brought a customer, and who brought them, referral.RingSteps back.
// One request for each who was brought by somebody else.
func (a *App) broughtBy(ctx context.Context, caller Caller, c billing.Customer) ([]string, error) {
	all, step := slices.Clone(c.Brought), c.Brought
	for range referral.RingSteps - 1 {
		var next []string
		for _, id := range step {
			by, err := a.Store.Brought(ctx, caller.Env, id)
			if err != nil {
				return nil, err
			}
			for _, b := range by {
				if !slices.Contains(all, b.ReferrerInternalID) && len(all) < mostBrought {
					all, next = append(all, b.ReferrerInternalID), append(next, b.ReferrerInternalID)
				}
			}
		}
		step = next
	}
	return all, nil
}

// cards are the fingerprints of a customer's saved cards. One call; none for a customer
// whom Stripe does not know.
func (a *App) cards(ctx context.Context, caller Caller, c billing.Customer) ([]string, error) {
	if c.StripeID == "" {
		return nil, nil
	}
	return a.Payments.CardFingerprints(ctx, caller.Env, c.StripeID)
}

// A Review is what a person says of a held redemption.
type Review struct {
	RedemptionID string
	Verdict      string // referral.Approved or referral.Rejected
	Reason       string // of a rejection, in the person's words
}

// ReviewRedemption gives what is held, or refuses it. The same verdict again has the same
// answer. The errors are reward_redemption_not_found, and invalid_request for one that
// is not held.
func (a *App) ReviewRedemption(ctx context.Context, caller Caller, review Review) (referral.Redemption, error) {
	r, err := a.Redemption(ctx, caller, review.RedemptionID)
	if err != nil {
		return r, err
	}
	w, err := a.begin(ctx, caller)
	if err != nil {
		return r, err
	}
	if r.Status == referral.Held {
		if _, err := w.moveRedemption(ctx, r.RedeemerID, r.ID, referral.Held, review.decide); err != nil {
			return r, err
		}
		if r, err = a.Redemption(ctx, caller, review.RedemptionID); err != nil {
			return r, err
		}
	}
	if r.Review != review.Verdict {
		return r, refusal.Invalid(ReasonNotHeld, r.ID, string(r.Status))
	}
	return r, nil
}

// PreviewReview is what ReviewRedemption would do of a redemption that is held. It writes
// nothing. The errors are those of ReviewRedemption.
func (a *App) PreviewReview(ctx context.Context, caller Caller, review Review) (billing.RedeemDecision, error) {
	r, err := a.Redemption(ctx, caller, review.RedemptionID)
	if err != nil {
		return billing.RedeemDecision{}, err
	}
	w, err := a.begin(ctx, caller)
	if err != nil {
		return billing.RedeemDecision{}, err
	}
	s, waiting, err := w.waitingRedemption(ctx, r.RedeemerID, r.ID)
	if err != nil {
		return billing.RedeemDecision{}, err
	}
	if waiting == nil || waiting.Status != referral.Held {
		return billing.RedeemDecision{}, refusal.Invalid(ReasonNotHeld, r.ID, string(r.Status))
	}
	return w.decideRedemption(s, *waiting, review.decide)
}

func (review Review) decide(s billing.RedeemState, r referral.Redemption, cmd billing.Redeem) (billing.RedeemDecision, error) {
	r.Review = review.Verdict
	if review.Verdict == referral.Approved {
		return billing.DecideRelease(s, r, cmd)
	}
	reason := review.Reason
	if reason == "" {
		reason = referral.Rejected
	}
	return billing.DecideEnd(s, r, referral.Refused, reason, cmd), nil
}

// releaseRedemption gives what was held until now.
func (w *work) releaseRedemption(ctx context.Context, key, id string) error {
	if err := w.needCatalog(ctx, true); err != nil {
		return err
	}
	_, err := w.moveRedemption(ctx, key, id, referral.Held, func(s billing.RedeemState, r referral.Redemption, cmd billing.Redeem) (billing.RedeemDecision, error) {
		if due := r.Due(); due.IsZero() || due.After(cmd.Now) {
			return billing.RedeemDecision{}, refusal.ErrStale
		}
		return billing.DecideRelease(s, r, cmd)
	})
	return err
}

// closing is how many redemptions are looked at before the next are left to the next run.
const closing = 100

// closeMore closes what waits in a deleted program, or with a deleted customer: a page of
// redemptions. The row is done with after the last page, once all could be closed: one
// that fails keeps no other from it, and is tried again.
func (w *work) closeMore(ctx context.Context, of string) error {
	c, found, err := w.Store.Closing(ctx, w.caller.Env, of)
	if err != nil || !found {
		return err
	}
	next, failed, err := w.closePage(ctx, c)
	if err != nil {
		return err
	}
	c.Left = c.Left || failed != nil
	if next == "" && !c.Left {
		return w.Store.Commit(ctx, w.caller.Env, ProgramClosed{of})
	}
	c.Cursor, c.Due = next, w.caller.Now
	if next == "" {
		c.Left, c.Due = false, w.caller.Now.Add(closeAgain)
	}
	return errors.Join(failed, w.Store.Commit(ctx, w.caller.Env, c))
}

// closeAgain is how long what could not be closed waits for the next try.
const closeAgain = 5 * time.Minute

// closePage returns which page is next and, as failed, why some of this one stay.
func (w *work) closePage(ctx context.Context, c CloseProgram) (next string, failed, err error) {
	if err := w.needCatalog(ctx, true); err != nil {
		return "", nil, err
	}
	of := RedemptionsOf{ProgramID: c.Of}
	if c.Customer {
		of = RedemptionsOf{CustomerID: c.Of}
	}
	page, next, err := w.Store.Redemptions(ctx, w.caller.Env, of, c.Cursor, closing)
	if err != nil {
		return "", nil, err
	}
	for _, r := range page {
		if err := w.closeRedemption(ctx, r, c); err != nil {
			failed = errors.Join(failed, fmt.Errorf("redemption %s: %w", r.ID, err))
		}
		if err := ctx.Err(); err != nil {
			return "", nil, err
		}
	}
	return next, failed, nil
}

// closeSide closes the side of a deleted customer with which a reward waited for its turn.
func (w *work) closeSide(ctx context.Context, was referral.Redemption, gone string) error {
	who := referral.TheRedeemer
	if was.ReferrerInternalID == gone {
		who = referral.TheReferrer
	}
	_, err := RetryStale(ctx, w.Pause, func() (struct{}, error) {
		r, found, err := w.Store.Redemption(ctx, w.caller.Env, was.ID)
		after := r.GoneFor(who, w.caller.Now)
		if err != nil || !found || after.Side(who) == r.Side(who) {
			return struct{}{}, err
		}
		return struct{}{}, w.Store.Commit(ctx, w.caller.Env, SaveRedemption{after}, countProgram(after, r, 0),
			AddAudit{InternalID: gone, Audit: billing.Audit{ID: w.NewID(), At: w.caller.Now, Actor: w.caller.Actor, Action: "redeem", Rule: "redemption_side_closed",
				OperationID: r.ID, Why: "What waited of the redemption of code " + r.Code + " is given never: the customer is deleted."}})
	})
	return err
}

// closeRedemption closes one that waits although its program or one side is gone. One
// that is held is promised, and outlives its program.
func (w *work) closeRedemption(ctx context.Context, r referral.Redemption, c CloseProgram) error {
	if r.Referral() && r.Status == referral.Triggered && c.Customer {
		return w.closeSide(ctx, r, c.Of)
	}
	if !r.Referral() || r.Status.Over() || r.SetOff() {
		return nil
	}
	moved, err := w.moveRedemption(ctx, r.RedeemerID, r.ID, r.Status, func(s billing.RedeemState, now referral.Redemption, cmd billing.Redeem) (billing.RedeemDecision, error) {
		switch {
		case s.Referrer.Customer.InternalID != now.ReferrerInternalID:
			return billing.DecideEnd(s, now, referral.Closed, referral.ReasonOwnerGone, cmd), nil
		case now.Status == referral.Pending:
			if _, err := w.catalog.Program(now.ProgramID); err != nil {
				return billing.DecideEnd(s, now, referral.Closed, referral.ReasonProgramGone, cmd), nil
			}
		}
		return billing.RedeemDecision{}, errStays
	})
	if errors.Is(err, errStays) {
		return nil
	}
	if moved || err != nil {
		return err
	}
	return w.closeAbandoned(ctx, r)
}

// errStays means that a redemption has all that it waits for.
var errStays = errors.New("the redemption stays")

// closeAbandoned closes one whose redeemer is deleted.
func (w *work) closeAbandoned(ctx context.Context, was referral.Redemption) error {
	_, err := RetryStale(ctx, w.Pause, func() (struct{}, error) {
		r, found, err := w.Store.Redemption(ctx, w.caller.Env, was.ID)
		if err != nil || !found {
			return struct{}{}, err
		}
		people, err := w.Store.CustomersByKey(ctx, w.caller.Env, r.RedeemerID)
		if err != nil || people[r.RedeemerID].InternalID == r.RedeemerInternalID {
			return struct{}{}, err // it waits with the customer
		}
		closed, waits := r.To(referral.Closed, w.caller.Now)
		if !waits {
			return struct{}{}, nil
		}
		closed.Reason, closed.Reward = referral.ReasonBuyerGone, nil
		return struct{}{}, w.Store.Commit(ctx, w.caller.Env, SaveRedemption{closed}, countProgram(closed, r, 0),
			AddAudit{InternalID: r.RedeemerInternalID, Audit: billing.Audit{ID: w.NewID(), At: w.caller.Now, Actor: w.caller.Actor, Action: "redeem", Rule: "redemption_closed",
				OperationID: r.ID, Why: "The redemption of code " + r.Code + " gives nothing: the customer is deleted."}})
	})
	return err
}

// CloseProgram closes what waits in a deleted program, as far as that is quick. The sweep
// goes through all of it a minute later: other functions know the program a little longer.
func (a *App) CloseProgram(ctx context.Context, caller Caller, internalID string) {
	w := work{App: a, caller: caller}
	if _, failed, err := w.closePage(ctx, CloseProgram{Of: internalID}); err != nil || failed != nil {
		err = errors.Join(err, failed)
		a.Log.ErrorContext(ctx, "close the redemptions of a program", "program", internalID, "cause", err)
	}
}
