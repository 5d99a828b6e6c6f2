package billing

// PutDiscount puts a coupon on the customer, so that it takes off whatever is
// invoiced. Where another discount runs, on the customer or on one of their
// subscriptions, nothing happens; Results says which it was.
type PutDiscount struct{ Coupon Coupon }

// A Coupon is the terms of a discount in Stripe's words. One that exists under
// its id is taken as it is.
type Coupon struct {
	ID       string // names the terms: equal terms, equal id
	RewardID string
	Name     string
	Percent  Decimal // 0 with Amount
	Amount   Amount  // minor units; 0 with Percent
	Currency Currency
	Duration string      // one_off, months, forever
	Months   int         // with months
	Only     []PriceLine // the prices it takes something off; none: all of them
}
