package object

// InvoiceItem is a line waiting for its invoice (object "invoiceitem").
type InvoiceItem struct {
	Amount            int64    `json:"amount"`
	Currency          string   `json:"currency"`
	Customer          string   `json:"customer"`
	Date              int64    `json:"date"`
	Description       Text     `json:"description"`
	Discountable      bool     `json:"discountable"`
	Discounts         []string `json:"discounts"`
	ID                string   `json:"id"`
	Invoice           Text     `json:"invoice"`
	Livemode          bool     `json:"livemode"`
	Metadata          Metadata `json:"metadata"`
	Object            string   `json:"object"`
	Period            Period   `json:"period"`
	Price             *Price   `json:"price"`
	Proration         bool     `json:"proration"`
	Quantity          int64    `json:"quantity"`
	Subscription      Text     `json:"subscription"`
	SubscriptionItem  string   `json:"subscription_item,omitempty"`
	TaxRates          Empty    `json:"tax_rates"`
	TestClock         Text     `json:"test_clock"`
	UnitAmount        *int64   `json:"unit_amount"`
	UnitAmountDecimal Decimal  `json:"unit_amount_decimal"`

	State InvoiceItemState `json:"-"`
}
