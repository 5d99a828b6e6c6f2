package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// A DeleteCommand asks for a customer to be forgotten.
type DeleteCommand struct {
	CustomerID string
	Cancel     bool // end what runs first
	InStripe   bool // delete the customer at Stripe, too
}

// DeleteCustomer forgets a customer: products, balances and codes. History
// stays. The steps at Stripe come first, as an operation: if the process
// dies, the next call or the sweep continues it.
func (a *App) DeleteCustomer(ctx context.Context, caller Caller, cmd DeleteCommand) error {
	w, err := a.begin(ctx, caller)
	if err != nil {
		return err
	}
	var going string // the internal id of the customer whose deletion is in flight
	_, err = w.run(ctx, moneyCommand{keyed: true, of: cmd.CustomerID, fingerprint: cmd.fingerprint(),
		load: func(ctx context.Context, w *work) (found bool, err error) {
			w.state, err = w.existing(ctx, w.caller, cmd.CustomerID)
			if going != "" && (errors.Is(err, refusal.ErrCustomerNotFound("")) || err == nil && w.state.Customer.InternalID != going) {
				return false, nil // that deletion came to its end
			}
			if pending := w.state.Pending(); pending != nil && pending.Command == billing.CommandDelete {
				going = w.state.Customer.InternalID
			}
			return true, err
		},
		decide: cmd.decide})
	return err
}

func (cmd DeleteCommand) decide(ctx context.Context, w *work) (step, error) {
	if err := w.closePages(ctx); err != nil {
		return step{}, err
	}
	if err := w.syncSubscriptions(ctx); err != nil {
		return step{}, err
	}
	var pages []billing.Operation
	for _, op := range w.state.Operations {
		if op.State != billing.AwaitingCheckout { // seats that are still to be billed
			return w.takeOver(ctx, op)
		}
		pages = append(pages, op)
	}
	ask := billing.DeleteCustomer{Cancel: cmd.Cancel, InStripe: cmd.InStripe, Pages: pagesOf(pages), Now: w.caller.Now}
	if w.state.Customer.StripeID != "" && !cmd.InStripe { // deleting there ends all that runs
		running, err := w.Payments.Running(ctx, w.caller.Env, w.state.Customer.StripeID)
		if err != nil {
			return step{}, err
		}
		ask.AtStripe = running
	}
	decision, err := billing.DecideDelete(w.state, w.catalog, ask)
	if err != nil {
		return step{}, err
	}
	op := billing.Operation{ID: w.operationID(w.caller), Command: billing.CommandDelete, Fingerprint: cmd.fingerprint(),
		Actor: w.caller.Actor, Decision: decision, CreatedAt: w.caller.Now}
	if len(decision.Steps) == 0 && rowsOf(w.state, "").count() <= inOneCommit && w.state.Customer.Entities.Made == 0 {
		return step{}, w.commit(ctx, w.burial(op)...)
	}
	return carryOut(op), nil
}

// fingerprint is equal for commands that ask for the same.
func (cmd DeleteCommand) fingerprint() string { return fingerprint([]any{billing.CommandDelete, cmd}) }

// closePages deals with pages that are no longer open. One that was paid has
// brought something that the caller does not know of: the command ends there.
func (w work) closePages(ctx context.Context) error {
	for _, op := range w.state.Operations {
		if op.State != billing.AwaitingCheckout {
			continue
		}
		session, err := w.page(ctx, op)
		if errors.Is(err, ErrGone) {
			continue // it cannot be paid
		}
		if err != nil {
			return err
		}
		if session.Status == "open" {
			continue
		}
		if err := w.pageClosed(ctx, op, session); err != nil {
			return err
		}
		if session.Status == "complete" {
			return ErrSessionClosed
		}
		return refusal.ErrStale
	}
	return nil
}
