package app

import (
	"context"
	"errors"

	"windfall/shared/billing"
)

// inOneCommit is how many rows of a customer are deleted in the transaction
// that ends the deletion; it leaves room for the other writes of the transaction.
const inOneCommit = 60

// bury ends an operation that forgets a customer: all rows go. Those of a
// customer with very many go in parts; the customer's own row goes last, so that
// the next process continues.
func (w work) bury(ctx context.Context, op billing.Operation, t *tries) error {
	for {
		fresh, found, err := w.Store.State(ctx, w.caller.Env, w.state.Customer.Key())
		if err != nil || !found || fresh.Operation(op.ID) == nil {
			return err // another process has ended it
		}
		w.state = fresh
		rows := rowsOf(fresh, op.ID)
		last := rows.count() <= inOneCommit
		if last && fresh.Customer.Entities.Made > 0 {
			for more := true; more; {
				if more, err = w.Store.DeleteEntities(ctx, w.caller.Env, fresh.Customer.Key(), inOneCommit); err != nil {
					return err
				}
			}
		}
		if !last {
			rows = rows.some(inOneCommit)
		}
		writes, err := w.unusedPages(ctx, rows.Operations)
		if err != nil {
			return err
		}
		if last {
			writes = append(writes, codesAgain(w.state.Customer, w.caller.Now, writes...)...)
			err = w.commit(ctx, append(writes, w.burial(op)...)...)
		} else if err = w.commit(ctx, append(writes, rows)...); err == nil {
			continue
		}
		if !t.again(ctx, w.Pause, err) {
			return err
		}
	}
}

// unusedPages takes back what was counted for pages that nobody will pay.
func (w work) unusedPages(ctx context.Context, pages []billing.Operation) (writes []Write, err error) {
	for _, page := range pages {
		unused, err := w.unused(ctx, billing.State{}, page)
		if err != nil {
			return nil, err
		}
		writes = append(writes, unused...)
	}
	return writes, nil
}

// burial builds the writes that remain of a deleted customer: the history, and the
// owner of the Stripe id.
func (w work) burial(op billing.Operation) []Write {
	writes := []Write{DeleteCustomer{w.state.Customer}, rowsOf(w.state, "")}
	writes = append(writes, w.entries(append(op.NotBilledAudits(w.caller.Now), w.state.DeletionAudit(op, w.caller.Now))...)...)
	if w.state.Customer.ID == "" {
		writes = append(writes, ReleaseEmail{w.state.Customer.Email, w.state.Customer.InternalID})
	}
	if id := w.state.Customer.StripeID; id != "" {
		writes = append(writes, BuryStripe{StripeID: id, Key: w.state.Customer.Key(),
			Owner: billing.StripeOwner{InternalID: w.state.Customer.InternalID, DeletedAt: w.caller.Now, OperationID: op.ID}})
	}
	if c := w.state.Customer; len(w.state.Codes)+len(c.Brought) > 0 {
		writes = append(writes, CloseProgram{Of: c.InternalID, Customer: true, Due: w.caller.Now.Add(stale)})
	}
	return append(writes, w.idempotencyWrites(op)...)
}

// rowsOf lists all rows of a customer but the customer's own, and but one
// operation.
func rowsOf(s billing.State, except string) DeleteRows {
	rows := DeleteRows{Key: s.Customer.Key(), Products: s.Products, Codes: s.Codes, Queue: s.Queue, Redeemed: s.Redeemed, Credits: s.Credits, Guesses: s.Guesses}
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
	if !w.Credits.Empty() {
		n++
	}
	if w.Guesses.Count > 0 {
		n++
	}
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
	if out.Redeemed, n = firstOf(w.Redeemed, n); n > 0 {
		out.Credits = w.Credits
	}
	if n > 1 {
		out.Guesses = w.Guesses
	}
	return out
}

func firstOf[T any](list []T, n int) ([]T, int) {
	k := min(len(list), max(0, n))
	return list[:k], n - k
}

// afterDeletion handles an event about a Stripe customer who was deleted here. A
// charge, made or still to come, is recorded and raises an alarm.
func (w work) afterDeletion(ctx context.Context, owner billing.StripeOwner, event Event) error {
	if event.ObjectType == "charge" { // what others got for this customer may have to go back
		if err := w.needCatalog(ctx, true); err != nil {
			return err
		}
		p, err := w.Payments.Payment(ctx, w.caller.Env, event.ObjectID)
		if err == nil {
			err = w.reversePurchaseOf(ctx, payer{internalID: owner.InternalID}, p)
		}
		if err != nil && !errors.Is(err, ErrGone) {
			return err
		}
	}
	entry, err := w.chargeAfter(ctx, owner, event)
	if err != nil && !errors.Is(err, ErrGone) {
		return err
	}
	writes := []Write{EventDone{event.ID, event.Type, w.caller.Now}}
	if entry != nil {
		entry.ID = w.NewID()
		writes = append(writes, AddAudit{InternalID: owner.InternalID, Audit: *entry})
	}
	return w.commit(ctx, writes...)
}

func (w work) chargeAfter(ctx context.Context, owner billing.StripeOwner, event Event) (*billing.Audit, error) {
	switch event.ObjectType {
	case "checkout.session":
		session, err := w.Payments.Session(ctx, w.caller.Env, event.ObjectID)
		if err != nil || session.Status != "complete" || session.Card != "" {
			return nil, err
		}
		return owner.ChargedByPage(session.Results, w.caller.Now), nil
	case "invoice":
		in, err := w.Payments.Invoice(ctx, w.caller.Env, event.ObjectID)
		if err != nil {
			return nil, err
		}
		return owner.ChargedByInvoice(in, w.caller.Now), nil
	case "subscription", "subscription_schedule":
		sub, err := w.Payments.Subscription(ctx, w.caller.Env, event.ObjectID)
		if err != nil {
			return nil, err
		}
		return owner.ChargedBySubscription(sub, w.caller.Now), nil
	}
	return nil, nil
}
