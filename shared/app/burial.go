package app

import (
	"context"

	"windfall/shared/billing"
)

// inOneCommit is how many rows of a customer are deleted in the transaction
// that ends the deletion; it leaves room for what is saved with them.
const inOneCommit = 80

// bury ends an operation that forgets a customer: all rows go. Those of a
// customer of very many go in parts; the customer's own row goes last, so that
// whoever comes next goes on.
func (a *App) bury(ctx context.Context, caller Caller, s billing.State, op billing.Operation) error {
	for more := true; more; {
		var err error
		if more, err = retryStale(ctx, a, func() (bool, error) {
			fresh, found, err := a.Store.State(ctx, caller.Env, s.Customer.Key())
			if err != nil || !found || fresh.Operation(op.ID) == nil {
				return false, err // another process has ended it
			}
			rows := rowsOf(fresh, op.ID)
			if rows.count() > inOneCommit {
				return true, a.Store.Commit(ctx, caller.Env, rows.some(inOneCommit))
			}
			return false, a.Store.Commit(ctx, caller.Env, append(a.burial(caller, fresh, op), idempotencyWrites(fresh.Customer, op, caller)...)...)
		}); err != nil {
			return err
		}
	}
	return nil
}

// burial spells out what the end of a customer leaves behind: the history, and
// at the Stripe id whose it was.
func (a *App) burial(caller Caller, s billing.State, op billing.Operation) []Write {
	entry := s.DeletionAudit(op, caller.Now)
	entry.ID = a.NewID()
	writes := []Write{DeleteCustomer{s.Customer}, rowsOf(s, ""), AddAudit{s.Customer.InternalID, entry}}
	if s.Customer.ID == "" {
		writes = append(writes, ReleaseEmail{s.Customer.Email, s.Customer.InternalID})
	}
	if id := s.Customer.StripeID; id != "" {
		writes = append(writes, BuryStripe{StripeID: id, Key: s.Customer.Key(),
			Owner: billing.StripeOwner{InternalID: s.Customer.InternalID, DeletedAt: caller.Now, OperationID: op.ID}})
	}
	return writes
}

// rowsOf lists all rows of a customer but the customer's own, and but one
// operation.
func rowsOf(s billing.State, except string) DeleteRows {
	rows := DeleteRows{Key: s.Customer.Key(), Products: s.Products, Codes: s.Codes, Queue: s.Queue, Redeemed: s.Redeemed}
	for _, op := range s.Operations {
		if op.ID != except {
			rows.Operations = append(rows.Operations, op)
		}
	}
	for _, b := range s.Balances {
		rows.Balances = append(rows.Balances, b)
	}
	return rows
}

// count is how many rows there are, with the shards of balances.
func (w DeleteRows) count() int {
	n := len(w.Products) + len(w.Operations) + len(w.Codes) + len(w.Queue) + len(w.Redeemed)
	for _, b := range w.Balances {
		n += 1 + b.Shards.Count
	}
	return n
}

// some is as many of the rows as fit into n, and at least one.
func (w DeleteRows) some(n int) DeleteRows {
	out := DeleteRows{Key: w.Key}
	for _, b := range w.Balances {
		if len(out.Balances) == 0 || out.count()+1+b.Shards.Count <= n {
			out.Balances = append(out.Balances, b)
		}
	}
	n -= out.count()
	out.Products, n = firstOf(w.Products, n)
	out.Operations, n = firstOf(w.Operations, n)
	out.Codes, n = firstOf(w.Codes, n)
	out.Queue, n = firstOf(w.Queue, n)
	out.Redeemed, _ = firstOf(w.Redeemed, n)
	return out
}

func firstOf[T any](list []T, n int) ([]T, int) {
	k := min(len(list), max(0, n))
	return list[:k], n - k
}
