package billing

import (
	"time"

	"windfall/shared/money"
)

// A Step is one thing to ask of Stripe. Exactly one of its fields beside Name
// is set. Steps are data: they are stored with the operation before Stripe is
// touched and asked again, word for word, after a crash.
type Step struct {
	Name string // unique in the operation; with its id it makes the Idempotency-Key

	ExpireSession *ExpireSession   `json:",omitempty"`
	Customer      *NewCustomer     `json:",omitempty"`
	Price         *NewPrice        `json:",omitempty"`
	Subscription  *NewSubscription `json:",omitempty"`
	Invoice       *NewInvoice      `json:",omitempty"`
	Session       *NewSession      `json:",omitempty"`
	Usage         *NewUsage        `json:",omitempty"`

	Change *ChangeSubscription `json:",omitempty"`
	Plan   *SetPlan            `json:",omitempty"`
	End    *EndSubscription    `json:",omitempty"`

	Discount *PutDiscount `json:",omitempty"`

	Delete *DeleteStripeCustomer `json:",omitempty"`
}

// DeleteStripeCustomer deletes the customer at Stripe, which ends all that runs
// there.
type DeleteStripeCustomer struct{}

// ExpireSession closes a checkout page that something else replaces.
type ExpireSession struct{ SessionID, OperationID string }

// NewCustomer makes the customer known to Stripe.
type NewCustomer struct{ Name, Email string }

// NewPrice makes a price known to Stripe. A price that exists under ItemID
// already (its lookup key) is taken as it is.
type NewPrice struct {
	ItemID    string
	ProductID string
	Name      string // of the Stripe product, as invoices show it
	Currency  money.Currency
	Amount    money.Decimal // minor units for one pack or one period; may be fractional
	Tiers     []PriceTier   // instead of Amount
	Cycle     money.Cycle   // zero for a price paid once
	FeatureID string
	Pack      money.Decimal // feature units in one pack
}

// PriceTier is a graduated tier in packs.
type PriceTier struct {
	UpTo   int64 // 0 is "inf"
	Amount money.Decimal
}

// A PriceLine is a price and how often it is bought.
type PriceLine struct {
	ItemID    string
	StripeID  string // "" when a step of this operation makes it
	Quantity  int64
	Adjust    bool // the customer may change the quantity on the page
	Recurring bool
}

// NewSubscription starts a subscription and pays its first invoice; a refused
// card leaves nothing behind.
type NewSubscription struct {
	Lines         []PriceLine
	Card          string    // payment method id; "" with Invoice and for trials without card
	TrialEnd      time.Time // zero for none
	ByInvoice     bool      // the customer pays the invoice later
	DraftInvoice  bool      // leave that invoice a draft
	Discounts     []string
	CollectWithin int // days until the invoice is due
}

// NewInvoice bills prices that are paid once.
type NewInvoice struct {
	Currency      money.Currency
	Lines         []PriceLine
	Usage         []NewUsage `json:",omitempty"` // lines for use that is over
	Card          string
	Retried       bool `json:",omitempty"` // Stripe collects it, and tries again as it does with renewals
	OnFile        bool `json:",omitempty"` // Retried with the card on file, or sent when there is none
	ByInvoice     bool
	DraftInvoice  bool
	CollectWithin int
}

// NewSession opens a checkout page.
type NewSession struct {
	Lines      []PriceLine
	Setup      bool `json:",omitempty"` // it sells nothing: it saves a card
	Recurring  bool
	TrialDays  int       // at least 1, or 0
	TrialEnd   time.Time // instead of TrialDays
	CardLater  bool      // no card is asked for during the trial
	SuccessURL string
	ExpiresAt  time.Time
	Metadata   map[string]string
	Extra      map[string]string // what PageParams returned
}

// NewUsage bills one price's use in one period on a draft, or leaves it to the
// next invoice of a subscription.
type NewUsage struct {
	Name           string // names the use for good
	ItemID         string
	PriceID        string // "" when a step of this operation makes it
	InvoiceID      string // the draft; "" on an invoice of its own
	SubscriptionID string `json:",omitempty"` // whose next invoice takes it, instead of InvoiceID
	Period         money.Period
	Amount         money.Amount // below 0 is a credit
	Currency       money.Currency
	Description    string
	Since          time.Time // before that nobody can have asked
}

// Results is what Stripe answered to the steps of one operation.
type Results struct {
	CustomerID     string
	Prices         map[string]string // item id -> Stripe price id
	SubscriptionID string
	Period         money.Period
	TrialEnds      time.Time
	CanceledAt     time.Time // when an end was asked for, as Stripe noted it
	PlanRefused    string    `json:",omitempty"` // why Stripe keeps the plan from before a change that it charged
	Invoice        *Invoice
	SessionID      string
	URL            string
	SessionExpires time.Time
	Quantities     map[string]int64 // item id -> packs bought on the page, where they could be changed
	PaidAt         time.Time        // when a page was completed
	Discounted     bool             `json:",omitempty"` // the discount is on the customer
	DiscountEnds   time.Time        // of the one in its way; zero when its end is not known
}
