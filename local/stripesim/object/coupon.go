package object

// Coupon is the terms of a discount (object "coupon").
type Coupon struct {
	AmountOff        *int64   `json:"amount_off"`
	Created          int64    `json:"created"`
	Currency         Text     `json:"currency"`
	Duration         string   `json:"duration"`
	DurationInMonths *int64   `json:"duration_in_months"`
	ID               string   `json:"id"`
	Livemode         bool     `json:"livemode"`
	MaxRedemptions   *int64   `json:"max_redemptions"`
	Metadata         Metadata `json:"metadata"`
	Name             Text     `json:"name"`
	Object           string   `json:"object"`
	PercentOff       Number   `json:"percent_off"`
	RedeemBy         Stamp    `json:"redeem_by"`
	TimesRedeemed    int64    `json:"times_redeemed"`
	Valid            bool     `json:"valid"`

	State CouponState `json:"-"`
}

// AppliesTo is a part of the object in this file.
type AppliesTo struct {
	Products []string `json:"products"`
}
