package object

// CheckoutSession is one visit to the hosted payment page (object "checkout.session").
type CheckoutSession struct {
	AfterExpiration                   Null                     `json:"after_expiration"`
	AllowPromotionCodes               *bool                    `json:"allow_promotion_codes"`
	AmountSubtotal                    *int64                   `json:"amount_subtotal"`
	AmountTotal                       *int64                   `json:"amount_total"`
	AutomaticTax                      InvoiceAutomaticTax      `json:"automatic_tax"`
	BillingAddressCollection          Text                     `json:"billing_address_collection"`
	CancelURL                         Text                     `json:"cancel_url"`
	ClientReferenceID                 Text                     `json:"client_reference_id"`
	ClientSecret                      Text                     `json:"client_secret"`
	Consent                           Null                     `json:"consent"`
	ConsentCollection                 Null                     `json:"consent_collection"`
	Created                           int64                    `json:"created"`
	Currency                          Text                     `json:"currency"`
	CurrencyConversion                Null                     `json:"currency_conversion"`
	CustomFields                      Empty                    `json:"custom_fields"`
	CustomText                        CheckoutCustomText       `json:"custom_text"`
	Customer                          Text                     `json:"customer"`
	CustomerCreation                  Text                     `json:"customer_creation"`
	CustomerDetails                   *CheckoutCustomer        `json:"customer_details"`
	CustomerEmail                     Text                     `json:"customer_email"`
	ExpiresAt                         int64                    `json:"expires_at"`
	ID                                string                   `json:"id"`
	Invoice                           Text                     `json:"invoice"`
	InvoiceCreation                   *CheckoutInvoiceCreation `json:"invoice_creation"`
	Livemode                          bool                     `json:"livemode"`
	Locale                            Text                     `json:"locale"`
	Metadata                          Metadata                 `json:"metadata"`
	Mode                              string                   `json:"mode"`
	Object                            string                   `json:"object"`
	PaymentIntent                     Text                     `json:"payment_intent"`
	PaymentLink                       Text                     `json:"payment_link"`
	PaymentMethodCollection           Text                     `json:"payment_method_collection"`
	PaymentMethodConfigurationDetails Null                     `json:"payment_method_configuration_details"`
	PaymentMethodOptions              Raw                      `json:"payment_method_options"`
	PaymentMethodTypes                []string                 `json:"payment_method_types"`
	PaymentStatus                     string                   `json:"payment_status"`
	PhoneNumberCollection             Enabled                  `json:"phone_number_collection"`
	SetupIntent                       Text                     `json:"setup_intent"`
	ShippingCost                      Null                     `json:"shipping_cost"`
	ShippingDetails                   Null                     `json:"shipping_details"`
	ShippingOptions                   Empty                    `json:"shipping_options"`
	Status                            Text                     `json:"status"`
	SubmitType                        Text                     `json:"submit_type"`
	Subscription                      Text                     `json:"subscription"`
	SuccessURL                        Text                     `json:"success_url"`
	TaxIDCollection                   *Enabled                 `json:"tax_id_collection,omitempty"`
	TotalDetails                      *CheckoutTotals          `json:"total_details"`
	UIMode                            Text                     `json:"ui_mode"`
	URL                               Text                     `json:"url"`

	State CheckoutState `json:"-"`
}

// CheckoutLine is one line of a checkout session (object "item").
type CheckoutLine struct {
	AmountDiscount int64          `json:"amount_discount"`
	AmountSubtotal int64          `json:"amount_subtotal"`
	AmountTax      int64          `json:"amount_tax"`
	AmountTotal    int64          `json:"amount_total"`
	Currency       string         `json:"currency"`
	Description    string         `json:"description"`
	Discounts      []LineDiscount `json:"discounts"`
	ID             string         `json:"id"`
	Object         string         `json:"object"`
	Price          *Price         `json:"price"`
	Quantity       *int64         `json:"quantity"`
	Taxes          Empty          `json:"taxes"`

	State CheckoutLineState `json:"-"`
}

// CheckoutCustomText is a part of the object in this file.
type CheckoutCustomText struct {
	AfterSubmit              Null `json:"after_submit"`
	ShippingAddress          Null `json:"shipping_address"`
	Submit                   Null `json:"submit"`
	TermsOfServiceAcceptance Null `json:"terms_of_service_acceptance"`
}

// CheckoutCustomer is a part of the object in this file.
type CheckoutCustomer struct {
	Address   *Address `json:"address"`
	Email     Text     `json:"email"`
	Name      Text     `json:"name"`
	Phone     Text     `json:"phone"`
	TaxExempt Text     `json:"tax_exempt"`
	TaxIds    []TaxID  `json:"tax_ids"`
}

// CheckoutInvoiceCreation is a part of the object in this file.
type CheckoutInvoiceCreation struct {
	Enabled     bool                `json:"enabled"`
	InvoiceData CheckoutInvoiceData `json:"invoice_data"`
}

// CheckoutInvoiceData is a part of the object in this file.
type CheckoutInvoiceData struct {
	AccountTaxIds    []string `json:"account_tax_ids"`
	CustomFields     Empty    `json:"custom_fields"`
	Description      Text     `json:"description"`
	Footer           Text     `json:"footer"`
	Issuer           *Issuer  `json:"issuer"`
	Metadata         Metadata `json:"metadata"`
	RenderingOptions Null     `json:"rendering_options"`
}

// CheckoutTotals is a part of the object in this file.
type CheckoutTotals struct {
	AmountDiscount int64              `json:"amount_discount"`
	AmountShipping *int64             `json:"amount_shipping"`
	AmountTax      int64              `json:"amount_tax"`
	Breakdown      *CheckoutBreakdown `json:"breakdown,omitempty"`
}

// CheckoutBreakdown is a part of the object in this file.
type CheckoutBreakdown struct {
	Discounts []LineDiscount `json:"discounts"`
	Taxes     Empty          `json:"taxes"`
}

// LineDiscount is a part of the object in this file.
type LineDiscount struct {
	Amount   int64     `json:"amount"`
	Discount *Discount `json:"discount"`
}

// Enabled is a part of the object in this file.
type Enabled struct {
	Enabled bool `json:"enabled"`
}
