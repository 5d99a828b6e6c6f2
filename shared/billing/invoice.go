package billing

import (
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// An Invoice is what Windfall remembers of a Stripe invoice.
type Invoice struct {
	StripeID   string         `json:"stripe_id,omitzero"`
	ProductIDs []string       `json:"product_ids,omitzero"` // on its lines
	Credited   []string       `json:"credited,omitempty"`   // those of them that it sells nothing of: it gives back what is left
	Status     string         `json:"status,omitzero"`      // draft, open, paid, void, uncollectible
	Total      money.Amount   `json:"total,omitzero"`
	Currency   money.Currency `json:"currency,omitzero"`
	URL        string         `json:"url,omitzero"` // hosted page, may be empty
	CreatedAt  time.Time      `json:"created_at,omitzero"`
	PaidAt     time.Time      `json:"paid_at,omitzero"`

	StripeCustomerID string `json:"stripe_customer_id,omitzero"`
	SubscriptionID   string `json:"subscription_id,omitzero"`
	OperationID      string `json:"operation_id,omitzero"`

	Renewal bool         `json:"renewal,omitzero"` // it was made because a period of the subscription ended …
	Period  money.Period `json:"period,omitzero"`  // … namely this one

	Totals *InvoiceTotals `json:"totals,omitempty"` // its lines added up; nil where they were not read
}

// Stage orders the statuses of an invoice: it never goes to a lower one, so a
// read that comes late can be told from the latest.
//
// Source: https://docs.stripe.com/invoicing/overview (invoice statuses)
func (i Invoice) Stage() int {
	return map[string]int{"draft": 0, "open": 1, "uncollectible": 2, "void": 3, "paid": 3}[i.Status]
}

// A Line is one line that Windfall's own arithmetic expects on an invoice.
type Line struct {
	Description string             `json:"description,omitzero"`
	ItemID      string             `json:"item_id,omitzero"`
	ProductID   string             `json:"product_id,omitzero"`
	FeatureID   string             `json:"feature_id,omitzero"`
	UsageModel  catalog.UsageModel `json:"usage_model,omitzero"`
	Quantity    money.Decimal      `json:"quantity,omitzero"` // packs
	Amount      money.Amount       `json:"amount,omitzero"`
	Recurring   bool               `json:"recurring,omitzero"`
	Prorated    bool               `json:"prorated,omitempty"` // it is for a part of a period
}

// Total adds lines up.
func Total(lines []Line) money.Amount {
	var sum money.Amount
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}
