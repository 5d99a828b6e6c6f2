package app

import (
	"context"

	"windfall/shared/billing"
)

// billUsage puts the overage of periods that are over onto the renewal that an
// event tells of, or the next one, and returns the invoice as it is then and
// what is to be saved with the event.
//
// It needs no operation: the balance row itself keeps what is to be billed, in
// a form that no longer changes, until Stripe has it. Whoever comes again asks
// with the same keys for the same lines, and only one takes them off the row.
func (a *App) billUsage(ctx context.Context, who Caller, catalog *billing.Catalog, s billing.State, in billing.Invoice) (billing.Invoice, []Write, error) {
	bill := billing.DecideUsageBill(s, catalog, in, who.Now)
	if len(bill.Settled) == 0 {
		return in, nil, nil
	}
	writes, err := a.takeUsage(ctx, who, s, bill)
	if err != nil {
		return in, nil, err
	}
	audit := bill.Audit(in, who.Now)
	audit.ID = a.NewID()
	writes = append(writes, AddAudit{s.Customer.InternalID, audit})
	if in.Status == "draft" && len(bill.Lines) > 0 {
		in, err = a.Payments.Invoice(ctx, who.Env, in.StripeID) // with its new lines
	}
	return in, writes, err
}

// takeUsage asks Stripe for the lines of a bill and returns what takes them
// off the rows. Rows whose period has just closed are saved first: what is
// asked of Stripe must not change any more.
func (a *App) takeUsage(ctx context.Context, who Caller, s billing.State, bill billing.UsageBill) ([]Write, error) {
	var freeze []Write
	for _, b := range bill.Freeze {
		freeze = append(freeze, SaveBalance{s.Customer.Key(), b, who.Now})
	}
	if err := a.Store.Commit(ctx, who.Env, freeze...); err != nil {
		return nil, err
	}
	var writes []Write
	r := billing.Results{CustomerID: s.Customer.StripeID}
	for _, line := range bill.Lines {
		ref := Ref{OperationID: line.Closed.Key(), CustomerID: s.Customer.Key(), InternalID: s.Customer.InternalID,
			ProductIDs: []string{line.ProductID}, CreatedAt: line.Closed.Period.End, Now: who.Now}
		for _, step := range append(line.Prepare, line.Step) {
			if step.Price != nil && r.Prices[step.Price.ItemID] != "" {
				continue // made for the line before
			}
			var err error
			if r, err = a.Payments.Take(ctx, who.Env, ref, step, r); err != nil {
				return nil, err
			}
			if step.Price != nil {
				writes = append(writes, SaveStripePrice{step.Price.ItemID, r.Prices[step.Price.ItemID]})
			}
		}
	}
	for _, settled := range bill.Settled {
		writes = append(writes, SettleUsage{s.Customer.Key(), settled})
	}
	return writes, nil
}
