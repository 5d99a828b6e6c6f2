package app

import (
	"cmp"
	"context"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/credit"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// ownerOfPayment finds whose customer a charge is, for an event that does not
// say it.
func (a *App) ownerOfPayment(ctx context.Context, caller Caller, event *Event) error {
	p, err := a.Payments.Payment(ctx, caller.Env, event.ObjectID)
	if err == nil {
		event.CustomerID = p.StripeCustomerID
	}
	return err
}

// paymentEvent takes in that a payment was refunded or disputed, or is the
// company's again. What ends with it is in d.ends.
func (d *delivery) paymentEvent(ctx context.Context, w *work) error {
	p, err := w.Payments.Payment(ctx, w.caller.Env, d.event.ObjectID)
	if err != nil {
		return err
	}
	paid, err := w.paidFor(ctx, p)
	if err != nil {
		return err
	}
	owner := w.state.Customer.InternalID
	noted, err := w.Store.ReturnedPayment(ctx, w.caller.Env, owner, p.ChargeID)
	if err != nil {
		return err
	}
	credits, err := w.bookCredits(ctx, p.StripeCustomerID, func(c credit.Account) credit.Account {
		c = w.settledCredits(paid.Invoice, c)
		paid.Credits = c.FromBalance(p.InvoiceID)
		if paid.Noted > 0 {
			return c // whoever wrote the credit note has said what comes back
		}
		return c.Refunded(p.InvoiceID, p.Refunded+p.Disputed, p.Amount)
	})
	if err != nil {
		return err
	}
	known, moved := w.state, w.state.Customer.Moved.Subscribed
	refunded := paid.SubscriptionID != "" && billing.EndsByRefund(w.catalog, paid, p)
	if of := paid.SubscriptionID; of != "" && !moved.IsZero() && (!w.state.Sold(of) || refunded && !moved.Before(paid.BilledAt)) {
		moved, err := w.Store.MovedProducts(ctx, w.caller.Env, owner)
		if err != nil {
			return err
		}
		known = w.state.WithMoved(moved)
	}
	if refunded {
		if paid.Charged, err = w.charged(ctx, owner); err != nil {
			return err
		}
	}
	done := billing.DecidePaymentReturn(known, w.catalog, paid, noted, p, w.caller.Now)
	if done.Changed {
		note := Write(SaveReturnedPayment{owner, done.Noted, noted.Uncounted})
		if p.Refunded+p.Disputed == 0 {
			note = ForgetReturnedPayment{owner, p.ChargeID, noted.Uncounted}
		}
		if err := w.commit(ctx, append(append(w.writes(d.key, done.Settlement), note, revenueBack(p, noted, w.caller.Now)), credits...)...); err != nil {
			return err
		}
	} else if err := w.commit(ctx, credits...); err != nil {
		return err
	}
	d.payment, d.paid = &p, paid.Invoice
	d.ends = billing.EndsAccess(known, w.catalog, paid, p, w.caller.Now)
	return nil
}

// paidFor finds what a payment was for: the invoice, and the purchase in the
// customer's history. A page that was paid, and whose event is still to come, is
// dealt with first; it returns refusal.ErrStale then.
func (w work) paidFor(ctx context.Context, p billing.Payment) (billing.PaidFor, error) {
	paid := billing.PaidFor{OperationID: p.OperationID, Total: p.Amount}
	if p.InvoiceID != "" {
		in, err := w.Payments.Invoice(ctx, w.caller.Env, p.InvoiceID)
		if err != nil {
			return paid, err
		}
		paid = billing.PaidFor{OperationID: cmp.Or(in.OperationID, p.OperationID), Total: max(in.Total, p.Amount), ProductIDs: in.ProductIDs,
			SubscriptionID: in.SubscriptionID, BilledAt: in.CreatedAt, Invoice: in}
		if in.Totals != nil {
			paid.Noted, paid.Total = in.Totals.Noted, max(in.Total-in.Totals.Waived, p.Amount)
		}
	}
	if paid.OperationID == "" {
		return paid, nil
	}
	if op := w.state.Operation(paid.OperationID); op != nil && op.State == billing.AwaitingCheckout {
		session, err := w.page(ctx, *op)
		if err == nil && session.Status != "open" {
			if err = w.pageClosed(ctx, *op, session); err == nil {
				err = refusal.ErrStale
			}
		}
		if err != nil {
			return paid, err
		}
	}
	entry, err := w.bought(ctx, paid.OperationID)
	paid.Lines, paid.EntityID, paid.BoughtAt = entry.Lines, entry.EntityID, entry.At
	return paid, err
}

// charged lists the operations for which an invoice of the customer was made.
func (w work) charged(ctx context.Context, owner string) (ids []string, err error) {
	invoices, err := w.Store.Invoices(ctx, w.caller.Env, owner)
	for _, in := range invoices {
		ids = append(ids, in.OperationID)
	}
	return ids, err
}

// historyPage is how many entries of a history are read at once.
const historyPage = 100

// bought finds the entry of a purchase in the customer's history: its lines, its moment, and
// the entity for which it was; zero for an operation that bought nothing.
func (w work) bought(ctx context.Context, operationID string) (billing.Audit, error) {
	for cursor := ""; ; {
		entries, next, err := w.Store.Audit(ctx, w.caller.Env, w.state.Customer.InternalID, cursor, historyPage)
		if err != nil {
			return billing.Audit{}, err
		}
		for _, entry := range entries {
			if entry.OperationID == operationID && (entry.Action == "attach" || entry.Action == "update") && len(entry.Lines) > 0 {
				return entry, nil
			}
		}
		if cursor = next; cursor == "" {
			return billing.Audit{}, nil
		}
	}
}

// endAccess ends the products of a payment that the customer has back. One that
// can't be ended is left to a person: the alarm has rung.
func (a *App) endAccess(ctx context.Context, caller Caller, key string, products []billing.AccessEnd) error {
	for _, end := range products {
		_, err := a.Cancel(ctx, caller, CancelCommand{CustomerID: key, EntityID: end.Entity.ID, ProductID: end.ProductID, Exactly: end.CustomerProductID, Immediately: true})
		if err != nil && !isFinal(err) {
			return err
		}
		if err != nil {
			a.Log.ErrorContext(ctx, "a product of a returned payment did not end", "customer", key, "product", end.ProductID, "cause", err)
		}
	}
	return nil
}

// A payer is a customer whose payment went back: with the key, or gone.
type payer struct{ internalID, key string }

// reversePurchase takes in that all of a payment went back: of a redemption whose first
// payment it was. What is held is refused; what was given is taken back as far as it is
// unspent; one that waits gives nothing for it later. paid is the invoice, of which nothing
// may have been told yet. May be called any number of times. One request for a customer
// whom nobody brought.
func (w work) reversePurchase(ctx context.Context, from payer, p billing.Payment, paid billing.Invoice) error {
	reason := p.WentBack()
	if reason == "" || p.InvoiceID == "" {
		return nil
	}
	brought, err := w.Store.Brought(ctx, w.caller.Env, from.internalID)
	if err != nil || len(brought) == 0 {
		return err
	}
	invoices, err := w.Store.Invoices(ctx, w.caller.Env, from.internalID)
	if err != nil {
		return err
	}
	invoices = billing.WithInvoice(invoices, paid)
	var earned billing.Earned // told to Stripe once all are decided: what waits behind a discount must not begin for a moment
	for _, b := range brought {
		one, err := w.reverseRedemption(ctx, from, b.RedemptionID, p.InvoiceID, reason, invoices)
		if earned = earned.And(one); err != nil {
			w.applyRewards(ctx, earned)
			return err
		}
	}
	w.applyRewards(ctx, earned)
	return nil
}

// reversePurchaseOf is reversePurchase for one who is gone, whose invoice is read first.
func (w work) reversePurchaseOf(ctx context.Context, from payer, p billing.Payment) error {
	if p.WentBack() == "" || p.InvoiceID == "" {
		return nil
	}
	paid, err := w.Payments.Invoice(ctx, w.caller.Env, p.InvoiceID)
	if err != nil {
		return err
	}
	return w.reversePurchase(ctx, from, p, paid)
}

func (w work) reverseRedemption(ctx context.Context, from payer, id, invoiceID, reason string, invoices []billing.Invoice) (billing.Earned, error) {
	return RetryStale(ctx, w.Pause, func() (none billing.Earned, err error) {
		r, found, err := w.Store.Redemption(ctx, w.caller.Env, id)
		if err != nil || !found || r.Status.Over() {
			return none, err
		}
		var s billing.RedeemState
		var waiting *referral.Redemption
		if from.key != "" {
			if s, waiting, err = w.waitingRedemption(ctx, from.key, id); err != nil {
				return none, err
			}
		}
		cmd := billing.Redeem{Actor: w.caller.Actor, Now: w.caller.Now}
		switch {
		case waiting != nil && waiting.Status == referral.Pending:
			return none, w.noteReturned(ctx, from.key, s, *waiting, invoiceID, reason)
		case !s.Redeemer.IsFirstPayment(w.catalog, r, invoices, invoiceID):
			return none, nil
		case waiting != nil:
			d := billing.DecideEnd(s, *waiting, referral.Refused, reason, cmd)
			return none, w.commit(ctx, w.movedWrites(from.key, d, s.Code)...)
		case !r.SetOff():
			return none, nil // it waited with a customer who is gone: the sweep closes it
		}
		if s.Code, _, err = w.Store.ReferralCode(ctx, w.caller.Env, r.Code); err != nil {
			return none, err
		}
		if s.Referrer, _, err = w.Store.State(ctx, w.caller.Env, s.Code.OwnerID); err != nil {
			return none, err
		}
		s.Catalog = w.catalog
		d := billing.DecideReverse(s, r, reason, cmd)
		writes := append([]Write{SaveRedemption{d.Redemption}}, w.giftWrites(d, s.Code)...)
		return d.Earned(), w.commit(ctx, writes...)
	})
}

// noteReturned notes with a redemption that waits that the payment of an invoice went
// back: the event of the purchase itself may be still to come.
func (w work) noteReturned(ctx context.Context, key string, s billing.RedeemState, r referral.Redemption, invoiceID, reason string) error {
	noted, news := r.WithReturned(invoiceID, reason)
	if !news {
		return nil
	}
	_, err := w.saveCustomer(ctx, w.caller, s.Redeemer, SaveRedemption{noted}, OpenRedemption{Key: key, Redemption: noted, Again: true})
	return err
}

// takeBack decides about what a side of a reversed redemption gives back.
func (n *nextReward) takeBack(ctx context.Context, w *work, q billing.QueuedReward) (step, error) {
	r, _, err := w.Store.Redemption(ctx, w.caller.Env, q.RedemptionID)
	if err != nil {
		return step{}, err
	}
	n.reversed = true
	return n.carryOut(w, w.NewID(), w.state.DecideTakeBack(w.catalog, q, r.Side(referral.Who(q.Side)))), nil
}

// sideWrites note in its redemption that a side has what waited for its turn, or gave it
// back. One request, where there is anything to note.
func (w work) sideWrites(ctx context.Context, op billing.Operation, done billing.Settlement) ([]Write, error) {
	q := done.Unqueued
	if q == nil || !done.Applied || strings.HasPrefix(q.RedemptionID, billing.PutBackPrefix) {
		return nil, nil // or it is of no redemption, but was put back
	}
	before, found, err := w.Store.Redemption(ctx, w.caller.Env, q.RedemptionID)
	if err != nil || !found {
		return nil, err
	}
	who := referral.Who(cmp.Or(string(q.Side), string(before.WhoIs(w.state.Customer.InternalID))))
	after := before.GivenTo(who, op.ID, w.caller.Now)
	if q.Reversal {
		after = before.TakenFrom(who, w.caller.Now)
	}
	if w.given != nil {
		w.given[after.ID] = after
	}
	writes := []Write{SaveRedemption{after}}
	if after.Referral() {
		writes = append(writes, countProgram(after, before, 0))
	}
	return writes, nil
}
