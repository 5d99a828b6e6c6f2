package billing

import (
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// A Payment is a charge of a card as it is at Stripe.
type Payment struct {
	ChargeID         string
	InvoiceID        string // "" for a charge without one
	OperationID      string // of the page it was made on, or ""
	StripeCustomerID string // "" for a charge of nobody
	Amount           money.Amount
	Refunded         money.Amount
	Disputed         money.Amount // taken back by the bank: the dispute is open, or lost
	Currency         money.Currency
}

// returned is how much of the payment the customer has back. It is a function of
// the payment as it is now, so the order of events has no part in it.
func (p Payment) returned() money.Amount { return min(p.Amount, p.Refunded+p.Disputed) }

// PaidFor is what a payment was for.
type PaidFor struct {
	OperationID    string       // that billed it, or ""
	Lines          []Line       // of a purchase
	Total          money.Amount // of its invoice
	ProductIDs     []string     // on its invoice
	SubscriptionID string       // of its invoice, or ""
	BilledAt       time.Time    // when its invoice was made
	Noted          money.Amount // what credit notes for it gave back
	Invoice        Invoice      // zero where it has none
}

// A ReturnedPayment is what is noted of a payment while the customer has some of
// it back.
type ReturnedPayment struct {
	ChargeID string          `json:"charge_id"`
	Refunded money.Amount    `json:"refunded"`
	Disputed money.Amount    `json:"disputed"`
	Units    []ReturnedUnits `json:"units"`
}

// ReturnedUnits are the units of one feature that a payment had bought.
type ReturnedUnits struct {
	FeatureID string            `json:"feature_id"`
	GrantID   string            `json:"grant_id"`
	Bought    money.Decimal     `json:"bought"`
	Due       money.Decimal     `json:"due"`   // those that the returned money stands for
	Taken     entitlement.Taken `json:"taken"` // of those, the ones that were unused
}

// Rules of entries about payments that a customer has back, wholly or in part.
// The first two ring an alarm.
const (
	PaymentRefunded = "payment_refunded"
	PaymentDisputed = "payment_disputed"
	PaymentRestored = "payment_restored" // a dispute was won, or a refund failed
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
