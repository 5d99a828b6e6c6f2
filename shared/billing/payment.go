package billing

import (
	"time"

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
