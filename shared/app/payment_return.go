package app

import (
	"cmp"
	"context"

	"windfall/shared/billing"
	"windfall/shared/credit"
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
	known := w.state
	if of := paid.SubscriptionID; of != "" && !w.state.Customer.Moved.Subscribed.IsZero() && !w.state.Sold(of) {
		moved, err := w.Store.MovedProducts(ctx, w.caller.Env, owner)
		if err != nil {
			return err
		}
		known = w.state.WithMoved(moved)
	}
	done := billing.DecidePaymentReturn(known, w.catalog, paid, noted, p, w.caller.Now)
	credits, err := w.bookCredits(ctx, p.StripeCustomerID, func(c credit.Account) credit.Account {
		c = w.settledCredits(paid.Invoice, c)
		if paid.Noted > 0 {
			return c // whoever wrote the credit note has said what comes back
		}
		return c.Refunded(p.InvoiceID, p.Refunded+p.Disputed, p.Amount)
	})
	if err != nil {
		return err
	}
	if done.Changed {
		note := Write(SaveReturnedPayment{owner, done.Noted})
		if p.Refunded+p.Disputed == 0 {
			note = ForgetReturnedPayment{owner, p.ChargeID}
		}
		if err := w.commit(ctx, append(append(w.writes(d.key, done.Settlement), note), credits...)...); err != nil {
			return err
		}
	} else if err := w.commit(ctx, credits...); err != nil {
		return err
	}
	d.payment, d.paid = &p, paid.Invoice
	d.ends = billing.EndsAccess(w.state, w.catalog, paid, p, w.caller.Now)
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
			paid.Noted = in.Totals.Noted
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
	var err error
	paid.Lines, err = w.linesBought(ctx, paid.OperationID)
	return paid, err
}

// historyPage is how many entries of a history are read at once.
const historyPage = 100

// linesBought finds the lines of a purchase in the customer's history; none for
// an operation that bought nothing.
func (w work) linesBought(ctx context.Context, operationID string) ([]billing.Line, error) {
	for cursor := ""; ; {
		entries, next, err := w.Store.Audit(ctx, w.caller.Env, w.state.Customer.InternalID, cursor, historyPage)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if entry.OperationID == operationID && entry.Action == "attach" && len(entry.Lines) > 0 {
				return entry.Lines, nil
			}
		}
		if cursor = next; cursor == "" {
			return nil, nil
		}
	}
}

// endAccess ends the products of a payment that the customer has back. One that
// can't be ended is left to a person: the alarm has rung.
func (a *App) endAccess(ctx context.Context, caller Caller, key string, products []billing.AccessEnd) error {
	for _, end := range products {
		_, err := a.Cancel(ctx, caller, CancelCommand{CustomerID: key, EntityID: end.Entity.ID, ProductID: end.ProductID, Immediately: true})
		if err != nil && !isFinal(err) {
			return err
		}
		if err != nil {
			a.Log.ErrorContext(ctx, "a product of a returned payment did not end", "customer", key, "product", end.ProductID, "cause", err)
		}
	}
	return nil
}
