package app

import (
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// compareRenewal holds the draft of a renewal against our own arithmetic and
// returns the entry to save when they differ.
func (a *App) compareRenewal(caller Caller, cat *catalog.Catalog, s billing.State, in billing.Invoice) []Write {
	found := billing.RenewalMismatch(s, cat, in, caller.Now)
	if found == nil {
		return nil
	}
	found.ID = a.NewID()
	return []Write{AddAudit{s.Customer.InternalID, *found}}
}
