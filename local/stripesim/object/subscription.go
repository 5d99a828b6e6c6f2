package object

// Subscription is a customer paying repeatedly (object "subscription").
type Subscription struct {
	Application                   Text                         `json:"application"`
	ApplicationFeePercent         Number                       `json:"application_fee_percent"`
	AutomaticTax                  AutomaticTax                 `json:"automatic_tax"`
	BillingCycleAnchor            int64                        `json:"billing_cycle_anchor"`
	BillingCycleAnchorConfig      *BillingCycleAnchorConfig    `json:"billing_cycle_anchor_config"`
	BillingThresholds             Null                         `json:"billing_thresholds"`
	CancelAt                      Stamp                        `json:"cancel_at"`
	CancelAtPeriodEnd             bool                         `json:"cancel_at_period_end"`
	CanceledAt                    Stamp                        `json:"canceled_at"`
	CancellationDetails           *CancellationDetails         `json:"cancellation_details"`
	CollectionMethod              string                       `json:"collection_method"`
	Created                       int64                        `json:"created"`
	Currency                      string                       `json:"currency"`
	CurrentPeriodEnd              int64                        `json:"current_period_end"`
	CurrentPeriodStart            int64                        `json:"current_period_start"`
	Customer                      string                       `json:"customer"`
	DaysUntilDue                  *int64                       `json:"days_until_due"`
	DefaultPaymentMethod          Text                         `json:"default_payment_method"`
	DefaultSource                 Text                         `json:"default_source"`
	DefaultTaxRates               Empty                        `json:"default_tax_rates"`
	Description                   Text                         `json:"description"`
	Discount                      *Discount                    `json:"discount"`
	EndedAt                       Stamp                        `json:"ended_at"`
	ID                            string                       `json:"id"`
	Items                         List[*SubscriptionItem]      `json:"items"`
	LatestInvoice                 Text                         `json:"latest_invoice"`
	Livemode                      bool                         `json:"livemode"`
	Metadata                      Metadata                     `json:"metadata"`
	NextPendingInvoiceItemInvoice Stamp                        `json:"next_pending_invoice_item_invoice"`
	Object                        string                       `json:"object"`
	OnBehalfOf                    Text                         `json:"on_behalf_of"`
	PauseCollection               *PauseCollection             `json:"pause_collection"`
	PaymentSettings               *SubscriptionPaymentSettings `json:"payment_settings"`
	PendingInvoiceItemInterval    Null                         `json:"pending_invoice_item_interval"`
	PendingSetupIntent            Text                         `json:"pending_setup_intent"`
	PendingUpdate                 *PendingUpdate               `json:"pending_update"`
	Schedule                      Text                         `json:"schedule"`
	StartDate                     int64                        `json:"start_date"`
	Status                        string                       `json:"status"`
	TestClock                     Text                         `json:"test_clock"`
	TransferData                  Null                         `json:"transfer_data"`
	TrialEnd                      Stamp                        `json:"trial_end"`
	TrialSettings                 *TrialSettings               `json:"trial_settings"`
	TrialStart                    Stamp                        `json:"trial_start"`

	State SubscriptionState `json:"-"`
}

// BillingCycleAnchorConfig is a part of the object in this file.
type BillingCycleAnchorConfig struct {
	DayOfMonth int64  `json:"day_of_month"`
	Hour       *int64 `json:"hour"`
	Minute     *int64 `json:"minute"`
	Month      *int64 `json:"month"`
	Second     *int64 `json:"second"`
}

// AutomaticTax is a part of the object in this file.
type AutomaticTax struct {
	Enabled   bool    `json:"enabled"`
	Liability *Issuer `json:"liability"`
}

// CancellationDetails is a part of the object in this file.
type CancellationDetails struct {
	Comment  Text `json:"comment"`
	Feedback Text `json:"feedback"`
	Reason   Text `json:"reason"`
}

// PauseCollection is a part of the object in this file.
type PauseCollection struct {
	Behavior  string `json:"behavior"`
	ResumesAt Stamp  `json:"resumes_at"`
}

// SubscriptionPaymentSettings is a part of the object in this file.
type SubscriptionPaymentSettings struct {
	PaymentMethodOptions     Null     `json:"payment_method_options"`
	PaymentMethodTypes       []string `json:"payment_method_types"`
	SaveDefaultPaymentMethod Text     `json:"save_default_payment_method"`
}

// PendingUpdate is a part of the object in this file.
type PendingUpdate struct {
	BillingCycleAnchor Stamp               `json:"billing_cycle_anchor"`
	ExpiresAt          int64               `json:"expires_at"`
	SubscriptionItems  []*SubscriptionItem `json:"subscription_items"`
	TrialEnd           Stamp               `json:"trial_end"`
	TrialFromPlan      *bool               `json:"trial_from_plan"`
}

// TrialSettings is a part of the object in this file.
type TrialSettings struct {
	EndBehavior TrialEndBehavior `json:"end_behavior"`
}

// TrialEndBehavior is a part of the object in this file.
type TrialEndBehavior struct {
	MissingPaymentMethod string `json:"missing_payment_method"`
}
