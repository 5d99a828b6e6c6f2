package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// work is a command in progress: the caller, the catalog as it was read for the
// command, and the customer as read last. It is a value: a try changes its own
// copy, and leaves nothing but the catalog to the next.
type work struct {
	*App
	caller     Caller
	catalog    *catalog.Catalog
	state      billing.State
	entity     entitlement.EntityRef          // that the command is about; zero is the customer
	marked     []string                       // versions that were marked as in use since the catalog was read
	entitySeat []billing.Line                 // what the seat of an entity costs that a preview makes up
	counts     bool                           // how often rewards were used is read, too: a count kept a use from being saved
	shows      bool                           // it is a preview, which tells of the next period, too
	given      map[string]referral.Redemption // redemptions of which a side was given, or gave back, its reward; nil where nobody asks
	waiting    *waiting                       // of an attach that names a reward, which may lower what waits; else nil
}

// begin reads the catalog for a command, which decides on it to its end.
func (a *App) begin(ctx context.Context, caller Caller) (work, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	return work{App: a, caller: caller, catalog: cat}, err
}

// needCatalog reads the catalog for a command that seldom needs it, unless it
// has; fresh as for Store.Catalog.
func (w *work) needCatalog(ctx context.Context, fresh bool) (err error) {
	if w.catalog == nil {
		w.catalog, err = w.Store.Catalog(ctx, w.caller.Env, fresh)
	}
	return err
}

// catalogAfter reads the catalog again, after the customer: it has the prices
// at Stripe of all that the customer holds, which are saved with it.
func (w *work) catalogAfter(ctx context.Context) error {
	w.catalog = nil
	return w.needCatalog(ctx, true)
}

// A moneyCommand is what one money command does by itself; the rest is run.
type moneyCommand struct {
	fingerprint string // equal for commands that ask for the same; "" is equal to none
	keyed       bool   // an Idempotency-Key names its operation; see App.operationID
	of          string // id of the customer, as a keyed one names them

	// load reads the customer into w.state. Without one there is nothing to do.
	load func(ctx context.Context, w *work) (found bool, err error)

	// decide makes the decision. The customer is idle: no money
	// command is in flight.
	decide func(ctx context.Context, w *work) (step, error)
}

// A step is the result of one try of a command: an operation to carry out, or the
// outcome.
type step struct {
	work    work
	op      *billing.Operation // nil when there is nothing to carry out
	outcome Outcome
	resumed bool    // op was recorded before: it is another command's, or an earlier request's
	first   bool    // once op has ended the command is decided again
	counts  []Write // of the reward that op gives, saved with it
}

// run carries a money command out: load, decide, record, pay, save. The
// operation is recorded before Stripe is asked, so that the next command or the
// sweep continues it after a crash. A customer that changed meanwhile is decided
// again; an abandoned operation of the customer is ended first. The error is
// refusal.ErrBusy when another command runs for too long.
func (w *work) run(ctx context.Context, cmd moneyCommand) (Outcome, error) {
	return retry(ctx, w.Pause, func(t *tries) (Outcome, error) {
		s, err := w.prepare(ctx, cmd)
		if err != nil || s.op == nil {
			return s.outcome, err
		}
		err = s.work.carry(ctx, s.op, s.resumed, t)
		done := outcome(s.work.state.Customer, *s.op)
		if err == nil && s.op.GivesCredits() {
			w.applyRewards(ctx, billing.Earned{Credits: []string{s.work.state.Customer.Key()}})
		}
		switch {
		case s.resumed && err == nil && cmd.fingerprint != "" && cmd.fingerprint == s.op.Fingerprint:
			return done, nil // it was this very command, given before
		case s.resumed && (err == nil || isFinal(err)), s.first && err == nil:
			return Outcome{}, refusal.ErrStale
		case errors.Is(err, ErrSubscriptionChanged):
			return Outcome{}, s.work.syncChanged(ctx, *s.op, err)
		case errors.Is(err, ErrSubscriptionEnded):
			return Outcome{}, s.work.syncEnded(ctx, *s.op, err)
		}
		return done, err
	})
}

// prepare is a try up to the recorded operation. Nothing has been asked of
// Stripe that costs anything.
func (base *work) prepare(ctx context.Context, cmd moneyCommand) (step, error) {
	w := *base
	defer func() { base.catalog = w.catalog }()
	if cmd.keyed && w.caller.RequestKey != "" {
		before, done, err := w.Store.Done(ctx, w.caller.Env, w.operationID(w.caller))
		if err == nil && done && before.Fingerprint != "" && (before.Fingerprint != cmd.fingerprint || before.CustomerID != cmd.of) {
			err = errKeyReused
		}
		if done || err != nil {
			return step{outcome: before}, err // the request was made before, and its answer lost
		}
	}
	if found, err := cmd.load(ctx, &w); err != nil || !found {
		return step{}, err
	}
	if op := w.state.Pending(); op != nil {
		if err := w.needCatalog(ctx, true); err != nil {
			return step{}, err
		}
		return w.takeOver(ctx, *op)
	}
	s, err := cmd.decide(ctx, &w)
	if err != nil || s.op == nil || s.resumed {
		return s, err
	}
	if err := w.needCatalog(ctx, true); err != nil {
		return step{}, err
	}
	s, err = w.record(ctx, s)
	base.counts = base.counts || counted(err)
	if ConflictIn[SaveSettings](err) {
		w.catalog = nil // it is decided again on the settings as they are now
		if other := w.needCatalog(ctx, true); other != nil {
			return step{}, other
		}
	}
	return s, err
}

// existingCustomer is load for a customer that must be there.
func existingCustomer(id string) func(context.Context, *work) (bool, error) {
	return func(ctx context.Context, w *work) (found bool, err error) {
		w.state, err = w.existing(ctx, w.caller, id)
		return true, err
	}
}

// answered is a command with nothing to carry out.
func answered(c billing.Customer, op billing.Operation) step { return step{outcome: outcome(c, op)} }

// carryOut is a command that comes to an operation.
func carryOut(op billing.Operation) step { return step{op: &op} }

// record saves a new operation. One that costs nothing has its effect at once,
// and is not carried out then.
func (w work) record(ctx context.Context, s step) (step, error) {
	op := s.op
	if len(op.Decision.Steps) == 0 && op.Command != billing.CommandDelete {
		done := op.Settle(w.state, w.catalog, billing.Results{}, w.caller.Now)
		sides, err := w.sideWrites(ctx, *op, done)
		if err == nil {
			err = w.commit(ctx, append(append(w.writes(w.state.Customer.Key(), done), sides...), w.idempotencyWrites(*op)...)...)
		}
		if ConflictIn[OperationDone](err) {
			err = nil
		}
		if err == nil && s.first {
			err = refusal.ErrStale
		}
		return answered(w.state.Customer, *op), err
	}
	number := w.state.Customer.NextCommand(w.caller.Now)
	op.State, op.Number, op.Lease = billing.Running, number, w.caller.asked().Add(stale)
	w.state.Customer.PendingOperation, w.state.Customer.Commands = op.ID, number
	writes := []Write{SaveOperation{Key: w.state.Customer.Key(), Operation: *op, Due: dueOf(*op)}}
	writes = append(writes, w.holdSeats(*op)...)
	for _, cp := range op.Decision.Start {
		writes = append(writes, w.markVersionInUse(cp)...) // from here on an edit makes a new version
	}
	writes = slices.Concat(writes, w.ownPrices(op.Decision), s.counts)
	var err error
	if w.state, err = w.saveCustomer(ctx, w.caller, w.state, writes...); err != nil {
		return step{}, err
	}
	w.state.Operations = append(w.state.Operations, *op)
	for _, cp := range op.Decision.Start {
		w.marked = append(w.marked, catalog.VersionKey(cp.ProductID, cp.Version))
	}
	for _, row := range s.counts {
		if saved, is := row.(SaveCredits); is {
			w.state.Credits = saved.Credits
			w.state.Credits.Version++
		}
	}
	s.work = w
	return s, nil
}

// An Outcome is the answer to a money command.
type Outcome struct {
	CustomerID string            `json:"customer_id,omitzero"`
	ProductIDs []string          `json:"product_ids,omitzero"`
	Effect     billing.Effect    `json:"effect,omitzero"`
	Subject    billing.Subject   `json:"subject,omitzero"`
	URL        string            `json:"url,omitzero"`      // where the customer pays
	Invoice    *billing.Invoice  `json:"invoice,omitempty"` // that the command made
	Cause      billing.PageCause `json:"cause,omitzero"`    // why the customer pays at URL although no page was asked for

	Fingerprint string `json:"fingerprint,omitzero"` // of the command; "" of one from before it was kept
}

// outcome is read from the operation, so that every process that finishes it gives
// the same answer.
func outcome(c billing.Customer, op billing.Operation) Outcome {
	d := op.Decision
	return Outcome{CustomerID: c.Key(), ProductIDs: op.ProductIDs(), Effect: d.Effect, Subject: d.Subject,
		URL: op.Results.URL, Invoice: op.Results.Invoice, Cause: d.Cause, Fingerprint: op.Fingerprint}
}

// perform carries out each step at Stripe in turn. After a refused card it
// continues with the decision's steps for that case.
func (w work) perform(ctx context.Context, op *billing.Operation) error {
	c := w.state.Customer
	ref := Ref{OperationID: op.ID, CustomerID: c.Key(), InternalID: c.InternalID, ProductIDs: op.ProductIDs(),
		Number: op.Number, CreatedAt: op.CreatedAt, Now: w.caller.Now, Notes: op.Notes}
	r, taken := billing.Results{CustomerID: c.StripeID}, map[string]bool{}
	for i := 0; i < len(op.Decision.Steps); i++ {
		step := op.Decision.Steps[i]
		if taken[step.Name] {
			continue
		}
		next, err := w.Payments.Perform(ctx, w.caller.Env, ref, step, r)
		var refused *refusal.Error
		if errors.As(err, &refused) && refused.Kind == refusal.KindDeclined && op.Decision.Declined != nil {
			op.Decision, i = *op.Decision.Declined, -1
			continue
		}
		if step.Plan != nil && isFinal(err) && charged(op.Decision.Steps[:i]) {
			next, err = r, nil // the customer has paid, and gets the product
			next.PlanRefused = refused.Said()
		}
		if step.Discount != nil && step.Discount.OnSubscription && isFinal(err) {
			next, err = r, nil // likewise
			next.RewardRefused = refused.Said()
		}
		if step.Invoice != nil && changed(op.Decision.Steps[:i]) {
			err = w.owedAfter(ctx, err)
		}
		if err != nil {
			return w.withdrawPage(ctx, ref, r, err)
		}
		r, taken[step.Name] = next, true
	}
	op.Results = r
	return nil
}

// withdrawPage closes the page of an operation that was refused for good, such
// as when the page it replaces was paid at this moment. No caller has its address.
// If that fails, the operation is finished later.
func (w work) withdrawPage(ctx context.Context, ref Ref, r billing.Results, refused error) error {
	if r.SessionID == "" || !isFinal(refused) {
		return refused
	}
	_, err := w.Payments.Perform(ctx, w.caller.Env, ref, billing.Step{Name: "withdraw",
		ExpireSession: &billing.ExpireSession{SessionID: r.SessionID, OperationID: ref.OperationID}}, r)
	switch {
	case isFinal(err): // it may still be paid, or was: no operation ends then, and an alarm rings
		return fmt.Errorf("close a page after a refusal (%s): %s", refused.Error(), err.Error())
	case err != nil:
		return fmt.Errorf("close a page after a refusal (%s): %w", refused.Error(), err)
	}
	return refused
}

// charged reports whether any step moved money or changed what is owed.
func charged(steps []billing.Step) bool {
	return slices.ContainsFunc(steps, func(s billing.Step) bool {
		return s.Subscription != nil || s.Invoice != nil || s.Usage != nil || s.Change != nil || s.End != nil
	})
}

// changed reports whether any step changed a subscription that runs.
func changed(steps []billing.Step) bool {
	return slices.ContainsFunc(steps, func(s billing.Step) bool { return s.Change != nil })
}
