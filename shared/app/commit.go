package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// commit saves, and makes heard what is among it that should not be: differences
// between our arithmetic and Stripe's, and charges of deleted customers. They
// are in the log, and in metrics that alarms watch.
func (a *App) commit(ctx context.Context, env catalog.Env, writes ...Write) error {
	if err := a.Store.Commit(ctx, env, writes...); err != nil {
		return err
	}
	for _, w := range writes {
		entry, is := w.(AddAudit)
		if !is {
			continue
		}
		switch entry.Audit.Rule {
		case billing.InvoiceMismatch:
			MeterOf(ctx).InvoiceMismatches.Add(1)
			a.Log.ErrorContext(ctx, "invoice mismatch", "invoice", entry.Audit.Stripe["invoice"], "why", entry.Audit.Why)
		case billing.DeletedCustomerCharged:
			MeterOf(ctx).DeletedCustomerCharged.Add(1)
			a.Log.ErrorContext(ctx, "a deleted customer is charged", "customer", entry.InternalID, "stripe", entry.Audit.Stripe, "why", entry.Audit.Why)
		}
	}
	return nil
}
