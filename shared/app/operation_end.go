package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// finish saves what an operation leads to: an open page, or the products.
func (a *App) finish(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, op billing.Operation) error {
	if op.Command == billing.CommandDelete {
		return a.bury(ctx, caller, s, op)
	}
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		if s.Operation(op.ID) == nil {
			return struct{}{}, nil // another process saved the same
		}
		writes := a.ending(caller, cat, s, op)
		err := a.commit(ctx, caller.Env, writes...)
		if ConflictIn[ClaimTrial](err) && !ConflictIn[SaveCustomer](err) {
			// Another customer of this device was faster. Stripe has the trial
			// already, so it is kept; the claim stands as it is.
			err = a.commit(ctx, caller.Env, without[ClaimTrial](writes)...)
		}
		if ConflictIn[OperationDone](err) {
			return struct{}{}, a.end(ctx, caller, s, op, "The operation had its effect before.")
		}
		if errors.Is(err, refusal.ErrStale) {
			fresh, found, readErr := a.Store.State(ctx, caller.Env, s.Customer.Key())
			if readErr != nil || !found {
				return struct{}{}, errors.Join(err, readErr)
			}
			s = fresh
		}
		return struct{}{}, err
	})
	return err
}

// ending spells out what an operation leaves behind.
func (a *App) ending(caller Caller, cat *catalog.Catalog, s billing.State, op billing.Operation) []Write {
	if op.Decision.Page {
		return append(a.pageOpened(s, op), a.stripeIDWrites(s, op)...)
	}
	if op.Command == billing.BillSeats {
		return append(a.seatsBilled(caller, s, op), a.stripeIDWrites(s, op)...)
	}
	done := op.Settle(s, cat, op.Results, caller.Now)
	done.Customer.PendingOperation = ""
	writes := append(a.writes(cat, s.Customer.Key(), done, caller), EndOperation{s.Customer.Key(), op.ID})
	return append(append(writes, a.stripeIDWrites(s, op)...), idempotencyWrites(s.Customer, op, caller)...)
}

// pageOpened lets the operation wait for its page, and the customer go on.
func (a *App) pageOpened(s billing.State, op billing.Operation) []Write {
	op.State = billing.AwaitingCheckout
	c := s.Customer
	c.PendingOperation = ""
	c.StripeID = op.Results.CustomerID
	return []Write{SaveCustomer{c}, SaveOperation{Key: s.Customer.Key(), Operation: op, Due: dueOf(op)}}
}

// stripeIDWrites saves what Stripe's answers taught beside the purchase itself: the
// ids of the customer and of new prices, and the pages that are closed.
func (a *App) stripeIDWrites(s billing.State, op billing.Operation) []Write {
	var writes []Write
	if id := op.Results.CustomerID; id != "" && id != s.Customer.StripeID {
		writes = append(writes, LinkStripe{StripeID: id, Key: s.Customer.Key(), InternalID: s.Customer.InternalID})
	}
	prices := map[string]bool{} // the change and the plan that follows it may both need one
	for _, step := range op.Decision.Steps {
		if step.Price != nil && !prices[step.Price.ItemID] {
			prices[step.Price.ItemID] = true
			writes = append(writes, SaveStripePrice{step.Price.ItemID, op.Results.Prices[step.Price.ItemID]})
		}
		if step.ExpireSession != nil && s.Operation(step.ExpireSession.OperationID) != nil {
			writes = append(writes, EndOperation{s.Customer.Key(), step.ExpireSession.OperationID})
		}
	}
	return writes
}

// end closes an operation that led to nothing and leaves every row as it was.
func (a *App) end(ctx context.Context, caller Caller, s billing.State, op billing.Operation, why string) error {
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		fresh, found, err := a.Store.State(ctx, caller.Env, s.Customer.Key())
		if err != nil || !found || fresh.Operation(op.ID) == nil {
			return struct{}{}, err
		}
		if fresh.Customer.PendingOperation == op.ID {
			fresh.Customer.PendingOperation = ""
		}
		_, err = a.saveCustomer(ctx, caller, fresh, EndOperation{fresh.Customer.Key(), op.ID},
			AddAudit{fresh.Customer.InternalID, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: op.Actor,
				Action: op.Command, Rule: "refused", Why: why, OperationID: op.ID}})
		return struct{}{}, err
	})
	return err
}
