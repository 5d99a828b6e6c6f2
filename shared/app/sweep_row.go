package app

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"windfall/shared/billing"
	"windfall/shared/reward"
)

// A result is what became of a row that was due.
type result struct {
	changed bool  // it was dealt with
	err     error // it could not be
}

// close deals with one row. Whatever goes wrong, a bug included, is the row's
// own: the others must not wait for it.
func (w work) close(ctx context.Context, d Due) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	var changed bool
	var err error
	switch {
	case d.OperationID != "":
		changed, err = w.closeOperation(ctx, d)
	case d.RedemptionID != "": // one that must wait on has a new date then
		changed, err = true, w.applyReward(ctx, d.Key)
	case d.Usage:
		changed, err = true, w.scanUsage(ctx, w.caller, d.Key)
	case d.Credits:
		changed, err = w.postCredits(ctx, d.Key)
	case d.HeldID != "":
		changed, err = true, w.releaseRedemption(ctx, d.Key, d.HeldID)
	case d.ClosingID != "":
		changed, err = true, w.closeMore(ctx, d.ClosingID)
	case d.Code != nil:
		changed, err = true, w.copyCode(ctx, *d.Code)
	case d.RewardID != "":
		changed, err = true, w.copyCodes(ctx, d)
	default:
		changed, err = w.closeProducts(ctx, d)
	}
	return result{changed, err}
}

// putOff lets a row rest that is not dealt with: it is due again later. One
// that changed meanwhile has a new date already, or none.
func (a *App) putOff(ctx context.Context, caller Caller, d Due, r result) {
	rest := billing.Grace
	switch {
	case r.err != nil:
		rest = d.retry()
		a.Log.ErrorContext(ctx, "sweep", "env", caller.Env, "customer", d.Key, "row", d.ID(), "tries", d.Tries+1, "cause", r.err)
	case r.changed:
		return
	}
	err := a.Store.Commit(ctx, caller.Env, Postpone{d, caller.Now.Add(rest)})
	if err != nil && !ConflictIn[Postpone](err) {
		a.Log.ErrorContext(ctx, "sweep", "env", caller.Env, "customer", d.Key, "row", d.ID(), "cause", err)
	}
}

// closeOperation finishes an operation whose process died, or whose page was
// paid or expired without an event. It reports false while the page is open. The
// purchase may trigger a reward.
func (w work) closeOperation(ctx context.Context, d Due) (bool, error) {
	changed, err := retry(ctx, w.Pause, func(t *tries) (bool, error) {
		s, found, err := w.Store.State(ctx, w.caller.Env, d.Key)
		if err != nil || !found || s.Operation(d.OperationID) == nil {
			return err == nil, err // ended meanwhile
		}
		w.state = s
		return w.closeOne(ctx, *s.Operation(d.OperationID), t)
	})
	if err != nil || !changed {
		return false, err
	}
	return true, w.rewardPurchases(ctx, d.Key)
}

func (w work) closeOne(ctx context.Context, op billing.Operation, t *tries) (changed bool, err error) {
	if op.State == billing.Running {
		s, err := w.takeOver(ctx, op)
		if err != nil {
			return false, err
		}
		if err = s.work.carry(ctx, s.op, true, t); isFinal(err) {
			err = nil // it has ended, without effect
		}
		return err == nil, err
	}
	session, err := w.page(ctx, op)
	if err != nil || session.Status == "open" {
		return false, err
	}
	return true, w.pageClosed(ctx, op, session)
}

// A Due is a row of the due index with background work: an operation, a customer
// product, a queued reward, a held redemption, the credits, copies of codes, or what is to
// be closed. One of them is set.
type Due struct {
	Key          string            // of the customer
	OperationID  string            // of an operation
	ProductID    string            // of a customer product, "cp_…"
	RedemptionID string            // of a queued reward …
	Earned       time.Time         // … and since when that waits
	HeldID       string            // of a redemption that is held
	ClosingID    string            // internal id of a deleted program, or customer, with which something waits
	Usage        bool              // it is how far the customer's sums of usage are rebuilt
	Credits      bool              // it is the customer's credits, which have no id
	RewardID     string            // internal id: it is the copies at Stripe of a reward's codes
	Code         *reward.PromoCode // it is the copy of this code, of which text and customer are known
	At           time.Time         // since when it is due
	Tries        int               // how often it was put off
	Mark         string            // its place in the index
}

// ID is the id of the operation, product or reward.
func (d Due) ID() string {
	switch {
	case d.Usage:
		return "usage"
	case d.Credits:
		return "credits"
	case d.Code != nil:
		return "code_" + d.Code.Code + "_" + d.Code.CustomerID
	case d.RewardID != "":
		return d.RewardID
	}
	return d.OperationID + d.ProductID + d.RedemptionID + d.HeldID + d.ClosingID
}

const (
	firstRetry = 5 * time.Minute // the next run
	lastRetry  = 30 * time.Minute
)

// retry is how long a row rests that could not be dealt with: twice as long
// each time. The longest rest keeps OperationsStuck in template.yaml ringing.
func (d Due) retry() time.Duration { return min(lastRetry, firstRetry<<min(d.Tries, 8)) }
