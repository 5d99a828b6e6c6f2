package app

import (
	"context"
	"errors"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// pageClosed ends the operation of a checkout page that was paid or has
// expired. more is saved with it, or not at all.
func (w work) pageClosed(ctx context.Context, op billing.Operation, session Session, more ...Write) error {
	end := EndOperation{w.state.Customer.Key(), op.ID}
	if session.Status == "expired" {
		unused, err := w.unused(ctx, w.state, op)
		if err != nil {
			return err
		}
		_, err = w.saveCustomer(ctx, w.caller, w.state, append(slices.Concat(more, unused), end, AuditOf(w.state.Customer, billing.Audit{
			ID: w.NewID(), At: w.caller.Now, Actor: w.caller.Actor, Action: op.Command, Rule: "page_expired",
			Why: "The checkout page expired unpaid.", OperationID: op.ID}))...)
		return err
	}
	if session.Card != "" {
		if err := w.Payments.SetDefaultCard(ctx, w.caller.Env, session.CustomerID, session.Card); err != nil {
			return err
		}
	}
	op, counts, err := w.typed(ctx, op, session)
	if err != nil {
		return err
	}
	results := op.Results // known when the page opened …
	paid := session.Results
	results.CustomerID, results.SubscriptionID, results.Period = paid.CustomerID, paid.SubscriptionID, paid.Period
	results.TrialEnds, results.Invoice, results.Quantities = paid.TrialEnds, paid.Invoice, paid.Quantities
	done := op.Settle(w.state, w.catalog, results, w.caller.Now) // … and chosen by the customer on it
	writes := append(append(w.writes(w.state.Customer.Key(), done), end), counts...)
	if paid.CustomerID != "" && paid.CustomerID != w.state.Customer.StripeID {
		writes = append(writes, LinkStripe{StripeID: paid.CustomerID, Key: w.state.Customer.Key(), InternalID: w.state.Customer.InternalID})
		writes = append(writes, codesAgain(w.state.Customer, w.caller.Now, writes...)...)
	}
	err = w.saveClosed(ctx, writes, more)
	if err == nil && len(counts) > 0 && done.Credits != nil { // what fails here, the schedule does
		w.applyRewards(ctx, billing.Earned{Credits: []string{w.state.Customer.Key()}})
	}
	return err
}

// saveClosed saves what a paid page comes to. What it sold is sold: it passes over what
// has changed since, and does not concern it.
func (w work) saveClosed(ctx context.Context, writes, more []Write) (err error) {
	for range 3 {
		err = w.commit(ctx, append(slices.Clip(writes), more...)...)
		switch {
		case ConflictIn[ClaimTrial](err) && !ConflictIn[SaveCustomer](err):
			// The device tried this product while the page was open. It was sold
			// with a trial, so it keeps it; the claim stands as it is.
			writes = without[ClaimTrial](writes)
		case ConflictIn[CountReward](err): // its reward has no limit any more
			for i := range writes {
				if count, is := writes[i].(CountReward); is {
					count.Unlimited = true
					writes[i] = count
				}
			}
		default:
			return err
		}
	}
	return err
}

// page reads the page an operation waits for. A page that is gone at Stripe has
// expired once its time is over: it cannot be paid.
func (w work) page(ctx context.Context, op billing.Operation) (Session, error) {
	session, err := w.Payments.Session(ctx, w.caller.Env, op.Results.SessionID)
	if errors.Is(err, ErrGone) && !op.Results.SessionExpires.IsZero() && w.caller.Now.After(op.Results.SessionExpires) {
		return Session{ID: op.Results.SessionID, Status: "expired", OperationID: op.ID}, nil
	}
	return session, err
}

// openPages lists the operations whose page is open in one of the slots. A page
// of another Stripe customer than the present one, who was deleted there, can't
// be paid: it loses its fingerprint, so that no command takes it for its own. It
// returns refusal.ErrStale after it has dealt with one that no longer is.
func (w work) openPages(ctx context.Context, slots []string, payer string, currency money.Currency) ([]billing.Operation, error) {
	var open []billing.Operation
	for _, op := range w.state.Operations {
		replaced := slices.ContainsFunc(op.Slots, func(slot string) bool { return slices.Contains(slots, slot) }) ||
			currency != "" && op.Decision.Currency != "" && op.Decision.Currency != currency
		if op.State != billing.AwaitingCheckout || !replaced {
			continue
		}
		session, err := w.page(ctx, op)
		if err != nil {
			return nil, err
		}
		if session.Status == "open" {
			if session.CustomerID != payer {
				op.Fingerprint = ""
			}
			open = append(open, op)
			continue
		}
		if err := w.pageClosed(ctx, op, session); err != nil {
			return nil, err
		}
		return nil, refusal.ErrStale
	}
	return open, nil
}

func pagesOf(open []billing.Operation) []billing.Page {
	var pages []billing.Page
	for _, op := range open {
		pages = append(pages, billing.Page{OperationID: op.ID, SessionID: op.Results.SessionID})
	}
	return pages
}
