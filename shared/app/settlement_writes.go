package app

import (
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// writes builds the writes of a settlement for a customer.
func (w work) writes(key string, done billing.Settlement) []Write {
	writes := []Write{SaveCustomer{done.Customer}}
	for _, cp := range done.Products {
		writes = append(writes, SaveCustomerProduct{Key: key, Product: cp})
		if cp.Status != billing.Expired {
			writes = append(writes, markVersionInUse(w.catalog, cp)...)
		}
	}
	if len(done.Gone) > 0 {
		writes = append(writes, DeleteRows{Key: key, Products: done.Gone})
	}
	for _, b := range done.Balances {
		writes = append(writes, SaveBalance{key, b, w.caller.Now})
	}
	for _, t := range done.Trials {
		writes = append(writes, ClaimTrial{t})
	}
	for _, q := range done.Queued {
		writes = append(writes, QueueReward{key, q})
	}
	if q := done.Unqueued; q != nil {
		writes = append(writes, UnqueueReward{key, *q})
		if done.Applied && q.Side != "" { // else it is no redemption, but was put back
			writes = append(writes, ApplyRedemption{q.RedemptionID, q.Side, w.caller.Now})
		}
	}
	if r := done.Redemption; r != nil {
		writes = append(writes, NewCodeRedemption{*r})
	}
	if done.Invoice != nil {
		writes = append(writes, SaveInvoice{done.Customer.InternalID, *done.Invoice, w.NewID()})
	}
	if done.Seats != nil {
		writes = append(writes, bySeats(key, *done.Seats))
	}
	if done.Credits != nil {
		writes = append(writes, w.saveCredits(key, done.Customer.StripeID, *done.Credits))
	}
	for _, entry := range slices.Concat(done.Mismatches, done.NotBilled, done.Moves) {
		entry.ID = w.NewID()
		writes = append(writes, AddAudit{done.Customer.InternalID, entry})
	}
	if done.Audit.Action != "" {
		done.Audit.ID = w.NewID()
		writes = append(writes, AddAudit{done.Customer.InternalID, done.Audit})
	}
	return writes
}

// markVersionInUse marks the version of a product as held, unless it is known to be.
func markVersionInUse(cat *catalog.Catalog, cp billing.CustomerProduct) []Write {
	if _, err := cat.ProductVersion(cp.ProductID, cp.Version); err != nil ||
		cat.VersionsInUse[catalog.VersionKey(cp.ProductID, cp.Version)] {
		return nil
	}
	return []Write{MarkVersionInUse{cp.ProductID, cp.Version}}
}
