package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"windfall/shared/billing"
)

// An Outcome is what a money command answers.
type Outcome struct {
	CustomerID string
	ProductIDs []string
	Code       string
	Message    string
	URL        string           // where the customer pays
	Invoice    *billing.Invoice // in invoice mode
}

// outcome is read off the operation, so that whoever finishes it answers the
// same.
func outcome(c billing.Customer, op billing.Operation) Outcome {
	d := op.Decision
	return Outcome{CustomerID: c.Key(), ProductIDs: op.ProductIDs(), Code: d.Code, Message: d.Message,
		URL: op.Results.URL, Invoice: op.Results.Invoice}
}

// execute carries a new operation out: what costs nothing is saved at once;
// everything else is recorded before Stripe is touched.
func (a *App) execute(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, op billing.Operation) (Outcome, error) {
	if len(op.Decision.Steps) == 0 {
		done := op.Settle(s, catalog, billing.Results{}, who.Now)
		err := a.Store.Commit(ctx, who.Env, append(a.writes(catalog, s.Customer.Key(), done, who), onceOnly(s.Customer, op, who)...)...)
		if Refused[OperationDone](err) {
			err = nil
		}
		return outcome(s.Customer, op), err
	}
	op.State, op.Number, op.Lease = billing.Running, s.Customer.Version+1, who.Now.Add(stale)
	s.Customer.PendingOperation = op.ID
	record := []Write{SaveOperation{Key: s.Customer.Key(), Operation: op, Due: dueOf(op)}}
	for _, cp := range op.Decision.Start {
		record = append(record, held(catalog, cp)...) // from here on an edit makes a new version
	}
	s, err := a.saveCustomer(ctx, who, s, record...)
	if err != nil {
		return Outcome{}, err
	}
	s.Operations = append(s.Operations, op)
	err = a.letGo(ctx, who, op, s, a.carryOut(ctx, who, catalog, s, &op))
	return outcome(s.Customer, op), err
}

// carryOut takes the steps of a recorded operation and ends it; op is then as
// it ended. It may be called for the same operation any number of times, by
// anybody: the steps have the same keys and the same words, and only one
// caller saves.
func (a *App) carryOut(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, op *billing.Operation) error {
	err := a.take(ctx, who, s.Customer, op)
	if ended(err) {
		if failed := a.end(ctx, who, s, *op, err.Error()); failed != nil { // no answer is final before it is saved
			return fmt.Errorf("end an operation that was refused (%s): %w", err.Error(), failed)
		}
		return err
	}
	if err != nil {
		return err // it stays pending; the next call, or the sweep, goes on
	}
	return a.finish(ctx, who, catalog, s, *op)
}

// take asks Stripe for each step in turn. A refused card goes on with what the
// decision has for that case.
func (a *App) take(ctx context.Context, who Caller, c billing.Customer, op *billing.Operation) error {
	ref := Ref{OperationID: op.ID, CustomerID: c.Key(), InternalID: c.InternalID, ProductIDs: op.ProductIDs(),
		Number: op.Number, CreatedAt: op.CreatedAt, Now: who.Now}
	r, taken := billing.Results{CustomerID: c.StripeID}, map[string]bool{}
	for i := 0; i < len(op.Decision.Steps); i++ {
		step := op.Decision.Steps[i]
		if taken[step.Name] {
			continue
		}
		next, err := a.Payments.Take(ctx, who.Env, ref, step, r)
		var refused *billing.Error
		if errors.As(err, &refused) && refused.Kind == billing.KindPayment && op.Decision.Declined != nil {
			op.Decision, i = *op.Decision.Declined, -1
			continue
		}
		if step.Plan != nil && ended(err) && charged(op.Decision.Steps[:i]) {
			next, err = r, nil // the customer has paid, and gets what was paid for
			next.PlanRefused = refused.Message
		}
		if err != nil {
			return err
		}
		r, taken[step.Name] = next, true
	}
	op.Results = r
	return nil
}

// charged reports whether any of the steps moved money or what it is due for.
func charged(steps []billing.Step) bool {
	return slices.ContainsFunc(steps, func(s billing.Step) bool {
		return s.Subscription != nil || s.Invoice != nil || s.Usage != nil || s.Change != nil || s.End != nil
	})
}

// finish saves what an operation leads to: an open page, or the products.
func (a *App) finish(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, op billing.Operation) error {
	_, err := again(ctx, a, func() (struct{}, error) {
		if s.Operation(op.ID) == nil {
			return struct{}{}, nil // another process saved the same
		}
		writes := a.ending(who, catalog, s, op)
		err := a.commit(ctx, who.Env, writes...)
		if Refused[ClaimTrial](err) && !Refused[SaveCustomer](err) {
			// Another customer of this device was faster. Stripe has the trial
			// already, so it is kept; the claim stands as it is.
			err = a.commit(ctx, who.Env, without[ClaimTrial](writes)...)
		}
		if Refused[OperationDone](err) {
			return struct{}{}, a.end(ctx, who, s, op, "The operation had its effect before.")
		}
		if errors.Is(err, billing.ErrStale) {
			fresh, found, readErr := a.Store.State(ctx, who.Env, s.Customer.Key())
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
func (a *App) ending(who Caller, catalog *billing.Catalog, s billing.State, op billing.Operation) []Write {
	if op.Decision.Page {
		return append(a.pageOpened(s, op), a.learned(s, op)...)
	}
	if op.Command == billing.BillSeats {
		return append(a.seatsBilled(who, s, op), a.learned(s, op)...)
	}
	done := op.Settle(s, catalog, op.Results, who.Now)
	done.Customer.PendingOperation = ""
	writes := append(a.writes(catalog, s.Customer.Key(), done, who), EndOperation{s.Customer.Key(), op.ID})
	return append(append(writes, a.learned(s, op)...), onceOnly(s.Customer, op, who)...)
}

// pageOpened lets the operation wait for its page, and the customer go on.
func (a *App) pageOpened(s billing.State, op billing.Operation) []Write {
	op.State = billing.Waiting
	c := s.Customer
	c.PendingOperation = ""
	c.StripeID = op.Results.CustomerID
	return []Write{SaveCustomer{c}, SaveOperation{Key: s.Customer.Key(), Operation: op, Due: dueOf(op)}}
}

// learned saves what Stripe's answers taught beside the purchase itself: the
// ids of the customer and of new prices, and the pages that are closed.
func (a *App) learned(s billing.State, op billing.Operation) []Write {
	var writes []Write
	if id := op.Results.CustomerID; id != "" && id != s.Customer.StripeID {
		writes = append(writes, LinkStripe{StripeID: id, Key: s.Customer.Key()})
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
func (a *App) end(ctx context.Context, who Caller, s billing.State, op billing.Operation, why string) error {
	_, err := again(ctx, a, func() (struct{}, error) {
		fresh, found, err := a.Store.State(ctx, who.Env, s.Customer.Key())
		if err != nil || !found || fresh.Operation(op.ID) == nil {
			return struct{}{}, err
		}
		if fresh.Customer.PendingOperation == op.ID {
			fresh.Customer.PendingOperation = ""
		}
		_, err = a.saveCustomer(ctx, who, fresh, EndOperation{fresh.Customer.Key(), op.ID},
			AddAudit{fresh.Customer.InternalID, billing.Audit{ID: a.NewID(), At: who.Now, Actor: op.Actor,
				Action: op.Command, Rule: "refused", Why: why, OperationID: op.ID}})
		return struct{}{}, err
	})
	return err
}

// ended reports whether an error closed its operation: Stripe refused it for
// good. Any other leaves it to be finished later.
func ended(err error) bool {
	var refused *billing.Error
	return errors.As(err, &refused) && refused.Kind != billing.KindUnavailable && refused.Kind != billing.KindThrottled &&
		!errors.Is(err, billing.ErrStale)
}

// operationID names the operation of a request. With an Idempotency-Key it
// follows from the key, so that the same request asked again after a crash,
// even after its operation ended, asks Stripe the same and saves nothing twice.
func (a *App) operationID(who Caller) string {
	if who.RequestKey == "" {
		return a.NewID()
	}
	sum := sha256.Sum256([]byte(string(who.Env) + "\x00" + who.RequestKey))
	return keyed + hex.EncodeToString(sum[:12])
}

// keyed begins the id of an operation that a request key names.
const keyed = "key_"

// onceOnly is the write that keeps a keyed operation from having its effect
// again.
func onceOnly(c billing.Customer, op billing.Operation, who Caller) []Write {
	if !strings.HasPrefix(op.ID, keyed) {
		return nil
	}
	return []Write{OperationDone{op.ID, outcome(c, op), who.Now}}
}

// done returns what a keyed request led to when it was made before and its
// answer was lost.
func (a *App) done(ctx context.Context, who Caller) (Outcome, bool, error) {
	if who.RequestKey == "" {
		return Outcome{}, false, nil
	}
	return a.Store.Done(ctx, who.Env, a.operationID(who))
}
