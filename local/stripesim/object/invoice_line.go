package object

// InvoiceLine is one line of an invoice (object "line_item").
type InvoiceLine struct {
	Amount                 int64             `json:"amount"`
	AmountExcludingTax     *int64            `json:"amount_excluding_tax"`
	Currency               string            `json:"currency"`
	Description            Text              `json:"description"`
	DiscountAmounts        []DiscountAmount  `json:"discount_amounts"`
	Discountable           bool              `json:"discountable"`
	Discounts              []string          `json:"discounts"`
	ID                     string            `json:"id"`
	Invoice                Text              `json:"invoice"`
	InvoiceItem            string            `json:"invoice_item,omitempty"`
	Livemode               bool              `json:"livemode"`
	Metadata               Metadata          `json:"metadata"`
	Object                 string            `json:"object"`
	Period                 Period            `json:"period"`
	Price                  *Price            `json:"price"`
	Proration              bool              `json:"proration"`
	ProrationDetails       *ProrationDetails `json:"proration_details"`
	Quantity               *int64            `json:"quantity"`
	Subscription           Text              `json:"subscription"`
	SubscriptionItem       string            `json:"subscription_item,omitempty"`
	TaxAmounts             []TaxAmount       `json:"tax_amounts"`
	TaxRates               Empty             `json:"tax_rates"`
	Type                   string            `json:"type"`
	UnitAmountExcludingTax Decimal           `json:"unit_amount_excluding_tax"`
}

// Period is a part of the object in this file.
type Period struct {
	End   int64 `json:"end"`
	Start int64 `json:"start"`
}

// ProrationDetails is a part of the object in this file.
type ProrationDetails struct {
	CreditedItems *CreditedItems `json:"credited_items"`
}

// CreditedItems is a part of the object in this file.
type CreditedItems struct {
	Invoice          string   `json:"invoice"`
	InvoiceLineItems []string `json:"invoice_line_items"`
}
