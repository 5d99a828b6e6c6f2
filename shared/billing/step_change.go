package billing

import (
	"fmt"

	"time"

	"windfall/shared/credit"
	"windfall/shared/money"
)

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
	EndTrial       bool        `json:"end_trial,omitempty"`  // the trial ends now and a full period begins
	TrialEnd       time.Time   `json:"trial_end,omitzero"`   // a fresh trial; zero for none
	ByInvoice      bool        `json:"by_invoice,omitempty"` // the customer pays the invoice later
	DraftInvoice   bool        `json:"draft_invoice,omitempty"`
	CollectWithin  int         `json:"collect_within,omitempty"` // days until that invoice is due
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
	At             time.Time   `json:"at,omitzero"`          // from here it is unused; whole seconds
}

// PutDiscount puts a coupon on the customer, so that it takes off whatever is
// invoiced, or on the subscription that the operation began or changed. Where
// another discount runs, nothing happens; Results says which it was.
type PutDiscount struct {
	Coupon         Coupon    `json:"coupon,omitzero"`
	Back           *UnusedUp `json:"back,omitempty"` // what is put there again, instead of Coupon
	OnSubscription bool      `json:"on_subscription,omitempty"`
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

// Terms is equal for coupons that take the same off.
func (n Coupon) Terms() string {
	terms := fmt.Sprintf("%q %s %d %s %s %d", n.Name, n.Percent, n.Amount, n.Currency, n.Duration, n.Months)
	if n.Credits {
		terms += " credits"
	}
	for _, l := range n.Only {
		terms += " " + l.ItemID
	}
	return terms
}
