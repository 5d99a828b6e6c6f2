package app

import (
	"context"
	"fmt"
	"runtime/debug"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// A result is what became of a row that was due.
type result struct {
	changed bool  // it was dealt with
	err     error // it could not be
}

// close deals with one row. Whatever goes wrong, a bug included, is the row's
// own: the others must not wait for it.
func (a *App) close(ctx context.Context, caller Caller, cat *catalog.Catalog, d Due) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{err: fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	var changed bool
	var err error
	switch {
	case d.OperationID != "":
		changed, err = a.closeOperation(ctx, caller, cat, d)
	case d.RedemptionID != "": // one that must wait on has a new date then
		changed, err = true, a.applyReward(ctx, caller, d.Key)
	default:
		changed, err = a.closeProducts(ctx, caller, cat, d)
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
// paid or expired without an event telling so. It reports false while the
// page is open. What was paid may be what a reward waits for.
func (a *App) closeOperation(ctx context.Context, caller Caller, cat *catalog.Catalog, d Due) (bool, error) {
	changed, err := retryStale(ctx, a, func() (bool, error) {
		s, found, err := a.Store.State(ctx, caller.Env, d.Key)
		if err != nil || !found || s.Operation(d.OperationID) == nil {
			return err == nil, err // ended meanwhile
		}
		op := *s.Operation(d.OperationID)
		if op.State == billing.Running {
			err := a.resume(ctx, caller, cat, s, &op)
			if isFinal(err) {
				err = nil
			}
			return err == nil, err
		}
		session, err := a.page(ctx, caller, op)
		if err != nil || session.Status == "open" {
			return false, err
		}
		return true, a.pageClosed(ctx, caller, cat, s, op, session)
	})
	if err != nil || !changed {
		return false, err
	}
	return true, a.rewardPurchases(ctx, caller, cat, d.Key)
}
