package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"windfall/shared/billing"
)

// A CancelCommand asks for a customer's product to end.
type CancelCommand struct {
	CustomerID  string
	EntityID    string // whose product it is; "" is the customer's
	ProductID   string
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
	load := func(ctx context.Context, w *work) (found bool, err error) {
		if w.state, err = w.existing(ctx, w.caller, cmd.CustomerID); err == nil {
			err = w.loadEntity(ctx, cmd.EntityID)
		}
		return true, err
	}
	return w.run(ctx, moneyCommand{keyed: true, fingerprint: cmd.fingerprint(), load: load, decide: cmd.decide})
}

func (cmd CancelCommand) decide(ctx context.Context, w *work) (step, error) {
	if err := w.syncSubscriptions(ctx); err != nil {
		return step{}, err
	}
	id := w.operationID(w.caller)
	ask := billing.Cancel{OperationID: id, ProductID: cmd.ProductID, Entity: w.entity, Immediately: cmd.Immediately, Refund: cmd.Refund, Now: w.caller.Now}
	decision, err := w.creditPaid(ctx, false, func(billed billing.Bills) (billing.Decision, error) {
		ask.Billed = billed
		return billing.DecideCancel(w.state, w.catalog, ask)
	})
	if err != nil {
		return step{}, err
	}
	op := billing.Operation{ID: id, Command: "cancel", Fingerprint: cmd.fingerprint(), Actor: w.caller.Actor, Decision: decision, CreatedAt: w.caller.Now}
	if decision.Nothing() {
		return answered(w.state.Customer, op), nil // it was cancelled before
	}
	return carryOut(op), nil
}

// fingerprint is equal for commands that ask for the same.
func (cmd CancelCommand) fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "cancel %q %q %t %t", cmd.CustomerID, cmd.ProductID, cmd.Immediately, cmd.Refund))
	if cmd.EntityID != "" {
		sum = sha256.Sum256(fmt.Appendf(sum[:], " %q", cmd.EntityID))
	}
	return hex.EncodeToString(sum[:16])
}
