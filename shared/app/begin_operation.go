package app

import "context"

// BeginOperation carries out the operation that a change of the table tells
// of, if it is one to be begun at once. Whatever keeps it from its end is
// logged and left to the sweep: the changes behind it must not wait for Stripe.
func (a *App) BeginOperation(ctx context.Context, caller Caller, image []byte) {
	ctx, cancel := inTime(ctx)
	defer cancel()
	env, due, found := a.Store.OperationIn(image)
	if !found || ctx.Err() != nil {
		return
	}
	caller.Env, caller.Actor = env, "stream"
	w, err := a.begin(ctx, caller)
	if err == nil {
		_, err = w.closeOperation(ctx, due)
	}
	if err != nil {
		a.Log.ErrorContext(ctx, "an operation is left to the sweep", "operation", due.OperationID, "cause", err)
	}
}
