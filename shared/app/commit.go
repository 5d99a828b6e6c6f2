package app

import (
	"context"

	"windfall/shared/billing"
)

// commit saves, and logs and counts invoice mismatches and charges of deleted
// customers among the writes. Alarms watch the counts.
func (w work) commit(ctx context.Context, writes ...Write) error {
	if err := w.Store.Commit(ctx, w.caller.Env, writes...); err != nil {
		return err
	}
	for _, row := range writes {
		entry, is := row.(AddAudit)
		if !is {
			continue
		}
		switch entry.Audit.Rule {
		case billing.InvoiceMismatch:
			MeterOf(ctx).InvoiceMismatches.Add(1)
			w.Log.ErrorContext(ctx, "invoice mismatch", "invoice", entry.Audit.Stripe["invoice"], "why", entry.Audit.Why)
		case billing.DeletedCustomerCharged:
			MeterOf(ctx).DeletedCustomerCharged.Add(1)
			w.Log.ErrorContext(ctx, "a deleted customer is charged", "customer", entry.InternalID, "stripe", entry.Audit.Stripe, "why", entry.Audit.Why)
		}
	}
	return nil
}
