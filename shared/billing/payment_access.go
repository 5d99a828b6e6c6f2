package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
)

// EndsAccess lists the products that end because the customer has their payment
// back. Both settings are off unless the company turns them on.
//
//   - refund_ends_access: when all of the payment was refunded, and it was for
//     the running period of the product. A part, the payment of an earlier
//     period, and that of another product before it end nothing.
//   - dispute_ends_access: when the bank took back any payment of the
//     subscription, for as long as the dispute is open or lost.
//
// A one-off that grants units loses those instead; one that opens a feature ends,
// unless it was bought again.
func EndsAccess(s State, c *catalog.Catalog, paid PaidFor, p Payment, now time.Time) (ends []string) {
	refunded := c.Settings.RefundEndsAccess && p.Refunded > 0 && p.returned() >= max(p.Amount, paid.Total)
	disputed := c.Settings.DisputeEndsAccess && p.Disputed > 0
	if !refunded && !disputed {
		return nil
	}
	for _, cp := range s.Products {
		if !cp.Running(now) {
			continue
		}
		subscribed := paid.SubscriptionID != "" && cp.SubscriptionID == paid.SubscriptionID
		running := !paid.BilledAt.Before(cp.Period.Start) && slices.Contains(paid.ProductIDs, cp.ProductID)
		if subscribed && (disputed || running) || paid.OperationID != "" && cp.CreatedBy == paid.OperationID && cp.Quantity <= 1 && opens(c, ProductOf(c, cp)) {
			ends = append(ends, cp.ProductID)
		}
	}
	return ends
}

// opens reports whether a one-off gives something that has no number.
func opens(c *catalog.Catalog, p catalog.Product) bool {
	return p.OneOff() && slices.ContainsFunc(p.Items, func(i catalog.Item) bool {
		return i.FeatureID != "" && (i.Unlimited || c.Features[i.FeatureID].Type == catalog.Boolean)
	})
}
