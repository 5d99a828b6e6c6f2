package object

// Discount is a coupon in force on a customer, subscription or invoice (object "discount").
type Discount struct {
	CheckoutSession Text    `json:"checkout_session"`
	Coupon          *Coupon `json:"coupon"`
	Customer        Text    `json:"customer"`
	End             Stamp   `json:"end"`
	ID              string  `json:"id"`
	Invoice         Text    `json:"invoice"`
	InvoiceItem     Text    `json:"invoice_item"`
	Object          string  `json:"object"`
	PromotionCode   Text    `json:"promotion_code"`
	Start           int64   `json:"start"`
	Subscription    Text    `json:"subscription"`
}

// DiscountAmount is a part of the object in this file.
type DiscountAmount struct {
	Amount   int64  `json:"amount"`
	Discount string `json:"discount"`
}
