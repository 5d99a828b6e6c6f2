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

// FollowedBy is the plan of a schedule that follows what a command attaches. It is another command
// than the same plan after anything else.
func (cmd AttachCommand) FollowedBy(next AttachCommand) AttachCommand {
	next.after = cmd.fingerprint()
	return next
}

// Began reports whether what a customer has is what the first of two commands began: both, or the
// first, were carried out under the Idempotency-Key. Without one, the last command of the customer is
// the second, or a moment ago it was the first.
func (a *App) Began(ctx context.Context, caller Caller, first, second AttachCommand) (bool, error) {
	if caller.RequestKey != "" {
		return a.Did(ctx, caller)
	}
	s, err := a.GetCustomer(ctx, caller, first.CustomerID)
	if err != nil {
		return false, err
	}
	last := s.Customer.LastCommand.Fingerprint
	return last == second.fingerprint() || s.Of(entitlement.EntityRef{ID: first.EntityID}).Repeats(first.fingerprint(), first.ProductIDs, caller.Now), nil
}
