package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// A CancelCommand asks for a customer's product to end.
type CancelCommand struct {
	CustomerID  string
	EntityID    string // whose product it is; "" is the customer's
	ProductID   string
	Target      *billing.Target // instead of ProductID; nil for that
	Exactly     string          // the customer product of ProductID that ends; "" leaves it to ProductID
	Immediately bool
	Refund      bool // credit the time left; only with Immediately
}

// Cancel ends a product at once or with its period. A repeated or interrupted
// call ends it once.
func (a *App) Cancel(ctx context.Context, caller Caller, cmd CancelCommand) (Outcome, error) {
	w, err := a.begin(ctx, caller)
	if err != nil {
		return Outcome{}, err
	}
	return w.run(ctx, moneyCommand{keyed: true, of: cmd.CustomerID, fingerprint: cmd.fingerprint(), load: existingWith(cmd.CustomerID, cmd.EntityID), decide: cmd.decide})
}

// existingWith reads a customer who is known, and the entity that a command is about.
func existingWith(customerID, entityID string) func(context.Context, *work) (bool, error) {
	return func(ctx context.Context, w *work) (found bool, err error) {
		if w.state, err = w.existing(ctx, w.caller, customerID); err == nil {
			err = w.loadEntity(ctx, entityID)
		}
		return true, err
	}
}

func (cmd CancelCommand) decide(ctx context.Context, w *work) (step, error) {
	if err := w.syncSubscriptions(ctx); err != nil {
		return step{}, err
	}
	id := w.operationID(w.caller)
	ask, err := cmd.ask(w, id)
	if err != nil {
		return step{}, err
	}
	decision, err := w.decideCancel(ctx, ask)
	if err != nil {
		return step{}, err
	}
	op := billing.Operation{ID: id, Command: "cancel", Fingerprint: cmd.fingerprint(), Actor: w.caller.Actor, Decision: decision, CreatedAt: w.caller.Now}
	if decision.Nothing() {
		return answered(w.state.Customer, op), nil // it was cancelled before
	}
	if w.caller.RequestKey == "" && cmd.Target == nil && cmd.Exactly == "" && w.state.Repeats(op.Fingerprint, nil, w.caller.Now) {
		return step{}, refusal.Conflict(billing.ReasonEndedJustNow, cmd.ProductID) // it would end another one
	}
	return carryOut(op), nil
}

// ask is the question for the rules, of the customer as they are now.
func (cmd CancelCommand) ask(w *work, id string) (billing.Cancel, error) {
	ask := billing.Cancel{OperationID: id, ProductID: cmd.ProductID, Target: cmd.Exactly, Entity: w.entity, Immediately: cmd.Immediately, Refund: cmd.Refund, Now: w.caller.Now}
	if cmd.Target == nil {
		return ask, nil
	}
	cp, err := w.state.Of(w.entity).Targeted(*cmd.Target, w.caller.Now)
	ask.ProductID, ask.Target = cp.ProductID, cp.ID
	return ask, err
}

func (w work) decideCancel(ctx context.Context, ask billing.Cancel) (billing.Decision, error) {
	return w.creditPaid(ctx, false, func(billed billing.Bills) (billing.Decision, error) {
		ask.Billed = billed
		return billing.DecideCancel(w.state, w.catalog, ask)
	})
}

// fingerprint is equal for commands of one customer that ask for the same, under whichever id.
func (cmd CancelCommand) fingerprint() string {
	asked := fmt.Appendf(nil, "cancel %q %t %t", cmd.ProductID, cmd.Immediately, cmd.Refund)
	if cmd.Target != nil {
		asked = fmt.Appendf(asked, " %q", *cmd.Target)
	}
	if cmd.EntityID != "" {
		asked = fmt.Appendf(asked, " entity %q", cmd.EntityID)
	}
	if cmd.Exactly != "" {
		asked = fmt.Appendf(asked, " exactly %q", cmd.Exactly)
	}
	sum := sha256.Sum256(asked)
	return hex.EncodeToString(sum[:16])
}

// Update changes a product that a customer has: its quantities, version or items, or it
// withdraws its end. A repeated or interrupted call charges once.
func (a *App) Update(ctx context.Context, caller Caller, cmd AttachCommand) (Outcome, error) {
	w, err := a.begin(ctx, caller)
	if err == nil {
		err = cmd.choose(w.catalog)
	}
	if err != nil {
		return Outcome{}, err
	}
	return w.run(ctx, moneyCommand{keyed: true, of: cmd.CustomerID, fingerprint: cmd.fingerprint(), load: existingWith(cmd.CustomerID, cmd.EntityID), decide: cmd.decide})
}

// Did reports whether a command of this Idempotency-Key was carried out before.
func (a *App) Did(ctx context.Context, caller Caller) (bool, error) {
	if caller.RequestKey == "" {
		return false, nil
	}
	_, done, err := a.Store.Done(ctx, caller.Env, a.operationID(caller))
	return done, err
}

// PreviewCancel is the decision that Cancel would take, on the same way to it.
func (a *App) PreviewCancel(ctx context.Context, caller Caller, cmd CancelCommand) (found Preview, err error) {
	w, err := a.begin(ctx, caller)
	if err != nil {
		return Preview{}, err
	}
	w.shows = true
	decide := func(ctx context.Context, w *work) (step, error) {
		if err := w.syncSubscriptions(ctx); err != nil {
			return step{}, err
		}
		ask, err := cmd.ask(w, "preview")
		if err != nil {
			return step{}, err
		}
		d, err := w.decideCancel(ctx, ask)
		if err != nil {
			return step{}, err
		}
		found = Preview{State: billing.AttachState{State: w.state.Of(w.entity), Catalog: w.state.In(w.catalog)}, Decision: d, bare: d}
		if found.Decision.Lines, err = w.withAlone(ctx, found.State, d); err != nil {
			return step{}, err
		}
		return step{}, w.readBalance(ctx, &found.State, found.Decision)
	}
	_, err = w.run(ctx, moneyCommand{load: existingWith(cmd.CustomerID, cmd.EntityID), decide: decide})
	return found, err
}
