package billing

import "windfall/shared/money"

// PutDiscount puts a coupon on the customer, so that it takes off whatever is
// invoiced. Where another discount runs, on the customer or on one of their
// subscriptions, nothing happens; Results says which it was.
type PutDiscount struct{ Coupon Coupon }

// A Coupon is the terms of a discount. Rewards with equal terms, once edited
// and edited back, are one coupon.
type Coupon struct {
	RewardID string
	Name     string
	Percent  money.Decimal // 0 with Amount
	Amount   money.Amount  // minor units; 0 with Percent
	Currency money.Currency
	Duration string      // one_off, months, forever
	Months   int         // with months
	Only     []PriceLine // the prices it takes something off; none: all of them
}
