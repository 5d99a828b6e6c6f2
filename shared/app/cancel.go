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
	ProductID   string
	Immediately bool
	Refund      bool // credit the time left; only with Immediately
}

// Cancel ends a product at once or with its period. A repeated or interrupted
// call ends it once.
func (a *App) Cancel(ctx context.Context, caller Caller, cmd CancelCommand) (Outcome, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return Outcome{}, err
	}
	return retryStale(ctx, a, func() (Outcome, error) {
		if before, done, err := a.done(ctx, caller); done || err != nil {
			return before, err
		}
		s, err := a.existing(ctx, caller, cmd.CustomerID)
		if err != nil {
			return Outcome{}, err
		}
		s, finished, err := a.awaitIdle(ctx, caller, cat, s)
		if err != nil {
			return Outcome{}, err
		}
		if finished != nil && finished.Fingerprint == cmd.fingerprint() {
			return outcome(s.Customer, *finished), nil // it was this very call, made before
		}
		if err := a.syncSubscriptions(ctx, caller, cat, s); err != nil {
			return Outcome{}, err
		}
		id := a.operationID(caller)
		decision, err := billing.DecideCancel(s, cat, billing.Cancel{OperationID: id, ProductID: cmd.ProductID,
			Immediately: cmd.Immediately, Refund: cmd.Refund, Now: caller.Now})
		if err != nil {
			return Outcome{}, err
		}
		op := billing.Operation{ID: id, Command: "cancel", Fingerprint: cmd.fingerprint(), Actor: caller.Actor, Decision: decision, CreatedAt: caller.Now}
		if decision.Nothing() {
			return outcome(s.Customer, op), nil // it was cancelled before
		}
		return a.execute(ctx, caller, cat, s, op)
	})
}

// fingerprint is equal for commands that ask for the same.
func (cmd CancelCommand) fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "cancel %q %q %t %t", cmd.CustomerID, cmd.ProductID, cmd.Immediately, cmd.Refund))
	return hex.EncodeToString(sum[:16])
}
