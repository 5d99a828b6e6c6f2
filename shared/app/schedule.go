package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
)

// Follows refuses what could not follow an attach that was previewed: what waits for the end
// of a period is charged nothing, but what begins before it is, so both are tried first.
func (a *App) Follows(ctx context.Context, caller Caller, first Preview, next AttachCommand) error {
	w, err := a.begin(ctx, caller)
	if err == nil {
		err = next.choose(w.catalog)
	}
	if err != nil {
		return err
	}
	state := first.State.After(first.Decision, first.Products, caller.Now)
	next.Terms.OperationID, next.Terms.Entity = "next", state.Scope
	if next.Terms, err = next.Terms.Customize(state.State, w.catalog); err != nil {
		return err
	}
	_, err = billing.DecideAttach(state, next.Terms)
	return err
}

// Began reports whether what a customer has is what this very command began: it was carried
// out under its Idempotency-Key, or a moment ago without one.
func (a *App) Began(ctx context.Context, caller Caller, cmd AttachCommand) (bool, error) {
	if caller.RequestKey != "" {
		return a.Did(ctx, caller)
	}
	s, err := a.GetCustomer(ctx, caller, cmd.CustomerID)
	return s.Of(entitlement.EntityRef{ID: cmd.EntityID}).Repeats(cmd.fingerprint(), cmd.ProductIDs, caller.Now), err
}
