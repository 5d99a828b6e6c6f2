package billing

import (
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
)

// An Invoice is what Windfall remembers of a Stripe invoice.
type Invoice struct {
	StripeID   string
	ProductIDs []string // on its lines
	Credited   []string `json:",omitempty"` // those of them that it sells nothing of: it gives back what is left
	Status     string   // draft, open, paid, void, uncollectible
	Total      money.Amount
	Currency   money.Currency
	URL        string // hosted page, may be empty
	CreatedAt  time.Time
	PaidAt     time.Time `json:",omitzero"`

	StripeCustomerID string
	SubscriptionID   string
	OperationID      string

	Renewal bool         // it was made because a period of the subscription ended …
	Period  money.Period // … namely this one

	Totals *InvoiceTotals `json:",omitempty"` // its lines added up; nil where they were not read
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
	Description string
	ItemID      string
	ProductID   string
	FeatureID   string
	UsageModel  catalog.UsageModel
	Quantity    money.Decimal // packs
	Amount      money.Amount
	Recurring   bool
	Prorated    bool `json:",omitempty"` // it is for a part of a period
}

// Total adds lines up.
func Total(lines []Line) money.Amount {
	var sum money.Amount
	for _, l := range lines {
		sum += l.Amount
	}
	return sum
}
