package object

// Invoice is a statement of what a customer owes (object "invoice").
type Invoice struct {
	AccountCountry               Text                   `json:"account_country"`
	AccountName                  Text                   `json:"account_name"`
	AccountTaxIds                []string               `json:"account_tax_ids"`
	AmountDue                    int64                  `json:"amount_due"`
	AmountPaid                   int64                  `json:"amount_paid"`
	AmountRemaining              int64                  `json:"amount_remaining"`
	AmountShipping               int64                  `json:"amount_shipping"`
	Application                  Text                   `json:"application"`
	ApplicationFeeAmount         *int64                 `json:"application_fee_amount"`
	AttemptCount                 int64                  `json:"attempt_count"`
	Attempted                    bool                   `json:"attempted"`
	AutoAdvance                  bool                   `json:"auto_advance"`
	AutomaticTax                 InvoiceAutomaticTax    `json:"automatic_tax"`
	BillingReason                Text                   `json:"billing_reason"`
	Charge                       Text                   `json:"charge"`
	CollectionMethod             string                 `json:"collection_method"`
	Created                      int64                  `json:"created"`
	Currency                     string                 `json:"currency"`
	CustomFields                 Empty                  `json:"custom_fields"`
	Customer                     Text                   `json:"customer"`
	CustomerAddress              *Address               `json:"customer_address"`
	CustomerEmail                Text                   `json:"customer_email"`
	CustomerName                 Text                   `json:"customer_name"`
	CustomerPhone                Text                   `json:"customer_phone"`
	CustomerShipping             Null                   `json:"customer_shipping"`
	CustomerTaxExempt            Text                   `json:"customer_tax_exempt"`
	CustomerTaxIds               []TaxID                `json:"customer_tax_ids"`
	DefaultPaymentMethod         Text                   `json:"default_payment_method"`
	DefaultSource                Text                   `json:"default_source"`
	DefaultTaxRates              Empty                  `json:"default_tax_rates"`
	Description                  Text                   `json:"description"`
	Discount                     *Discount              `json:"discount"`
	Discounts                    []string               `json:"discounts"`
	DueDate                      Stamp                  `json:"due_date"`
	EffectiveAt                  Stamp                  `json:"effective_at"`
	EndingBalance                *int64                 `json:"ending_balance"`
	Footer                       Text                   `json:"footer"`
	FromInvoice                  Null                   `json:"from_invoice"`
	HostedInvoiceURL             Text                   `json:"hosted_invoice_url"`
	ID                           string                 `json:"id,omitempty"`
	InvoicePDF                   Text                   `json:"invoice_pdf"`
	Issuer                       Issuer                 `json:"issuer"`
	LastFinalizationError        *APIError              `json:"last_finalization_error"`
	LatestRevision               Text                   `json:"latest_revision"`
	Lines                        List[*InvoiceLine]     `json:"lines"`
	Livemode                     bool                   `json:"livemode"`
	Metadata                     Metadata               `json:"metadata"`
	NextPaymentAttempt           Stamp                  `json:"next_payment_attempt"`
	Number                       Text                   `json:"number"`
	Object                       string                 `json:"object"`
	OnBehalfOf                   Text                   `json:"on_behalf_of"`
	Paid                         bool                   `json:"paid"`
	PaidOutOfBand                bool                   `json:"paid_out_of_band"`
	PaymentIntent                Text                   `json:"payment_intent"`
	PaymentSettings              InvoicePaymentSettings `json:"payment_settings"`
	PeriodEnd                    int64                  `json:"period_end"`
	PeriodStart                  int64                  `json:"period_start"`
	PostPaymentCreditNotesAmount int64                  `json:"post_payment_credit_notes_amount"`
	PrePaymentCreditNotesAmount  int64                  `json:"pre_payment_credit_notes_amount"`
	Quote                        Text                   `json:"quote"`
	ReceiptNumber                Text                   `json:"receipt_number"`
	Rendering                    Null                   `json:"rendering"`
	ShippingCost                 Null                   `json:"shipping_cost"`
	ShippingDetails              Null                   `json:"shipping_details"`
	StartingBalance              int64                  `json:"starting_balance"`
	StatementDescriptor          Text                   `json:"statement_descriptor"`
	Status                       Text                   `json:"status"`
	StatusTransitions            StatusTransitions      `json:"status_transitions"`
	Subscription                 Text                   `json:"subscription"`
	SubscriptionDetails          *SubscriptionDetails   `json:"subscription_details"`
	Subtotal                     int64                  `json:"subtotal"`
	SubtotalExcludingTax         *int64                 `json:"subtotal_excluding_tax"`
	Tax                          *int64                 `json:"tax"`
	TestClock                    Text                   `json:"test_clock"`
	Total                        int64                  `json:"total"`
	TotalDiscountAmounts         []DiscountAmount       `json:"total_discount_amounts"`
	TotalExcludingTax            *int64                 `json:"total_excluding_tax"`
	TotalTaxAmounts              []TaxAmount            `json:"total_tax_amounts"`
	TransferData                 Null                   `json:"transfer_data"`
	WebhooksDeliveredAt          Stamp                  `json:"webhooks_delivered_at"`

	State InvoiceState `json:"-"`
}

// InvoiceAutomaticTax is a part of the object in this file.
type InvoiceAutomaticTax struct {
	Enabled   bool    `json:"enabled"`
	Liability *Issuer `json:"liability"`
	Status    Text    `json:"status"`
}

// Issuer is a part of the object in this file.
type Issuer struct {
	Type string `json:"type"`
}

// InvoicePaymentSettings is a part of the object in this file.
type InvoicePaymentSettings struct {
	DefaultMandate       Text     `json:"default_mandate"`
	PaymentMethodOptions Null     `json:"payment_method_options"`
	PaymentMethodTypes   []string `json:"payment_method_types"`
}

// StatusTransitions is a part of the object in this file.
type StatusTransitions struct {
	FinalizedAt           Stamp `json:"finalized_at"`
	MarkedUncollectibleAt Stamp `json:"marked_uncollectible_at"`
	PaidAt                Stamp `json:"paid_at"`
	VoidedAt              Stamp `json:"voided_at"`
}

// SubscriptionDetails is a part of the object in this file.
type SubscriptionDetails struct {
	Metadata Metadata `json:"metadata"`
}
