package billing

import "windfall/shared/money"

// PutDiscount puts a coupon on the customer, so that it takes off whatever is
// invoiced. Where another discount runs, on the customer or on one of their
// subscriptions, nothing happens; Results says which it was.
type PutDiscount struct {
	Coupon Coupon `json:"coupon,omitzero"`
}

// A Coupon is the terms of a discount. Rewards with equal terms, once edited
// and edited back, are one coupon.
type Coupon struct {
	RewardID string         `json:"reward_id,omitzero"`
	Name     string         `json:"name,omitzero"`
	Percent  money.Decimal  `json:"percent,omitzero"` // 0 with Amount
	Amount   money.Amount   `json:"amount,omitzero"`  // minor units; 0 with Percent
	Currency money.Currency `json:"currency,omitzero"`
	Duration string         `json:"duration,omitzero"` // one_off, months, forever
	Months   int            `json:"months,omitzero"`   // with months
	Only     []PriceLine    `json:"only,omitzero"`     // the prices it takes something off; none: all of them
}
