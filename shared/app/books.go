package app

import (
	"context"

	"windfall/shared/billing"
)

// commit saves, and makes differences between our arithmetic and Stripe's heard
// that are among it: in the log, and as a metric that an alarm watches.
func (a *App) commit(ctx context.Context, env billing.Env, writes ...Write) error {
	if err := a.Store.Commit(ctx, env, writes...); err != nil {
		return err
	}
	for _, w := range writes {
		entry, is := w.(AddAudit)
		if !is || entry.Audit.Rule != billing.BooksDiffer {
			continue
		}
		MeterOf(ctx).BooksDiffer.Add(1)
		a.Log.ErrorContext(ctx, "the books differ", "invoice", entry.Audit.Stripe["invoice"], "why", entry.Audit.Why)
	}
	return nil
}

// compareRenewal holds the draft of a renewal against our own arithmetic and
// returns the entry to save when they differ.
func (a *App) compareRenewal(who Caller, catalog *billing.Catalog, s billing.State, in billing.Invoice) []Write {
	found := billing.RenewalDiffers(s, catalog, in, who.Now)
	if found == nil {
		return nil
	}
	found.ID = a.NewID()
	return []Write{AddAudit{s.Customer.InternalID, *found}}
}
