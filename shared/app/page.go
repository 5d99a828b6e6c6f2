package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// pageClosed ends the operation of a checkout page that was paid or has
// expired. more is saved with it, or not at all.
func (a *App) pageClosed(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, op billing.Operation, session Session, more ...Write) error {
	end := EndOperation{s.Customer.Key(), op.ID}
	if session.Status == "expired" {
		_, err := a.saveCustomer(ctx, caller, s, append(more, end, AddAudit{s.Customer.InternalID, billing.Audit{
			ID: a.NewID(), At: caller.Now, Actor: caller.Actor, Action: op.Command, Rule: "page_expired",
			Why: "The checkout page expired unpaid.", OperationID: op.ID}})...)
		return err
	}
	if session.Card != "" {
		if err := a.Payments.SetDefaultCard(ctx, caller.Env, session.CustomerID, session.Card); err != nil {
			return err
		}
	}
	results := op.Results // what was known when the page opened …
	paid := session.Results
	results.CustomerID, results.SubscriptionID, results.Period = paid.CustomerID, paid.SubscriptionID, paid.Period
	results.TrialEnds, results.Invoice, results.Quantities = paid.TrialEnds, paid.Invoice, paid.Quantities
	done := op.Settle(s, cat, results, caller.Now) // … and what the customer chose on it
	writes := append(a.writes(cat, s.Customer.Key(), done, caller), end)
	if paid.CustomerID != "" && paid.CustomerID != s.Customer.StripeID {
		writes = append(writes, LinkStripe{StripeID: paid.CustomerID, Key: s.Customer.Key(), InternalID: s.Customer.InternalID})
	}
	err := a.commit(ctx, caller.Env, append(writes, more...)...)
	if ConflictIn[ClaimTrial](err) && !ConflictIn[SaveCustomer](err) {
		// The device tried this product while the page was open. It was sold
		// with a trial, so it keeps it; the claim stands as it is.
		return a.commit(ctx, caller.Env, append(without[ClaimTrial](writes), more...)...)
	}
	return err
}

func without[W Write](writes []Write) []Write {
	var out []Write
	for _, w := range writes {
		if _, is := w.(W); !is {
			out = append(out, w)
		}
	}
	return out
}
