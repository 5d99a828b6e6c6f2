package object

// CustomerState: a deleted customer can still be fetched, as a stub.
type CustomerState struct {
	Deleted bool
	TaxIDs  []TaxID
}

// PaymentMethodState: Behavior decides what the card does, see cards.go.
type PaymentMethodState struct{ Behavior string }

// PromotionCodeState: Dead codes can never be made active again.
type PromotionCodeState struct{ Dead bool }

// SubscriptionState is what drives a subscription besides its visible dates.
type SubscriptionState struct {
	IncompleteUntil  int64  // 23 hours after the first payment failed, 0 when it has not
	TrialWillEndSent bool   // customer.subscription.trial_will_end has been sent
	UpcomingSent     int64  // period end for which invoice.upcoming has been sent
	PendingInvoice   string // the invoice that a pending update waits for
	ProrateEnd       bool   // cancel_at inside a period gives credit for the rest
}

// InvoiceState is what drives an invoice besides its visible dates.
type InvoiceState struct {
	FinalizeAt   int64  // when the draft hour ends, 0 when nothing happens by itself
	DiscountFrom string // "subscription", "customer" or "invoice": who gave the discount
	SkipBalance  bool   // payment-mode checkout: customer balance is not applied
	Retries      int64  // automatic retries made after the first attempt failed
	CreatedEvent string // its invoice.created event
	PaidThrough  int64  // when a send_invoice invoice turns its subscription past_due
}

// CheckoutState is what a checkout session does when it completes.
type CheckoutState struct {
	Lines              []*CheckoutLine
	Coupon             string
	PromotionCode      string
	SubscriptionMeta   Metadata
	SubscriptionText   string
	TrialEnd           int64
	TrialDays          int64
	TrialEndBehavior   string
	BillingCycleAnchor int64
	ProrationBehavior  string
	PaymentMeta        Metadata
	PaymentText        string
	SetupFutureUsage   string
	SetupMeta          Metadata
	SetupText          string
	SaveAddress        bool // customer_update[address]
	SaveName           bool // customer_update[name]
}

// Trialing tells whether recurring lines cost nothing today.
func (s *CheckoutSession) Trialing() bool { return s.State.TrialEnd != 0 || s.State.TrialDays != 0 }

// CheckoutLineState: the bounds of a quantity that the buyer may change.
type CheckoutLineState struct {
	Adjustable bool
	Min, Max   int64
}

// EventState is the history of an event's deliveries.
type EventState struct {
	ObjectID   string
	Deliveries []Delivery
	Waiting    []string // endpoints that have not taken the event yet
	NextTry    int64    // when it is offered again, 0 when never
}

// Delivery is one try at one endpoint. Status 0 means that nobody answered.
type Delivery struct {
	Endpoint string
	Status   int
	At       int64
}

// TestClockState: Target is where an advancing clock is going.
type TestClockState struct{ Target int64 }

// ScheduleState: Phase is the number of the running phase, -1 before the
// first; Open says that the last phase was given no end.
type ScheduleState struct {
	Phase int
	Open  bool
}

// PriceState: tiers are only shown when expanded.
type PriceState struct{ Tiers []Tier }

// CouponState: the products are only shown when expanded.
type CouponState struct {
	Products []string
	Deleted  bool
}

// InvoiceItemState: what a proration credit gives back.
// TaxBehavior and TaxCode count where its price has none.
type InvoiceItemState struct {
	Credited    *ProrationDetails
	TaxBehavior string
	TaxCode     string
}
