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

// GoneDiscount is what deleting a discount answers.
type GoneDiscount struct {
	CheckoutSession Text    `json:"checkout_session"`
	Coupon          *Coupon `json:"coupon"`
	Customer        Text    `json:"customer"`
	Deleted         bool    `json:"deleted"`
	ID              string  `json:"id"`
	Invoice         Text    `json:"invoice"`
	InvoiceItem     Text    `json:"invoice_item"`
	Object          string  `json:"object"`
	PromotionCode   Text    `json:"promotion_code"`
	Start           int64   `json:"start"`
	Subscription    Text    `json:"subscription"`
}

// DeletedDiscount is d after its deletion.
func DeletedDiscount(d *Discount) GoneDiscount {
	return GoneDiscount{
		CheckoutSession: d.CheckoutSession, Coupon: d.Coupon, Customer: d.Customer, Deleted: true, ID: d.ID, Invoice: d.Invoice,
		InvoiceItem: d.InvoiceItem, Object: d.Object, PromotionCode: d.PromotionCode, Start: d.Start, Subscription: d.Subscription,
	}
}
