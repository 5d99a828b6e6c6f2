package app

import (
	"context"

	"windfall/shared/billing"
)

// billUsage puts the overage of periods that are over onto the renewal of an
// event, while it is a draft, and returns the changed invoice, the credits as they are
// saved by then, and the writes to save with the event.
//
// It needs no operation: the balance row itself keeps the unbilled usage, in a form
// that no longer changes, until Stripe has it. Every further try sends the same
// lines with the same keys, and only one takes them off the row.
func (w work) billUsage(ctx context.Context, in billing.Invoice) (work, billing.Invoice, []Write, error) {
	bill, err := w.withCard(ctx, func(card string) billing.UsageBill {
		return billing.DecideUsageBill(w.state, w.catalog, in, card, w.caller.Now)
	})
	if err != nil {
		return w, in, nil, err
	}
	w, writes, err := w.takeUsage(ctx, bill, bill.Audit(in.SubscriptionID, in.StripeID, w.caller.Now))
	if err == nil && in.Status == "draft" && len(bill.Lines) > 0 {
		in, err = w.Payments.Invoice(ctx, w.caller.Env, in.StripeID) // with its new lines
	}
	return w, in, writes, err
}

// billFinalUsage bills what a subscription that has ended still owes, collects
// what it left at Stripe, and returns what is to be saved with the event that
// told of the end.
func (w work) billFinalUsage(ctx context.Context, sub billing.Subscription) ([]Write, error) {
	bill, err := w.withCard(ctx, func(card string) billing.UsageBill {
		return billing.DecideFinalBill(w.state, w.catalog, sub, card, w.caller.Now)
	})
	if err != nil {
		return nil, err
	}
	w, writes, err := w.takeUsage(ctx, bill, bill.Audit(sub.ID, "", w.caller.Now))
	if err != nil || sub.EndedAt.IsZero() {
		return writes, err
	}
	if err := w.collectEnded(ctx, sub); err != nil {
		return nil, err
	}
	unused, err := w.unusedDrafts(ctx, sub.ID)
	return append(writes, unused...), err
}

// billWithin bills use and seats that are billed more often than a subscription, and
// returns what is to be saved. It is asked for by the day alone, so no event of Stripe's need
// come; what is said of billUsage holds for it, too.
func (w work) billWithin(ctx context.Context, subscriptionID string) ([]Write, error) {
	var moved []billing.CustomerProduct
	bill, err := w.withCard(ctx, func(card string) (bill billing.UsageBill) {
		bill, moved = billing.DecideBillWithin(w.state, w.catalog, subscriptionID, card, w.caller.Now)
		return bill
	})
	if err != nil {
		return nil, err
	}
	audit := bill.Audit(subscriptionID, "", w.caller.Now)
	audit.Actor, audit.Rule, audit.Why = w.caller.Actor, billing.BilledWithin, "A period within that of the subscription is over: its use is billed on an invoice of its own."
	w, writes, err := w.takeUsage(ctx, bill, audit)
	if err != nil {
		return nil, err
	}
	if len(moved)+len(writes) == 0 {
		return nil, nil
	}
	writes = append(writes, SaveCustomer{w.state.Customer})
	for _, cp := range moved {
		writes = append(writes, SaveCustomerProduct{Key: w.state.Customer.Key(), Product: cp})
	}
	return writes, nil
}

// collectEnded asks Stripe for the end of a subscription that has ended, which
// collects what that left on drafts and waiting.
func (w work) collectEnded(ctx context.Context, sub billing.Subscription) error {
	ref := Ref{CustomerID: w.state.Customer.Key(), InternalID: w.state.Customer.InternalID, CreatedAt: sub.EndedAt, Now: w.caller.Now}
	end := billing.Step{Name: "end", End: &billing.EndSubscription{SubscriptionID: sub.ID, At: sub.EndedAt}}
	_, err := w.Payments.Perform(ctx, w.caller.Env, ref, end, billing.Results{CustomerID: w.state.Customer.StripeID})
	if gone, readErr := w.unpayable(ctx, err); gone || readErr != nil {
		return readErr // nobody is left to pay
	}
	return err
}

// withCard decides a bill with the card on file, which is looked up only where
// the bill needs one.
func (w work) withCard(ctx context.Context, decide func(card string) billing.UsageBill) (billing.UsageBill, error) {
	bill := decide("")
	if !bill.Alone {
		return bill, nil
	}
	payer, err := w.Payments.Customer(ctx, w.caller.Env, w.state.Customer.StripeID)
	if err == nil && payer.Spare { // Stripe tries again with the default one alone
		err = w.Payments.SetDefaultCard(ctx, w.caller.Env, payer.ID, payer.Card)
	}
	return decide(payer.Card), err
}

// takeUsage bills usage at Stripe and returns the writes that take it off the rows,
// if there is anything to settle. Rows whose period has just closed are saved
// first: a request to Stripe must not change any more.
func (w work) takeUsage(ctx context.Context, bill billing.UsageBill, audit billing.Audit) (work, []Write, error) {
	var freeze, writes []Write
	for _, b := range bill.PersistClosed {
		freeze = append(freeze, SaveBalance{w.state.Customer.Key(), b, w.caller.Now})
	}
	if err := w.Store.Commit(ctx, w.caller.Env, freeze...); err != nil {
		return w, nil, err
	}
	w, err := w.payAlone(ctx, bill)
	if err != nil {
		return w, nil, err
	}
	r := billing.Results{CustomerID: w.state.Customer.StripeID}
	for _, job := range bill.Jobs {
		ref := Ref{OperationID: job.Key, CustomerID: w.state.Customer.Key(), InternalID: w.state.Customer.InternalID,
			ProductIDs: job.ProductIDs, CreatedAt: job.ClosedAt, Now: w.caller.Now}
		for _, step := range job.Steps {
			if step.Price != nil && r.Prices[step.Price.ItemID] != "" {
				continue // made for a line before
			}
			next, err := w.Payments.Perform(ctx, w.caller.Env, ref, step, r)
			if gone, readErr := w.unpayable(ctx, err); gone || readErr != nil {
				return w.writeOff(ctx, bill, audit, readErr)
			}
			if err != nil {
				return w, nil, err
			}
			if step.Invoice != nil {
				if w, err = w.paidAlone(ctx, job, next.Invoice); err != nil {
					return w, nil, err
				}
				next.Invoice = nil
			}
			r = next
		}
	}
	writes = append(writes, pricesMade(bill, r)...)
	return w, append(writes, w.settledUsage(bill, audit)...), nil
}

// pricesMade remembers the prices that a bill made.
func pricesMade(bill billing.UsageBill, r billing.Results) (writes []Write) {
	made := map[string]bool{}
	for _, job := range bill.Jobs {
		for _, step := range job.Steps {
			if step.Price != nil && !made[step.Price.PriceKey()] && r.Prices[step.Price.ItemID] != "" {
				made[step.Price.PriceKey()] = true
				writes = append(writes, SaveStripePrice{step.Price.PriceKey(), r.Prices[step.Price.ItemID]})
			}
		}
	}
	return writes
}

// writeOff settles usage without a customer to bill, and logs it; credits that were to
// pay for it are the customer's again.
func (w work) writeOff(ctx context.Context, bill billing.UsageBill, audit billing.Audit, err error) (work, []Write, error) {
	for _, job := range bill.Jobs {
		if err == nil {
			w, err = w.paidAlone(ctx, job, nil)
		}
	}
	audit.Rule, audit.Why = "usage_not_billed", "The customer was deleted at Stripe, so nobody is left to pay for this use."
	return w, w.settledUsage(bill, audit), err
}

// settledUsage takes a bill off the rows.
func (w work) settledUsage(bill billing.UsageBill, audit billing.Audit) (writes []Write) {
	for _, settled := range bill.Settled {
		writes = append(writes, SettleUsage{w.state.Customer.Key(), settled})
	}
	if len(bill.Lines) > 0 {
		writes = append(writes, w.entries(audit)...)
	}
	return append(writes, w.entries(bill.NotBilledAudits(audit.Stripe["subscription"], audit.At)...)...)
}

// entries are writes of the customer's history.
func (w work) entries(list ...billing.Audit) (writes []Write) {
	for _, entry := range list {
		entry.ID = w.NewID()
		writes = append(writes, AuditOf(w.state.Customer, entry))
	}
	return writes
}
