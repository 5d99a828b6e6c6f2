package app

import (
	"context"
	"errors"
	"time"

	"windfall/shared/refusal"
)

// noteFailure notes why an event has no effect, so that a person sees it, and returns why.
// Stripe delivers the event again; the note goes with its effect. One that meets another
// command of its customer has not failed: what is left behind of that is listed itself.
func (a *App) noteFailure(ctx context.Context, caller Caller, event Event, why error) error {
	if why == nil || errors.Is(why, refusal.ErrBusy) || errors.Is(why, refusal.ErrStale) {
		return why
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second) // the time of the request may be up
	defer cancel()
	if err := a.Store.Commit(ctx, caller.Env, EventFailed{Event: event, Why: why.Error(), Now: caller.Now}); err != nil {
		a.Log.ErrorContext(ctx, "note a failed webhook", "event", event.ID, "cause", err)
	}
	return why
}

// ProcessAgain gives a webhook event that failed its effect, as its next delivery would. An
// event that is not noted as failed is event_not_failed: Stripe was faster, or there is none.
func (a *App) ProcessAgain(ctx context.Context, caller Caller, store AttentionStore, eventID string) error {
	e, found, err := store.FailedEvent(ctx, caller.Env, eventID)
	if err != nil {
		return err
	}
	if !found {
		return refusal.NotFound(ReasonEventNotFailed, eventID)
	}
	seen, _, err := a.Store.EventSeen(ctx, caller.Env, e.Event.ID)
	if err != nil {
		return err
	}
	if seen {
		return a.Store.Commit(ctx, caller.Env, ForgetFailure{e.Event.ID})
	}
	by := caller.Actor
	caller.Actor = "stripe" // what follows is Stripe's, whoever asked for it
	if e.Event.CustomerID == "" {
		if err := a.ownerOfPayment(ctx, caller, &e.Event); errors.Is(err, ErrGone) || err == nil && e.Event.CustomerID == "" {
			return a.Store.Commit(ctx, caller.Env, ForgetFailure{e.Event.ID})
		} else if err != nil {
			return a.noteFailure(ctx, caller, e.Event, err)
		}
	}
	if err := a.noteFailure(ctx, caller, e.Event, a.takeIn(ctx, caller, e.Event, true)); err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "a failed webhook was processed again", "event", e.Event.ID, "by", by)
	return a.Store.Commit(ctx, caller.Env, ForgetFailure{e.Event.ID}) // one of nobody here has no effect to save it with
}

// FinishOperation carries an operation that was left behind to its end, as the sweep
// would. done is false while its page is open. One that another process runs is
// refusal.ErrBusy; one that has ended is done.
func (a *App) FinishOperation(ctx context.Context, caller Caller, customerKey, operationID string) (done bool, err error) {
	w, err := a.begin(ctx, caller)
	if err != nil {
		return false, err
	}
	return w.closeOperation(ctx, Due{Key: customerKey, OperationID: operationID})
}
