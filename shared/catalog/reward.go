package catalog

import (
	"time"

	"windfall/shared/money"
)

// A RewardType says what a reward gives.
type RewardType string

const (
	PercentageDiscount RewardType = "percentage_discount"
	FixedDiscount      RewardType = "fixed_discount"
	InvoiceCredits     RewardType = "invoice_credits"
	FreeProduct        RewardType = "free_product"
)

// A Reward is something a customer can be given beside a product.
type Reward struct {
	ID          string
	InternalID  string // "rew_…"
	Name        string
	Type        RewardType
	PromoCodes  []PromoCode
	Discount    *Discount // nil for a free product
	FreeProduct string    // product id, for a free product
	CreatedAt   time.Time
}

// A PromoCode is a text that redeems a reward.
type PromoCode struct {
	Code           string
	MaxRedemptions int  // 0 is no limit
	FirstTimeOnly  bool // only for customers who never paid
}

// A Discount is how much a reward takes off, for how long and of what.
type Discount struct {
	Value      money.Decimal // percent, or major units
	Duration   string        // one_off, months, forever
	Months     int
	ApplyToAll bool
	PriceIDs   []string
}

// A RunningDiscount is a discount that takes something off a customer's
// invoices now, as Stripe has it.
type RunningDiscount struct {
	RewardID       string // or the coupon's own id
	Name           string
	Type           RewardType
	Value          money.Decimal  // percent, or major units of …
	Currency       money.Currency // "" for a percentage
	Duration       string         // one_off, months, forever
	Months         int
	Start          time.Time
	End            time.Time // zero while no end is known
	SubscriptionID string    // "" for all invoices of the customer
}

// A ReferralProgram rewards customers for bringing others.
type ReferralProgram struct {
	ID               string
	InternalID       string // "rs_…"
	When             string // customer_creation (at redemption) or checkout
	RewardID         string
	ReceivedBy       string // referrer or all
	MaxRedemptions   int    // per referrer; 0 is no limit
	ProductIDs       []string
	ExcludeTrial     bool
	NewCustomersOnly bool
	CreatedAt        time.Time
}

const (
	OnSignUp   = "customer_creation"
	OnCheckout = "checkout"
)

// A ReferralCode is one customer's code in one program.
type ReferralCode struct {
	Code       string // upper case
	ProgramID  string
	OwnerID    string // key of the customer
	InternalID string // of the customer
	Triggered  int    // redemptions that gave a reward: a counter moved by conditions
	CreatedAt  time.Time
}

// A Redemption is one customer's use of one code.
type Redemption struct {
	ID                 string // "rr_…"
	Code               string
	ProgramID          string
	RewardID           string
	ReferrerID         string
	RedeemerID         string
	RedeemerInternalID string
	ReferrerInternalID string
	Triggered          bool // the reward was set off
	Applied            bool // the referrer has it
	RedeemerApplied    bool
	CreatedAt          time.Time
	UpdatedAt          time.Time
}
