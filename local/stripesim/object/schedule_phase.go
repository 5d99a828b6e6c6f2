package object

// Phase is a part of the object in this file.
type Phase struct {
	AddInvoiceItems       []PhaseInvoiceItem    `json:"add_invoice_items"`
	ApplicationFeePercent Number                `json:"application_fee_percent"`
	AutomaticTax          AutomaticTax          `json:"automatic_tax"`
	BillingCycleAnchor    Text                  `json:"billing_cycle_anchor"`
	BillingThresholds     Null                  `json:"billing_thresholds"`
	CollectionMethod      Text                  `json:"collection_method"`
	Coupon                Text                  `json:"coupon"`
	Currency              string                `json:"currency"`
	DefaultPaymentMethod  Text                  `json:"default_payment_method"`
	DefaultTaxRates       Empty                 `json:"default_tax_rates"`
	Description           Text                  `json:"description"`
	EndDate               int64                 `json:"end_date"`
	InvoiceSettings       *PhaseInvoiceSettings `json:"invoice_settings"`
	Items                 []PhaseItem           `json:"items"`
	Metadata              Metadata              `json:"metadata"`
	OnBehalfOf            Text                  `json:"on_behalf_of"`
	ProrationBehavior     string                `json:"proration_behavior"`
	StartDate             int64                 `json:"start_date"`
	TransferData          Null                  `json:"transfer_data"`
	TrialEnd              Stamp                 `json:"trial_end"`
}

// PhaseItem is a part of the object in this file.
type PhaseItem struct {
	BillingThresholds Null     `json:"billing_thresholds"`
	Metadata          Metadata `json:"metadata"`
	Price             string   `json:"price"`
	Quantity          *int64   `json:"quantity,omitempty"`
	TaxRates          Empty    `json:"tax_rates"`
}

// PhaseInvoiceItem is a part of the object in this file.
type PhaseInvoiceItem struct {
	Price    string `json:"price"`
	Quantity *int64 `json:"quantity"`
	TaxRates Empty  `json:"tax_rates"`
}

// PhaseInvoiceSettings is a part of the object in this file.
type PhaseInvoiceSettings struct {
	AccountTaxIds []string `json:"account_tax_ids"`
	DaysUntilDue  *int64   `json:"days_until_due"`
	Issuer        *Issuer  `json:"issuer"`
}
