package object

// Schedule is the planned phases of a subscription (object "subscription_schedule").
type Schedule struct {
	Application          Text             `json:"application"`
	CanceledAt           Stamp            `json:"canceled_at"`
	CompletedAt          Stamp            `json:"completed_at"`
	Created              int64            `json:"created"`
	CurrentPhase         *CurrentPhase    `json:"current_phase"`
	Customer             string           `json:"customer"`
	DefaultSettings      ScheduleDefaults `json:"default_settings"`
	EndBehavior          string           `json:"end_behavior"`
	ID                   string           `json:"id"`
	Livemode             bool             `json:"livemode"`
	Metadata             Metadata         `json:"metadata"`
	Object               string           `json:"object"`
	Phases               []Phase          `json:"phases"`
	ReleasedAt           Stamp            `json:"released_at"`
	ReleasedSubscription Text             `json:"released_subscription"`
	Status               string           `json:"status"`
	Subscription         Text             `json:"subscription"`
	TestClock            Text             `json:"test_clock"`

	State ScheduleState `json:"-"`
}

// CurrentPhase is a part of the object in this file.
type CurrentPhase struct {
	EndDate   int64 `json:"end_date"`
	StartDate int64 `json:"start_date"`
}

// ScheduleDefaults is a part of the object in this file.
type ScheduleDefaults struct {
	ApplicationFeePercent Number                  `json:"application_fee_percent"`
	AutomaticTax          AutomaticTax            `json:"automatic_tax"`
	BillingCycleAnchor    string                  `json:"billing_cycle_anchor"`
	BillingThresholds     Null                    `json:"billing_thresholds"`
	CollectionMethod      Text                    `json:"collection_method"`
	DefaultPaymentMethod  Text                    `json:"default_payment_method"`
	Description           Text                    `json:"description"`
	InvoiceSettings       ScheduleInvoiceSettings `json:"invoice_settings"`
	OnBehalfOf            Text                    `json:"on_behalf_of"`
	TransferData          Null                    `json:"transfer_data"`
}

// ScheduleInvoiceSettings is a part of the object in this file.
type ScheduleInvoiceSettings struct {
	AccountTaxIds []string `json:"account_tax_ids"`
	DaysUntilDue  *int64   `json:"days_until_due"`
	Issuer        Issuer   `json:"issuer"`
}
