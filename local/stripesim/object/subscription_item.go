package object

// SubscriptionItem is one price of a subscription (object "subscription_item").
type SubscriptionItem struct {
	BillingThresholds Null     `json:"billing_thresholds"`
	Created           int64    `json:"created"`
	ID                string   `json:"id"`
	Metadata          Metadata `json:"metadata"`
	Object            string   `json:"object"`
	Price             *Price   `json:"price"`
	Quantity          *int64   `json:"quantity,omitempty"`
	Subscription      string   `json:"subscription"`
	TaxRates          Empty    `json:"tax_rates"`
}
