package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// knownLinkStays is linkStays for a customer that may be known, before anything
// is filled in.
func (a *App) knownLinkStays(ctx context.Context, caller Caller, cmd CustomerCommand) error {
	if cmd.StripeID == "" {
		return nil
	}
	s, found, err := a.Store.State(ctx, caller.Env, cmd.ID)
	if err != nil || !found {
		return err
	}
	return a.linkStays(ctx, caller, s, cmd)
}

// linkStays refuses another stripe_id for a customer whose present one is at
// Stripe. One that was deleted there gives way.
func (a *App) linkStays(ctx context.Context, caller Caller, s billing.State, cmd CustomerCommand) error {
	if !cmd.relinks(s.Customer) {
		return nil
	}
	c, err := a.Payments.Customer(ctx, caller.Env, s.Customer.StripeID)
	if err == nil && c.Found {
		err = refusal.Invalid(ReasonStripeCustomerFixed, s.Customer.StripeID)
	}
	return err
}

// relinks reports whether the command names another Stripe customer than the
// one that the customer is.
func (cmd CustomerCommand) relinks(c billing.Customer) bool {
	return cmd.StripeID != "" && c.StripeID != "" && cmd.StripeID != c.StripeID
}

// linkStripe gives a customer its Stripe side when the call asks for one.
func (a *App) linkStripe(ctx context.Context, caller Caller, s billing.State, cmd CustomerCommand) (billing.State, error) {
	switch {
	case cmd.StripeID == "" && cmd.MakeStripe:
		return a.atStripe(ctx, caller, s.Customer.Key())
	case cmd.StripeID == "", cmd.StripeID == s.Customer.StripeID:
		return s, nil
	}
	return RetryStale(ctx, a.Pause, func() (billing.State, error) {
		s, err := a.existing(ctx, caller, s.Customer.Key())
		switch {
		case err != nil || s.Customer.StripeID == cmd.StripeID:
			return s, err
		case s.Pending() != nil:
			return s, refusal.ErrStale // it takes its steps with the customer that it began with
		}
		if err := a.linkStays(ctx, caller, s, cmd); err != nil {
			return s, err
		}
		if cmd.relinks(s.Customer) { // what was billed with the former one has ended
			w := work{App: a, caller: caller, state: s}
			if err := w.syncAll(ctx); err != nil {
				return s, err
			}
		}
		if s.Customer.Address != nil {
			to := billing.Customer{ID: s.Customer.ID, InternalID: s.Customer.InternalID, StripeID: cmd.StripeID, Address: s.Customer.Address}
			if err := a.Payments.UpdateCustomer(ctx, caller.Env, to); err != nil {
				return s, err
			}
		}
		s.Customer.AddressUntold = false
		return a.saveLink(ctx, caller, s, cmd.StripeID)
	})
}

// saveLink links a customer to a Stripe customer. The look-up of the former one
// stays, so that its last events find their customer.
func (a *App) saveLink(ctx context.Context, caller Caller, s billing.State, id string) (billing.State, error) {
	writes := []Write{LinkStripe{StripeID: id, Key: s.Customer.Key(), InternalID: s.Customer.InternalID}}
	writes = append(writes, codesAgain(s.Customer, caller.Now)...)
	if old := s.Customer.StripeID; old != "" {
		writes = append(writes, AuditOf(s.Customer, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: caller.Actor, Action: "link_stripe",
			Rule: "stripe_customer", Why: "The customer was linked to another customer at Stripe.", Changes: []billing.Change{{Field: "stripe_id", Old: old, New: id}}}))
	}
	if !s.Credits.Empty() { // they go on the new balance
		writes = append(writes, work{App: a, caller: caller}.saveCredits(s.Customer.Key(), id, s.Credits))
	}
	s.Customer.StripeID = id
	s, err := a.saveCustomer(ctx, caller, s, writes...)
	if ConflictIn[LinkStripe](err) {
		return s, refusal.Conflict(ReasonStripeCustomerTaken, id)
	}
	return s, err
}

// ErrGone means that Stripe no longer has an object. Nothing can be
// read from it, and another call is pointless.
var ErrGone = refusal.NotFound(ReasonStripeObjectGone)

// forgotten returns the writes for an event whose object is gone: a deleted draft
// leaves the customer's invoices.
func (w work) forgotten(ctx context.Context, event Event) ([]Write, error) {
	if event.ObjectType != "invoice" {
		return nil, nil
	}
	known, err := w.Store.Invoices(ctx, w.caller.Env, w.state.Customer.InternalID)
	if err != nil {
		return nil, err
	}
	for _, in := range known {
		if in.StripeID == event.ObjectID && in.Status == "draft" {
			return []Write{ForgetInvoice{w.state.Customer.InternalID, in}}, nil
		}
	}
	return nil, nil
}

// unpayable reports whether a step was refused because the customer was deleted
// at Stripe and can no longer be charged.
func (w work) unpayable(ctx context.Context, refused error) (bool, error) {
	if !isFinal(refused) || w.state.Customer.StripeID == "" {
		return false, nil
	}
	payer, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
	return err == nil && payer.Deleted, err
}

// claim gives a customer that was prepared by e-mail address its id. The
// customer keeps all products and balances; nothing is granted again.
func (w work) claim(ctx context.Context, key string, cmd billing.CreateCustomer) (billing.State, error) {
	s, found, err := w.Store.State(ctx, w.caller.Env, key)
	if err != nil {
		return s, err
	}
	if !found || s.Customer.ID != "" {
		return s, refusal.ErrStale // claimed at this moment by another call
	}
	if _, err := w.fill(ctx, &s, cmd.Data); err != nil {
		return s, err
	}
	next := s.Customer
	next.ID = cmd.ID
	if cmd.StripeID != "" && next.StripeID == "" {
		next.StripeID = cmd.StripeID
	}
	return w.rekey(ctx, w.caller, s, next, "claim", "A customer prepared by e-mail address was claimed under its id.",
		ReleaseEmail{s.Customer.Email, s.Customer.InternalID})
}

// rekey files a customer under another key, in one transaction: every row goes
// or none. History stays where it is, under the internal id; and so does what was used, under
// the key of before, which the customer knows.
func (a *App) rekey(ctx context.Context, caller Caller, s billing.State, next billing.Customer, action, why string, more ...Write) (billing.State, error) {
	from, to := s.Customer.Key(), next.Key()
	if s.Pending() != nil {
		return s, refusal.ErrStale // a money command is in flight; let it end first
	}
	next = next.Rekeyed(from, caller.Now)
	next.Version = 0 // a row never written under this key
	writes := append(more, DeleteCustomer{s.Customer}, SaveCustomer{next})
	rows := DeleteRows{Key: from, Products: s.Products, Operations: s.Operations, Codes: s.Codes, Queue: s.Queue, Redeemed: s.Redeemed, Credits: s.Credits, Guesses: s.Guesses}
	for _, cp := range s.Products {
		moved := SaveCustomerProduct{Key: to, Product: cp}
		if cp.Awaited {
			moved.Due = caller.Now.Add(firstRetry)
		}
		writes = append(writes, moved)
	}
	for id, b := range s.Balances {
		rows.Balances = append(rows.Balances, b)
		writes = append(writes, moveLocks(b, to, caller.Now, writes)...)
		b = b.At(caller.Now)
		b.Version = 0
		s.Balances[id] = b
		writes = append(writes, SaveBalance{to, b, caller.Now})
	}
	for _, op := range s.Operations {
		writes = append(writes, SaveOperation{Key: to, Operation: op, Due: dueOf(op)})
	}
	for _, r := range s.Redeemed {
		r.RedeemerID = to
		writes = append(writes, SaveRedemption{r}, OpenRedemption{Key: to, Redemption: r, Due: r.Due()})
	}
	for _, q := range s.Queue {
		writes = append(writes, QueueReward{to, q})
	}
	if c := s.Credits; !c.Empty() {
		c.Version = 0
		writes = append(writes, work{App: a, caller: caller}.saveCredits(to, next.StripeID, c))
	}
	if s.Guesses.Count > 0 {
		writes = append(writes, SaveGuesses{to, s.Guesses})
	}
	for i := range s.Codes {
		s.Codes[i].OwnerID = to
		writes = append(writes, MoveReferralCode{s.Codes[i]})
	}
	if next.StripeID != "" {
		writes = append(writes, LinkStripe{next.StripeID, to, next.InternalID, from})
	}
	moved, err := a.moveEntities(ctx, caller, s, to, writes)
	if err != nil {
		return s, err
	}
	writes = append(writes, moved...)
	writes = append(writes, codesAgain(next, caller.Now)...)
	writes = append(writes, rows, AuditOf(next, billing.Audit{ID: a.NewID(), At: caller.Now,
		Actor: caller.Actor, Action: action, Why: why, Changes: append([]billing.Change{{Field: "id", Old: s.Customer.ID, New: next.ID}}, billing.DetailChanges(s.Customer, next)...)}))
	if err := a.Store.Commit(ctx, caller.Env, writes...); err != nil {
		return s, err
	}
	s.Customer = next
	s.Customer.Version++
	for id, b := range s.Balances {
		b.Version++
		s.Balances[id] = b
	}
	return s, nil
}
