package billing

import "time"

// ChangeSubscription exchanges prices of a running subscription and charges the
// difference at once. A refused card leaves everything as it was.
type ChangeSubscription struct {
	SubscriptionID string
	At             time.Time   // from here the time left is counted; whole seconds
	Remove         []PriceLine // prices that leave
	Add            []PriceLine // prices that come; one that does not recur is paid with this invoice
	Set            []PriceLine // new quantities of prices that stay
	Usage          []NewUsage  `json:",omitempty"` // use that is over, on the same invoice
	NoCharge       bool        `json:",omitempty"` // the new prices count from the next period on
	GoesOn         bool        `json:",omitempty"` // an end that was asked for is withdrawn
	EndTrial       bool        `json:",omitempty"` // the trial ends now and a full period begins
	TrialEnd       time.Time   // a fresh trial; zero for none
	ByInvoice      bool        `json:",omitempty"` // the customer pays the invoice later
	DraftInvoice   bool        `json:",omitempty"`
	CollectWithin  int         `json:",omitempty"` // days until that invoice is due
}

// SetPlan says what becomes of a subscription when its period ends: it ends, it
// goes on with other prices, or, with neither, it goes on as it is. It names a
// state and no move, so asking twice changes nothing.
type SetPlan struct {
	SubscriptionID string
	Ends           bool
	Next           []PriceLine // all it goes on with
	Restart        bool        // Next is billed in another interval, counted from then
}

// EndSubscription ends a subscription at once, or only some of its prices.
type EndSubscription struct {
	SubscriptionID string
	Remove         []PriceLine // nil ends all of it
	Refund         bool        // the unused time is credited to the customer's balance
	At             time.Time   // from here it is unused; whole seconds
}
