package app

import "windfall/shared/billing"

// compareRenewal holds the draft of a renewal against our own arithmetic and
// returns the entry to save when they differ.
func (w work) compareRenewal(in billing.Invoice) []Write {
	found := billing.RenewalMismatch(w.state, w.catalog, in, w.caller.Now)
	if found == nil {
		return nil
	}
	found.ID = w.NewID()
	return []Write{AddAudit{w.state.Customer.InternalID, *found}}
}
