package billing

import (
	"cmp"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/money"
)

// A Step is one thing to ask of Stripe. Exactly one of its fields beside Name
// is set. Steps are data: they are stored with the operation before Stripe is
// touched and asked again, word for word, after a crash.
type Step struct {
	Name string `json:"name,omitzero"` // unique in the operation; with its id it makes the Idempotency-Key

	ExpireSession *ExpireSession   `json:"expire_session,omitempty"`
	Customer      *NewCustomer     `json:"customer,omitempty"`
	Price         *NewPrice        `json:"price,omitempty"`
	Subscription  *NewSubscription `json:"subscription,omitempty"`
	Invoice       *NewInvoice      `json:"invoice,omitempty"`
	Session       *NewSession      `json:"session,omitempty"`
	Usage         *NewUsage        `json:"usage,omitempty"`

	Change *ChangeSubscription `json:"change,omitempty"`
	Plan   *SetPlan            `json:"plan,omitempty"`
	End    *EndSubscription    `json:"end,omitempty"`

	Discount    *PutDiscount `json:"discount,omitempty"`
	EndDiscount *EndDiscount `json:"end_discount,omitempty"`
	Balance     *PostCredits `json:"balance,omitempty"`

	Delete *DeleteStripeCustomer `json:"delete,omitempty"`
}

// DeleteStripeCustomer deletes the customer at Stripe, which ends all that runs
// there.
type DeleteStripeCustomer struct{}

// ExpireSession closes a checkout page that something else replaces.
type ExpireSession struct {
	SessionID   string `json:"session_id,omitzero"`
	OperationID string `json:"operation_id,omitzero"`
}

// NewCustomer makes the customer known to Stripe.
type NewCustomer struct {
	Name    string   `json:"name,omitzero"`
	Email   string   `json:"email,omitzero"`
	Address *Address `json:"address,omitempty"`
}

// NewPrice makes a price known to Stripe. A price that exists under its lookup key
// already is taken as it is.
type NewPrice struct {
	ItemID    string         `json:"item_id,omitzero"`
	Key       string         `json:"key,omitempty"` // its lookup key, in another currency than the environment's; "" is ItemID
	ProductID string         `json:"product_id,omitzero"`
	Name      string         `json:"name,omitzero"` // of the Stripe product, as invoices show it
	Currency  money.Currency `json:"currency,omitzero"`
	Amount    money.Decimal  `json:"amount,omitzero"` // minor units for one pack or one period; may be fractional
	Tiers     []PriceTier    `json:"tiers,omitzero"`  // instead of Amount
	Cycle     money.Cycle    `json:"cycle,omitzero"`  // zero for a price paid once
	FeatureID string         `json:"feature_id,omitzero"`
	Pack      money.Decimal  `json:"pack,omitzero"` // feature units in one pack

	TaxBehavior catalog.TaxBehavior `json:"tax_behavior,omitempty"`
}

// PriceKey names the price: its lookup key there, and its row here.
func (n NewPrice) PriceKey() string { return cmp.Or(n.Key, n.ItemID) }

// PriceTier is a graduated tier in packs.
type PriceTier struct {
	UpTo   int64         `json:"up_to,omitzero"` // 0 is "inf"
	Amount money.Decimal `json:"amount,omitzero"`
}

// A PriceLine is a price and how often it is bought.
type PriceLine struct {
	ItemID    string `json:"item_id,omitzero"`
	Key       string `json:"key,omitempty"`      // of its price beside those of other currencies; "" is the only one of the item
	StripeID  string `json:"stripe_id,omitzero"` // "" when a step of this operation makes it
	Quantity  int64  `json:"quantity,omitzero"`
	Adjust    bool   `json:"adjust,omitzero"` // the customer may change the quantity on the page
	Recurring bool   `json:"recurring,omitzero"`
}

// NewSubscription starts a subscription and pays its first invoice; a refused
// card leaves nothing behind.
type NewSubscription struct {
	Lines         []PriceLine `json:"lines,omitzero"`
	Card          string      `json:"card,omitzero"`           // payment method id; "" with Invoice and for trials without card
	TrialEnd      time.Time   `json:"trial_end,omitzero"`      // zero for none
	ByInvoice     bool        `json:"by_invoice,omitzero"`     // the customer pays the invoice later
	DraftInvoice  bool        `json:"draft_invoice,omitzero"`  // leave that invoice a draft
	Coupon        *Coupon     `json:"coupon,omitempty"`        // lowers its invoices
	CollectWithin int         `json:"collect_within,omitzero"` // days until the invoice is due
	Periods       int         `json:"periods,omitempty"`       // it ends after so many …
	Cycle         money.Cycle `json:"cycle,omitzero"`          // … of these; zero goes on

	Anchor      money.Anchor `json:"anchor,omitzero"`         // full periods begin then; zero is now
	Month       bool         `json:"month,omitempty"`         // … and only in that month of a year
	Taxed       bool         `json:"automatic_tax,omitempty"` // Stripe computes the tax of all its invoices
	TaxOptional bool         `json:"tax_optional,omitempty"`  // … unless it does not know where the customer is
}

// NewInvoice bills prices that are paid once.
type NewInvoice struct {
	Currency      money.Currency `json:"currency,omitzero"`
	Lines         []PriceLine    `json:"lines,omitzero"`
	Coupon        *Coupon        `json:"coupon,omitempty"`  // lowers this invoice
	Usage         []NewUsage     `json:"usage,omitempty"`   // lines for use that is over
	Credits       []NewUsage     `json:"credits,omitempty"` // what at most pays for it
	Card          string         `json:"card,omitzero"`
	Retried       bool           `json:"retried,omitempty"` // Stripe collects it by the default card, and tries again as it does with renewals
	OnFile        bool           `json:"on_file,omitempty"` // Retried with the card on file, or sent when there is none
	ByInvoice     bool           `json:"by_invoice,omitzero"`
	DraftInvoice  bool           `json:"draft_invoice,omitzero"`
	CollectWithin int            `json:"collect_within,omitzero"`
	Taxed         bool           `json:"automatic_tax,omitempty"` // Stripe computes its tax
}

// NewSession opens a checkout page.
type NewSession struct {
	Lines      []PriceLine       `json:"lines,omitzero"`
	Coupon     *Coupon           `json:"coupon,omitempty"`     // lowers what it sells
	Discounted bool              `json:"discounted,omitempty"` // a discount runs on the customer
	Setup      bool              `json:"setup,omitempty"`      // it sells nothing: it saves a card
	Recurring  bool              `json:"recurring,omitzero"`
	TrialDays  int               `json:"trial_days,omitzero"` // at least 1, or 0
	TrialEnd   time.Time         `json:"trial_end,omitzero"`  // instead of TrialDays
	Anchor     time.Time         `json:"anchor,omitzero"`     // full periods begin then; zero is when it is paid
	CardLater  bool              `json:"card_later,omitzero"` // no card is asked for during the trial
	SuccessURL string            `json:"success_url,omitzero"`
	ExpiresAt  time.Time         `json:"expires_at,omitzero"`
	Metadata   map[string]string `json:"metadata,omitzero"`
	Extra      map[string]string `json:"extra,omitzero"`          // what PageParams returned
	Taxed      bool              `json:"automatic_tax,omitempty"` // Stripe computes the tax of what it sells
	AskAddress bool              `json:"ask_address,omitempty"`   // it asks where the customer is, which Stripe keeps
	AskTaxID   bool              `json:"ask_tax_id,omitempty"`
}

// NewUsage bills one price's use in one period on a draft, or leaves it to the
// next invoice of a subscription.
type NewUsage struct {
	Name           string         `json:"name,omitzero"` // names the use for good
	ItemID         string         `json:"item_id,omitzero"`
	PriceID        string         `json:"price_id,omitzero"`         // "" when a step of this operation makes it
	InvoiceID      string         `json:"invoice_id,omitzero"`       // the draft; "" on an invoice of its own
	SubscriptionID string         `json:"subscription_id,omitempty"` // whose next invoice takes it, instead of InvoiceID
	Period         money.Period   `json:"period,omitzero"`
	Amount         money.Amount   `json:"amount,omitzero"` // below 0 is a credit
	Currency       money.Currency `json:"currency,omitzero"`
	Description    string         `json:"description,omitzero"`
	RewardID       string         `json:"reward_id,omitempty"`  // of the discount that this line is
	GrantID        string         `json:"grant_id,omitempty"`   // of the credits that this line is a payment by
	Pays           []string       `json:"pays,omitempty"`       // … the items that they are for
	Credits        bool           `json:"credits,omitempty"`    // … namely of invoice credits, which are a payment
	Full           bool           `json:"full,omitempty"`       // no discount lowers it
	List           money.Amount   `json:"list,omitempty"`       // of a credit of seats, also of 0: what it would be if all had been paid; of a charge: what it would be without a discount
	ListAll        money.Amount   `json:"list_all,omitempty"`   // … and what it would be for all seats of the item
	Limit          *PaidLimit     `json:"limit,omitempty"`      // of a credit that is no more than what was paid
	For            string         `json:"for,omitempty"`        // the subscription whose seats it is for
	Whole          time.Time      `json:"whole,omitzero"`       // when the period began that an unprorated charge pays for as a whole
	TaxInside      bool           `json:"tax_inside,omitempty"` // its price contains its tax
	Since          time.Time      `json:"since,omitzero"`       // before that nobody can have asked
}

// A PaidLimit lowers a credit for some of the seats of an item to their share of what
// was paid for all of them.
type PaidLimit struct {
	All            money.Amount `json:"all,omitzero"`     // what all of them would be credited
	Before         []string     `json:"before,omitempty"` // items that were for the same in earlier versions
	SubscriptionID string       `json:"subscription_id,omitzero"`
	From           time.Time    `json:"from,omitzero"` // since when the seats are paid for

	Returned map[string]money.Amount `json:"returned,omitempty"` // by credits, of invoices
}

// Results is what Stripe answered to the steps of one operation.
type Results struct {
	CustomerID     string                  `json:"customer_id,omitzero"`
	Prices         map[string]string       `json:"prices,omitzero"` // item id -> Stripe price id
	SubscriptionID string                  `json:"subscription_id,omitzero"`
	Period         money.Period            `json:"period,omitzero"`
	TrialEnds      time.Time               `json:"trial_ends,omitzero"`
	CanceledAt     time.Time               `json:"canceled_at,omitzero"`   // when an end was asked for, as Stripe noted it
	Ends           time.Time               `json:"ends,omitzero"`          // of a subscription that begins with an end
	PlanRefused    string                  `json:"plan_refused,omitempty"` // why Stripe keeps the plan from before a change that it charged
	Invoice        *Invoice                `json:"invoice,omitempty"`
	SessionID      string                  `json:"session_id,omitzero"`
	URL            string                  `json:"url,omitzero"`
	SessionExpires time.Time               `json:"session_expires,omitzero"`
	Quantities     map[string]int64        `json:"quantities,omitzero"`      // item id -> packs bought on the page, where they could be changed
	PaidAt         time.Time               `json:"paid_at,omitzero"`         // when a page was completed
	Credited       map[string]money.Amount `json:"credited,omitempty"`       // what credits with a Limit came to, by their names
	Balance        []credit.Transaction    `json:"balance,omitempty"`        // the ledger of the balance since what is booked of it
	Unknown        bool                    `json:"unknown,omitempty"`        // the key knows no such customer, who may be another account's
	Discounted     bool                    `json:"discounted,omitempty"`     // the discount is on the customer
	DiscountEnded  bool                    `json:"discount_ended,omitempty"` // the discount of a reversed reward was there, and is gone
	DiscountTurn   time.Time               `json:"discount_turn,omitzero"`   // when the one in its way may be followed; zero when that is not known
	Again          *catalog.Reward         `json:"again,omitempty"`          // the terms of a discount that could not be put back, as another one runs
	AgainOf        string                  `json:"again_of,omitempty"`       // the redemption that gave it; "" for none
	RewardRefused  string                  `json:"reward_refused,omitempty"` // why what was charged comes without the discount for the time after
}

// ChangeSubscription exchanges prices of a running subscription and charges the
// difference at once. A refused card leaves everything as it was.
type ChangeSubscription struct {
	SubscriptionID string      `json:"subscription_id,omitzero"`
	At             time.Time   `json:"at,omitzero"`          // from here the time left is counted; whole seconds
	Remove         []PriceLine `json:"remove,omitzero"`      // prices that leave
	Add            []PriceLine `json:"add,omitzero"`         // prices that come; one that does not recur is paid with this invoice
	Set            []PriceLine `json:"set,omitzero"`         // new quantities of prices that stay
	Usage          []NewUsage  `json:"usage,omitempty"`      // use that is over, on the same invoice
	NoCharge       bool        `json:"no_charge,omitempty"`  // the new prices count from the next period on
	GoesOn         bool        `json:"goes_on,omitempty"`    // an end that was asked for is withdrawn
	KeepDay        bool        `json:"keep_day,omitempty"`   // the billing day stays, where Stripe would begin a full period
	ResetDay       bool        `json:"reset_day,omitempty"`  // a full period begins now, where the billing day would stay
	EndTrial       bool        `json:"end_trial,omitempty"`  // the trial ends now and a full period begins
	TrialEnd       time.Time   `json:"trial_end,omitzero"`   // a fresh trial; zero for none
	ByInvoice      bool        `json:"by_invoice,omitempty"` // the customer pays the invoice later
	DraftInvoice   bool        `json:"draft_invoice,omitempty"`
	CollectWithin  int         `json:"collect_within,omitempty"` // days until that invoice is due
	Taxed          *bool       `json:"automatic_tax,omitempty"`  // of all its invoices from this one on; nil leaves it
}

// SetPlan says what becomes of a subscription when its period ends: it ends, it
// goes on with other prices, or, with neither, it goes on as it is. It names a
// state and no move, so asking twice changes nothing.
type SetPlan struct {
	SubscriptionID string      `json:"subscription_id,omitzero"`
	Ends           bool        `json:"ends,omitzero"`
	Next           []PriceLine `json:"next,omitzero"`    // all it goes on with
	Restart        bool        `json:"restart,omitzero"` // Next is billed in another interval, counted from then
}

// EndSubscription ends a subscription at once, or only some of its prices, or
// cancels a schedule whose subscription has not begun.
type EndSubscription struct {
	SubscriptionID string      `json:"subscription_id,omitzero"`
	ScheduleID     string      `json:"schedule_id,omitzero"` // instead of SubscriptionID
	Remove         []PriceLine `json:"remove,omitzero"`      // nil ends all of it
	Refund         bool        `json:"refund,omitzero"`      // the unused time is credited to the customer's balance
	Withheld       []NewUsage  `json:"withheld,omitempty"`   // takes back what of it was not paid, on the same invoice
	Seats          []NewUsage  `json:"seats,omitempty"`      // that end with it: what comes back for them; 0 says that they are gone
	Again          bool        `json:"again,omitempty"`      // the credit was decided again: lines of an earlier try may wait with other amounts
	At             time.Time   `json:"at,omitzero"`          // from here it is unused; whole seconds
}

// PutDiscount puts a coupon on the customer, so that it takes off whatever is
// invoiced, or on the subscription that the operation began or changed. Where
// another discount runs, nothing happens; Results says which it was.
type PutDiscount struct {
	Coupon         Coupon    `json:"coupon,omitzero"`
	Back           *UnusedUp `json:"back,omitempty"` // what is put there again, instead of Coupon
	OnSubscription bool      `json:"on_subscription,omitempty"`
	Of             string    `json:"of,omitempty"` // the redemption that gives it; "" for none
}

// EndDiscount takes the discount of a reward off the customer, if it is the one that an
// operation put there, or the one that began at a moment, and still runs.
type EndDiscount struct {
	RewardID    string    `json:"reward_id,omitzero"`
	OperationID string    `json:"operation_id,omitzero"`
	Began       time.Time `json:"began,omitzero"` // in whole seconds; then whatever put it there
}

// PostCredits puts invoice credits on the customer's balance, or takes them off, and
// reads what became of the balance since Cursor.
type PostCredits struct {
	Posts  []credit.Post `json:"posts,omitempty"`
	Cursor string        `json:"cursor,omitzero"` // the last transaction that is booked; "" is none
	Since  time.Time     `json:"since,omitzero"`  // nothing of ours is older
}

// A Coupon is the terms of a discount. Rewards with equal terms, once edited
// and edited back, are one coupon.
type Coupon struct {
	RewardID string         `json:"reward_id,omitzero"`
	Name     string         `json:"name,omitzero"`
	Percent  money.Decimal  `json:"percent,omitzero"` // 0 with Amount
	Amount   money.Amount   `json:"amount,omitzero"`  // minor units; 0 with Percent
	Currency money.Currency `json:"currency,omitzero"`
	Duration string         `json:"duration,omitzero"` // one_off, months, forever
	Months   int            `json:"months,omitzero"`   // with months
	Credits  bool           `json:"credits,omitempty"` // it is the part of invoice credits that an invoice uses
	Only     []PriceLine    `json:"only,omitzero"`     // the prices it takes something off; none: all of them
}
