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
	FeatureGrant       RewardType = "feature_grant"
)

// Gift reports whether the reward takes nothing off an invoice: it is given by itself,
// and Stripe knows nothing of it.
func (t RewardType) Gift() bool { return t == FreeProduct || t == FeatureGrant }

// A Reward is something a customer can be given beside a product. Its promotion
// codes are objects of their own: there may be millions.
type Reward struct {
	ID             string     `json:"id,omitzero"`
	InternalID     string     `json:"internal_id,omitzero"` // "rew_…"
	Name           string     `json:"name,omitzero"`
	Type           RewardType `json:"type,omitzero"`
	Discount       *Discount  `json:"discount,omitempty"`        // nil for a gift
	FreeProduct    string     `json:"free_product,omitzero"`     // product id, for a free product
	FreePeriods    int        `json:"free_periods,omitzero"`     // of a free product that is paid again and again: how many of them; 0 for an add-on that is free for good
	Grants         []Granted  `json:"grants,omitempty"`          // of a feature_grant
	Max            int        `json:"max,omitzero"`              // uses by all its codes and purchases together, not what referral programs give; 0 is no limit
	MaxPerCustomer int        `json:"max_per_customer,omitzero"` // 0 is no limit
	RedeemBy       time.Time  `json:"redeem_by,omitzero"`        // from then on nobody uses it; zero is no end
	CreditMonths   int        `json:"credit_months,omitzero"`    // of invoice credits: how long they last; 0 is without end
	CreatedAt      time.Time  `json:"created_at,omitzero"`
	Version        int64      `json:"-"` // counts the saves; guards every change
}

// A Discount is how much a reward takes off, for how long and of what.
type Discount struct {
	Value      money.Decimal  `json:"value,omitzero"`    // percent, or major units of …
	Currency   money.Currency `json:"currency,omitzero"` // … ; "" for a percentage, and of an amount from before it was kept: the environment's
	Duration   string         `json:"duration,omitzero"` // one_off, months, forever
	Months     int            `json:"months,omitzero"`
	ApplyToAll bool           `json:"apply_to_all,omitzero"`
	PriceIDs   []string       `json:"price_ids,omitzero"`   // items
	ProductIDs []string       `json:"product_ids,omitzero"` // all priced items of these, in every version there is
}

// A RunningDiscount is a discount that takes something off a customer's
// invoices now, as Stripe has it.
type RunningDiscount struct {
	_ [0]func() // never compared: programs have no code for it, 400 bytes each

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
	ID               string    `json:"id,omitzero"`
	InternalID       string    `json:"internal_id,omitzero"` // "rs_…"
	When             string    `json:"when,omitzero"`        // customer_creation (at redemption) or checkout
	RewardID         string    `json:"reward_id,omitzero"`
	ReceivedBy       string    `json:"received_by,omitzero"`     // referrer or all
	MaxRedemptions   int       `json:"max_redemptions,omitzero"` // per referrer; 0 is no limit
	ProductIDs       []string  `json:"product_ids,omitzero"`
	ExcludeTrial     bool      `json:"exclude_trial,omitzero"`
	NewCustomersOnly bool      `json:"new_customers_only,omitzero"`
	HoldDays         int       `json:"hold_days,omitzero"` // between the moment that sets a reward off and the reward
	Guard            Guard     `json:"guard,omitzero"`
	CreatedAt        time.Time `json:"created_at,omitzero"`
	Version          int64     `json:"-"` // counts the saves; guards every change
}

const (
	OnSignUp   = "customer_creation"
	OnCheckout = "checkout"
)

// A ReferralCode is one customer's code in one program.
type ReferralCode struct {
	Code       string      `json:"code,omitzero"` // upper case
	ProgramID  string      `json:"program_id,omitzero"`
	OwnerID    string      `json:"owner_id,omitzero"`    // key of the customer
	InternalID string      `json:"internal_id,omitzero"` // of the customer
	Triggered  int         `json:"triggered,omitzero"`   // redemptions that gave a reward or are held: a counter moved by conditions
	Recent     []time.Time `json:"-"`                    // of redemptions, as far as the program's guard counts them
	Inactive   bool        `json:"inactive,omitzero"`    // until it is activated again
	CreatedAt  time.Time   `json:"created_at,omitzero"`
}
