package object

// PromotionCode is a code customers type to get a coupon (object "promotion_code").
type PromotionCode struct {
	Active         bool                  `json:"active"`
	Code           string                `json:"code"`
	Coupon         *Coupon               `json:"coupon"`
	Created        int64                 `json:"created"`
	Customer       Text                  `json:"customer"`
	ExpiresAt      Stamp                 `json:"expires_at"`
	ID             string                `json:"id"`
	Livemode       bool                  `json:"livemode"`
	MaxRedemptions *int64                `json:"max_redemptions"`
	Metadata       Metadata              `json:"metadata"`
	Object         string                `json:"object"`
	Restrictions   PromotionRestrictions `json:"restrictions"`
	TimesRedeemed  int64                 `json:"times_redeemed"`

	State PromotionCodeState `json:"-"`
}

// PromotionRestrictions is a part of the object in this file.
type PromotionRestrictions struct {
	FirstTimeTransaction  bool   `json:"first_time_transaction"`
	MinimumAmount         *int64 `json:"minimum_amount"`
	MinimumAmountCurrency Text   `json:"minimum_amount_currency"`
}
