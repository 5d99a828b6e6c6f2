package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

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
	next := s.Customer
	next.ID = cmd.ID
	next.FillBlanks(cmd.Data)
	if cmd.StripeID != "" && next.StripeID == "" {
		next.StripeID = cmd.StripeID
	}
	return w.rekey(ctx, w.caller, s, next, "claim", "A customer prepared by e-mail address was claimed under its id.",
		ReleaseEmail{s.Customer.Email, s.Customer.InternalID})
}

// rekey files a customer under another key, in one transaction: every row goes
// or none. History stays where it is, under the internal id.
func (a *App) rekey(ctx context.Context, caller Caller, s billing.State, next billing.Customer, action, why string, more ...Write) (billing.State, error) {
	from, to := s.Customer.Key(), next.Key()
	if s.Pending() != nil {
		return s, refusal.ErrStale // a money command is in flight; let it end first
	}
	next.Version = 0 // a row never written under this key
	writes := append(more, DeleteCustomer{s.Customer}, SaveCustomer{next})
	rows := DeleteRows{Key: from, Products: s.Products, Operations: s.Operations, Codes: s.Codes, Queue: s.Queue, Redeemed: s.Redeemed, Credits: s.Credits}
	for _, cp := range s.Products {
		writes = append(writes, SaveCustomerProduct{Key: to, Product: cp})
	}
	for id, b := range s.Balances {
		rows.Balances = append(rows.Balances, b)
		b = b.At(caller.Now)
		b.Version = 0
		s.Balances[id] = b
		writes = append(writes, SaveBalance{to, b, caller.Now})
	}
	for _, op := range s.Operations {
		writes = append(writes, SaveOperation{Key: to, Operation: op, Due: dueOf(op)})
	}
	for _, r := range s.Redeemed {
		writes = append(writes, OpenRedemption{to, r})
	}
	for _, q := range s.Queue {
		writes = append(writes, QueueReward{to, q})
	}
	if c := s.Credits; !c.Empty() {
		c.Version = 0
		writes = append(writes, work{App: a, caller: caller}.saveCredits(to, next.StripeID, c))
	}
	for i := range s.Codes {
		s.Codes[i].OwnerID = to
		writes = append(writes, MoveReferralCode{s.Codes[i]})
	}
	if next.StripeID != "" {
		writes = append(writes, LinkStripe{next.StripeID, to, next.InternalID, from})
	}
	writes = append(writes, codesAgain(next, caller.Now)...)
	writes = append(writes, rows, AddAudit{next.InternalID, billing.Audit{ID: a.NewID(), At: caller.Now,
		Actor: caller.Actor, Action: action, Why: why, Changes: []billing.Change{{Field: "id", Old: s.Customer.ID, New: next.ID}}}})
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
