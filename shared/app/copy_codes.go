package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// A promotion code has a copy at Stripe, so that the box of a payment page takes it. The
// copy follows the code: the write that changes a code also marks it, and the table's
// stream, or else the schedule, comes here.
//
// A code with a limit is never used more often, though Stripe counts its own uses: what
// Stripe may use is held, and nobody else uses it. Before a use elsewhere the copy is
// closed, which says how often it was used, and another one is made of the rest later.

// beginCopies looks at what a change of the table marked: the copy of a code, or those of
// a reward. An error is logged and the rest left to the schedule.
func (a *App) beginCopies(ctx context.Context, caller Caller, image []byte) {
	env, due, found := a.Store.CopyIn(image)
	if !found || ctx.Err() != nil {
		return
	}
	caller.Env, caller.Actor = env, "stream"
	w, err := a.begin(ctx, caller)
	if err == nil {
		err = w.close(ctx, due).err
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "the copy of a code is left to the schedule", "row", due.ID(), "cause", err)
	}
}

// copyCodes looks at the copies of a page of a reward's codes, which may be deleted.
func (w work) copyCodes(ctx context.Context, d Due) error {
	look, found, err := w.Store.CopiesLook(ctx, w.caller.Env, d.RewardID)
	if err != nil || !found {
		return err
	}
	page, next, err := w.Store.CodesOf(ctx, w.caller.Env, d.RewardID, look.Cursor, copiesAtOnce)
	if err != nil {
		return err
	}
	for _, p := range page {
		if p.Lost() {
			continue
		}
		if err := w.copyCode(ctx, p); err != nil {
			return err
		}
	}
	var end Write = CopiesLookedAt{d.RewardID, look.Look}
	if next != "" {
		end = LookAtCopies{d.RewardID, look.Look, next, w.caller.Now.Add(lookSoon)}
	}
	if err = w.commit(ctx, end); errors.Is(err, refusal.ErrStale) {
		err = nil // it begins anew, or another process was faster
	}
	return err
}

// copiesAtOnce is how many codes one run looks at: each may take some calls.
const copiesAtOnce = 20

// copyCode brings the copy of a code to what it should be. The calls are those of the
// changes that it needs: none, one to close a copy, some to make one.
func (w work) copyCode(ctx context.Context, of reward.PromoCode) error {
	_, err := RetryStale(ctx, w.Pause, func() (struct{}, error) {
		found, err := w.Store.Codes(ctx, w.caller.Env, of.Code, of.CustomerID)
		p := found.Meant(of.CustomerID)
		if err != nil || p == nil {
			return struct{}{}, err
		}
		if err := w.catalogAfter(ctx); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.copyAsNow(ctx, *p)
	})
	return err
}

func (w work) copyAsNow(ctx context.Context, p reward.PromoCode) error {
	var wanted billing.CodeCopy
	var steps []billing.Step
	customer, err := w.atStripeAs(ctx, p)
	if err != nil {
		return err
	}
	should, fits, room, limited := false, false, 0, false
	var uses reward.Uses
	var greedy *reward.PromoCode
	r := w.rewardOf(&p, "")
	if r != nil {
		if uses, greedy, err = w.shares(ctx, *r, p); err != nil {
			return err
		}
		lowers := false
		if wanted, steps, lowers = billing.CopyOf(w.catalog, *r); lowers {
			wanted.Terms, should = p.CopyTerms(r, uses, fmt.Sprint(wanted.Coupon.Terms(), " ", wanted.CreditMonths), customer, w.caller.Now)
		}
		fits = should && p.Fits(wanted.Terms, *r, uses)
	}
	if p.Copy != nil && !fits {
		var due time.Time
		var others []Write
		switch soon := w.caller.Now.Add(lookSoon); {
		case should:
			due = soon
		case p.Copy.Shared: // what it held is for the other codes
			others = append(others, LookAtCopies{RewardID: p.Copy.Reward, Look: w.NewID(), Due: soon})
		}
		if p, err = w.closeCopy(ctx, p, due, others...); err != nil {
			return err
		}
		if should && r.Max > 0 {
			return refusal.ErrStale // the reward has more left now
		}
	}
	if should {
		room, limited = p.Room(*r, uses)
	}
	if p.Copy == nil && should && limited && room == 0 && greedy != nil {
		if _, err := w.closeCopy(ctx, *greedy, w.caller.Now.Add(lookSoon)); err != nil {
			return err
		}
		return refusal.ErrStale
	}
	if p.Copy == nil && should && (!limited || room > 0) {
		c := reward.Copy{Key: w.NewID(), Terms: wanted.Terms.Text(), Room: room, Shared: r.Max > 0, Reward: p.RewardID, Created: p.CreatedAt, Begun: w.caller.Now}
		var also []Write
		if c.Shared {
			also = append(also, HoldReward{InternalID: r.InternalID, Held: room, Uses: &uses})
		}
		if p, err = w.saveCopy(ctx, SaveCopy{Code: p, Copy: &c, Held: room, Takes: limited, Due: w.caller.Now.Add(lookSoon)}, also...); err != nil {
			return err
		}
	} else if p.Copy != nil && p.Copy.ID == "" && w.caller.Now.Before(p.Copy.Begun.Add(stale)) {
		return refusal.ErrBusy // another process makes it
	}
	if p.Copy != nil && p.Copy.ID == "" {
		wanted.Room, wanted.Shared = p.Copy.Room, p.Copy.Shared
		return w.makeCopy(ctx, p, wanted, steps)
	}
	if p.Due != "" {
		_, err = w.saveCopy(ctx, SaveCopy{Code: p, Copy: p.Copy, Due: wanted.Terms.Frees(p.Copy)})
	}
	return err
}

// makeCopy makes the copy that is noted. What Stripe refuses is tried again on another
// day, as the cause may be gone then: staff may have made a code of the same text.
func (w work) makeCopy(ctx context.Context, p reward.PromoCode, wanted billing.CodeCopy, steps []billing.Step) error {
	ref := Ref{OperationID: p.Copy.Key, CreatedAt: p.Copy.Begun, Now: w.caller.Now}
	r, made := billing.Results{}, p
	var err error
	var prices []Write
	for _, step := range steps {
		if r, err = w.Payments.Perform(ctx, w.caller.Env, ref, step, r); err != nil {
			return err
		}
		prices = append(prices, SaveStripePrice{step.Price.PriceKey(), r.Prices[step.Price.ItemID]})
	}
	if len(prices) > 0 {
		if err := w.commit(ctx, prices...); err != nil {
			return err
		}
	}
	c := *p.Copy
	c.ID, err = w.Payments.CopyCode(ctx, w.caller.Env, ref, wanted, r)
	if isFinal(err) {
		MeterOf(ctx).CodesNotCopied.Add(1)
		w.Log.ErrorContext(ctx, "stripe refuses the copy of a code", "code", p.Code, "cause", err)
		_, err = w.saveCopy(ctx, SaveCopy{Code: p, Held: -p.Copy.Room, Due: w.caller.Now.Add(24 * time.Hour)}, heldOf(*p.Copy, -p.Copy.Room)...)
		return err
	}
	if err == nil {
		_, err = w.saveCopy(ctx, SaveCopy{Code: made, Copy: &c, Due: wanted.Terms.Frees(&c)})
	}
	return err
}

// closeCopy has Stripe use a code never more by its copy, and gives free what that has
// not used of its room.
func (w work) closeCopy(ctx context.Context, p reward.PromoCode, due time.Time, also ...Write) (reward.PromoCode, error) {
	c := *p.Copy
	if c.ID == "" {
		if w.caller.Now.Before(c.Begun.Add(stale)) {
			return p, refusal.ErrBusy // it is being made, and the call may still come
		}
		var err error
		if c.ID, err = w.Payments.MadeCode(ctx, w.caller.Env, c.Key, p.Code); err != nil {
			return p, err
		}
	}
	used := 0
	if c.ID != "" {
		var err error
		if !c.Closing { // a crash after the call must not leave a code that no page takes
			c.Closing = true
			if p, err = w.saveCopy(ctx, SaveCopy{Code: p, Copy: &c, Due: w.caller.Now.Add(lookSoon)}); err != nil {
				return p, err
			}
		}
		if used, err = w.Payments.CloseCode(ctx, w.caller.Env, c.ID); err != nil && !errors.Is(err, ErrGone) {
			return p, err
		}
	}
	save, held := SaveCopy{Code: p, Due: due}, min(0, used-c.Room)
	if c.Room == 0 { // it had no limit: what is not counted yet is held from now on
		held = max(0, used-p.Seen)
	}
	if p.Live() { // else another code has its text, and counts anew
		save.Held = held
	}
	return w.saveCopy(ctx, save, append(heldOf(c, held), also...)...)
}

// heldOf gives a reward back what a copy has not used of its room, or holds what it has
// used without one.
func heldOf(c reward.Copy, held int) []Write {
	if held == 0 || c.Room > 0 && !c.Shared {
		return nil
	}
	return []Write{HoldReward{InternalID: c.Reward, Held: held}}
}

func (w work) saveCopy(ctx context.Context, save SaveCopy, also ...Write) (reward.PromoCode, error) {
	p := save.Code
	err := w.commit(ctx, append(also, save)...)
	if save.Copy == nil && ConflictIn[HoldReward](err) { // the reward has no limit any more
		for i := range also {
			if hold, is := also[i].(HoldReward); is {
				hold.Unlimited = true
				also[i] = hold
			}
		}
		err = w.commit(ctx, append(also, save)...)
	}
	p.Copy, p.Held, p.Copied, p.Due = save.Copy, p.Held+save.Held, p.Copied+1, "" // its place is written at this moment
	return p, err
}

// freeUse takes uses back from Stripe, where it may make all that are left of a code or,
// as far as they were read, of a reward; it returns refusal.ErrStale then, as they have
// changed.
func (w work) freeUse(ctx context.Context, u reward.Use) error {
	if p := u.Code; p != nil && p.Max > 0 && p.Live() && p.Free() == 0 {
		if _, err := w.closeCopy(ctx, *p, w.caller.Now.Add(lookSoon)); err != nil {
			return err
		}
		return refusal.ErrStale
	}
	if !u.RewardHeldUp() {
		return nil
	}
	p, found, err := w.sharedCopy(ctx, u.Reward.InternalID)
	if err != nil {
		return err
	}
	if !found {
		return refusal.Invalid(reward.ReasonUsedUp, u.Reward.Max) // what is held was used, and is not told yet
	}
	if _, err := w.closeCopy(ctx, p, w.caller.Now.Add(lookSoon)); err != nil {
		return err
	}
	return refusal.ErrStale
}

// codesAgain has the codes of a customer looked at who is another one at Stripe now, or
// gone; but for those that writes of the same transaction change, and so mark.
func codesAgain(c billing.Customer, now time.Time, beside ...Write) (writes []Write) {
	for _, text := range c.Codes {
		if slices.ContainsFunc(beside, func(w Write) bool {
			back, returned := w.(ReturnUse)
			typed, counted := w.(CountTyped)
			return returned && back.CodeVersion > 0 && back.Given.Code == text && back.Given.CodeOf == c.InternalID ||
				counted && typed.Code.Code == text && typed.Code.CustomerID == c.InternalID
		}) {
			continue
		}
		writes = append(writes, MarkCode{reward.PromoCode{Code: text, CustomerID: c.InternalID, CustomerKey: c.Key()}, now.Add(lookSoon)})
	}
	return writes
}
