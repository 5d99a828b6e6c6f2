package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A DeleteCommand asks for a customer to be forgotten.
type DeleteCommand struct {
	CustomerID string
	Cancel     bool // end what runs first
	InStripe   bool // delete the customer at Stripe, too
}

// DeleteCustomer forgets a customer: products, balances and codes. History
// stays. What is asked of Stripe comes first, as an operation: should the
// process die, the next call or the schedule goes on with it.
func (a *App) DeleteCustomer(ctx context.Context, caller Caller, cmd DeleteCommand) error {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return err
	}
	_, err = retryStale(ctx, a, func() (struct{}, error) {
		if _, done, err := a.done(ctx, caller); done || err != nil {
			return struct{}{}, err
		}
		s, err := a.existing(ctx, caller, cmd.CustomerID)
		if err != nil {
			return struct{}{}, err
		}
		pending := s.Pending()
		idle, _, err := a.awaitIdle(ctx, caller, cat, s)
		if pending != nil && pending.Command == billing.CommandDelete && errors.Is(err, refusal.ErrStale) {
			return struct{}{}, a.deletedSince(ctx, caller, s, err)
		}
		if err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.deleteCustomer(ctx, caller, cat, idle, cmd)
	})
	return err
}

// deletedSince is nil when a deletion in flight came to its end, and err
// otherwise.
func (a *App) deletedSince(ctx context.Context, caller Caller, s billing.State, err error) error {
	now, found, readErr := a.Store.State(ctx, caller.Env, s.Customer.Key())
	if readErr == nil && found && now.Customer.InternalID == s.Customer.InternalID {
		return err
	}
	return readErr
}

func (a *App) deleteCustomer(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, cmd DeleteCommand) error {
	if err := a.closePages(ctx, caller, cat, s); err != nil {
		return err
	}
	if err := a.syncSubscriptions(ctx, caller, cat, s); err != nil {
		return err
	}
	var pages []billing.Operation
	for _, op := range s.Operations {
		if op.State == billing.AwaitingCheckout {
			pages = append(pages, op)
			continue
		}
		if err := a.resume(ctx, caller, cat, s, &op); err != nil && !isFinal(err) { // seats that are still to be billed
			return err
		}
		return refusal.ErrStale
	}
	decision, err := billing.DecideDelete(s, cat, billing.DeleteCustomer{Cancel: cmd.Cancel, InStripe: cmd.InStripe, Pages: pagesOf(pages), Now: caller.Now})
	if err != nil {
		return err
	}
	op := billing.Operation{ID: a.operationID(caller), Command: billing.CommandDelete, Actor: caller.Actor, Decision: decision, CreatedAt: caller.Now,
		Fingerprint: fingerprint([]any{billing.CommandDelete, cmd})}
	if len(decision.Steps) == 0 && rowsOf(s, "").count() <= inOneCommit {
		return a.Store.Commit(ctx, caller.Env, append(a.burial(caller, s, op), idempotencyWrites(s.Customer, op, caller)...)...)
	}
	_, err = a.execute(ctx, caller, cat, s, op)
	return err
}

// closePages deals with pages that are no longer open. One that was paid has
// brought something that the caller does not know of: the command ends there.
func (a *App) closePages(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State) error {
	for _, op := range s.Operations {
		if op.State != billing.AwaitingCheckout {
			continue
		}
		session, err := a.page(ctx, caller, op)
		if errors.Is(err, ErrGone) {
			continue // nobody can pay it
		}
		if err != nil {
			return err
		}
		if session.Status == "open" {
			continue
		}
		if err := a.pageClosed(ctx, caller, cat, s, op, session); err != nil {
			return err
		}
		if session.Status == "complete" {
			return ErrSessionClosed
		}
		return refusal.ErrStale
	}
	return nil
}
