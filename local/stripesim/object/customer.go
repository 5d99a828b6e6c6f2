package object

// Customer is a buyer (object "customer").
type Customer struct {
	Address             *Address                `json:"address"`
	Balance             int64                   `json:"balance"`
	Created             int64                   `json:"created"`
	Currency            Text                    `json:"currency"`
	DefaultSource       Text                    `json:"default_source"`
	Delinquent          *bool                   `json:"delinquent"`
	Description         Text                    `json:"description"`
	Discount            *Discount               `json:"discount"`
	Email               Text                    `json:"email"`
	ID                  string                  `json:"id"`
	InvoicePrefix       Text                    `json:"invoice_prefix"`
	InvoiceSettings     CustomerInvoiceSettings `json:"invoice_settings"`
	Livemode            bool                    `json:"livemode"`
	Metadata            Metadata                `json:"metadata"`
	Name                Text                    `json:"name"`
	NextInvoiceSequence int64                   `json:"next_invoice_sequence"`
	Object              string                  `json:"object"`
	Phone               Text                    `json:"phone"`
	PreferredLocales    []string                `json:"preferred_locales"`
	Shipping            Null                    `json:"shipping"`
	TaxExempt           Text                    `json:"tax_exempt"`
	TestClock           Text                    `json:"test_clock"`

	State CustomerState `json:"-"`
}

// CustomerInvoiceSettings is a part of the object in this file.
type CustomerInvoiceSettings struct {
	CustomFields         Empty `json:"custom_fields"`
	DefaultPaymentMethod Text  `json:"default_payment_method"`
	Footer               Text  `json:"footer"`
	RenderingOptions     Null  `json:"rendering_options"`
}

// Address is a part of the object in this file.
type Address struct {
	City       Text `json:"city"`
	Country    Text `json:"country"`
	Line1      Text `json:"line1"`
	Line2      Text `json:"line2"`
	PostalCode Text `json:"postal_code"`
	State      Text `json:"state"`
}

// CustomerTax is only shown when expanded.
type CustomerTax struct {
	AutomaticTax string `json:"automatic_tax"`
	IPAddress    Text   `json:"ip_address"`
	Location     Null   `json:"location"`
}
