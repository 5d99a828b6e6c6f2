package object

// CreditNote is an issued correction of an invoice (object "credit_note").
type CreditNote struct {
	Amount                     int64                 `json:"amount"`
	AmountShipping             int64                 `json:"amount_shipping"`
	Created                    int64                 `json:"created"`
	Currency                   string                `json:"currency"`
	Customer                   string                `json:"customer"`
	CustomerBalanceTransaction Text                  `json:"customer_balance_transaction"`
	DiscountAmount             int64                 `json:"discount_amount"`
	DiscountAmounts            []DiscountAmount      `json:"discount_amounts"`
	EffectiveAt                Stamp                 `json:"effective_at"`
	ID                         string                `json:"id"`
	Invoice                    string                `json:"invoice"`
	Lines                      List[*CreditNoteLine] `json:"lines"`
	Livemode                   bool                  `json:"livemode"`
	Memo                       Text                  `json:"memo"`
	Metadata                   Metadata              `json:"metadata"`
	Number                     string                `json:"number"`
	Object                     string                `json:"object"`
	OutOfBandAmount            *int64                `json:"out_of_band_amount"`
	PDF                        string                `json:"pdf"`
	Reason                     Text                  `json:"reason"`
	Refund                     Text                  `json:"refund"`
	ShippingCost               Null                  `json:"shipping_cost"`
	Status                     string                `json:"status"`
	Subtotal                   int64                 `json:"subtotal"`
	SubtotalExcludingTax       *int64                `json:"subtotal_excluding_tax"`
	TaxAmounts                 Empty                 `json:"tax_amounts"`
	Total                      int64                 `json:"total"`
	TotalExcludingTax          *int64                `json:"total_excluding_tax"`
	Type                       string                `json:"type"`
	VoidedAt                   Stamp                 `json:"voided_at"`
}

// CreditNoteLine is a part of the object in this file.
type CreditNoteLine struct {
	Amount                 int64            `json:"amount"`
	AmountExcludingTax     *int64           `json:"amount_excluding_tax"`
	Description            Text             `json:"description"`
	DiscountAmount         int64            `json:"discount_amount"`
	DiscountAmounts        []DiscountAmount `json:"discount_amounts"`
	ID                     string           `json:"id"`
	InvoiceLineItem        string           `json:"invoice_line_item,omitempty"`
	Livemode               bool             `json:"livemode"`
	Object                 string           `json:"object"`
	Quantity               *int64           `json:"quantity"`
	TaxAmounts             Empty            `json:"tax_amounts"`
	TaxRates               Empty            `json:"tax_rates"`
	Type                   string           `json:"type"`
	UnitAmount             *int64           `json:"unit_amount"`
	UnitAmountDecimal      Decimal          `json:"unit_amount_decimal"`
	UnitAmountExcludingTax Decimal          `json:"unit_amount_excluding_tax"`
}
