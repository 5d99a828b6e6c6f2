package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// billUsage puts the overage of periods that are over onto the renewal that an
// event tells of, while it is a draft, and returns the invoice as it is then
// and what is to be saved with the event.
//
// It needs no operation: the balance row itself keeps what is to be billed, in
// a form that no longer changes, until Stripe has it. Whoever comes again asks
// with the same keys for the same lines, and only one takes them off the row.
func (a *App) billUsage(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, in billing.Invoice) (billing.Invoice, []Write, error) {
	bill, err := a.withCard(ctx, caller, s, func(card string) billing.UsageBill {
		return billing.DecideUsageBill(s, cat, in, card, caller.Now)
	})
	if err != nil {
		return in, nil, err
	}
	writes, err := a.takeUsage(ctx, caller, s, bill, bill.Audit(in.SubscriptionID, in.StripeID, caller.Now))
	if err == nil && in.Status == "draft" && len(bill.Lines) > 0 {
		in, err = a.Payments.Invoice(ctx, caller.Env, in.StripeID) // with its new lines
	}
	return in, writes, err
}

// billFinalUsage bills what a subscription that has ended still owes, and
// returns what is to be saved with the event that told of the end.
func (a *App) billFinalUsage(ctx context.Context, caller Caller, cat *catalog.Catalog, s billing.State, sub billing.Subscription) ([]Write, error) {
	bill, err := a.withCard(ctx, caller, s, func(card string) billing.UsageBill {
		return billing.DecideFinalBill(s, cat, sub, card, caller.Now)
	})
	if err != nil {
		return nil, err
	}
	return a.takeUsage(ctx, caller, s, bill, bill.Audit(sub.ID, "", caller.Now))
}

// withCard decides a bill with the card on file, which is looked up only where
// the bill needs one.
func (a *App) withCard(ctx context.Context, caller Caller, s billing.State, decide func(card string) billing.UsageBill) (billing.UsageBill, error) {
	bill := decide("")
	if !bill.Alone {
		return bill, nil
	}
	payer, err := a.Payments.Customer(ctx, caller.Env, s.Customer.StripeID)
	return decide(payer.Card), err
}

// takeUsage asks Stripe for a bill and returns what takes it off the rows, if
// there is anything to settle. Rows whose period has just closed are saved
// first: what is asked of Stripe must not change any more.
func (a *App) takeUsage(ctx context.Context, caller Caller, s billing.State, bill billing.UsageBill, audit billing.Audit) ([]Write, error) {
	var freeze, writes []Write
	for _, b := range bill.PersistClosed {
		freeze = append(freeze, SaveBalance{s.Customer.Key(), b, caller.Now})
	}
	if err := a.Store.Commit(ctx, caller.Env, freeze...); err != nil {
		return nil, err
	}
	r := billing.Results{CustomerID: s.Customer.StripeID}
	for _, job := range bill.Jobs {
		ref := Ref{OperationID: job.Key, CustomerID: s.Customer.Key(), InternalID: s.Customer.InternalID,
			ProductIDs: job.ProductIDs, CreatedAt: job.ClosedAt, Now: caller.Now}
		for _, step := range job.Steps {
			if step.Price != nil && r.Prices[step.Price.ItemID] != "" {
				continue // made for a line before
			}
			next, err := a.Payments.Perform(ctx, caller.Env, ref, step, r)
			if gone, readErr := a.unpayable(ctx, caller, s, err); gone || readErr != nil {
				return a.writeOff(s, bill, audit), readErr
			}
			if err != nil {
				return nil, err
			}
			r = next
		}
	}
	for item, id := range r.Prices {
		writes = append(writes, SaveStripePrice{item, id})
	}
	return append(writes, a.settledUsage(s, bill, audit)...), nil
}

// writeOff settles a bill that nobody is left to pay, and says so.
func (a *App) writeOff(s billing.State, bill billing.UsageBill, audit billing.Audit) []Write {
	audit.Rule, audit.Why = "usage_not_billed", "The customer was deleted at Stripe, so nobody is left to pay for this use."
	return a.settledUsage(s, bill, audit)
}

// settledUsage takes a bill off the rows.
func (a *App) settledUsage(s billing.State, bill billing.UsageBill, audit billing.Audit) (writes []Write) {
	for _, settled := range bill.Settled {
		writes = append(writes, SettleUsage{s.Customer.Key(), settled})
	}
	if len(bill.Lines) > 0 {
		audit.ID = a.NewID()
		writes = append(writes, AddAudit{s.Customer.InternalID, audit})
	}
	return writes
}
