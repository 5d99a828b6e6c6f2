package v1

import (
	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// A rewardJSON is a reward in answers. Every key but grants is always there.
type rewardJSON struct {
	InternalID     string             `json:"internal_id"`
	ID             string             `json:"id"`
	Name           string             `json:"name"`
	Type           catalog.RewardType `json:"type"`
	PromoCodes     []promoCodeJSON    `json:"promo_codes"`
	MoreCodes      bool               `json:"has_more_promo_codes"` // the list of its codes has all of them
	Discount       *fields.Discount   `json:"discount_config"`
	FreeProduct    api.OrNull         `json:"free_product_id"`
	FreeConfig     *freeConfigJSON    `json:"free_product_config"`
	Grants         []fields.Granted   `json:"grants,omitempty"` // of a feature_grant
	Max            *int               `json:"max_redemptions"`
	MaxPerCustomer *int               `json:"max_redemptions_per_customer"`
	Used           int                `json:"times_redeemed"`
	RedeemBy       api.Millis         `json:"redeem_by"`
	CreditMonths   *int               `json:"credits_expire_months"`
	Org            string             `json:"org_id"`
	Env            catalog.Env        `json:"env"`
	CreatedAt      api.Millis         `json:"created_at"`
}

// A freeConfigJSON says how many periods of a paid product are free.
type freeConfigJSON struct {
	Duration string `json:"duration_type"`
	Periods  int    `json:"duration_value"`
}

func rewardAnswer(r admin.Reward, env catalog.Env) rewardJSON {
	out := rewardJSON{InternalID: r.InternalID, ID: r.ID, Name: r.Name, Type: r.Type, PromoCodes: []promoCodeJSON{}, MoreCodes: r.More,
		FreeProduct: api.OrNull(r.FreeProduct), Grants: fields.GrantsOf(r.Reward), Max: limit(r.Max), MaxPerCustomer: limit(r.MaxPerCustomer), Used: r.Used,
		RedeemBy: api.Millis(r.RedeemBy), CreditMonths: limit(r.CreditMonths), Org: fields.OrganizationID, Env: env, CreatedAt: api.Millis(r.CreatedAt)}
	for _, c := range r.Codes {
		out.PromoCodes = append(out.PromoCodes, promoCodeAnswer(c))
	}
	if out.Discount = fields.DiscountOf(r.Reward); r.FreePeriods > 0 {
		out.FreeConfig = &freeConfigJSON{catalog.MonthsDiscount, r.FreePeriods}
	}
	return out
}

// limit is a limit in answers, null for none.
func limit(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// A promoCodeJSON is a promotion code in answers. Two names of older clients come
// with their value alone.
type promoCodeJSON struct {
	Code           string            `json:"code"`
	RewardID       string            `json:"reward_id"`
	Active         bool              `json:"active"`
	Status         reward.Status     `json:"status"`
	Max            *int              `json:"max_redemptions"`
	MaxPerCustomer *int              `json:"max_redemptions_per_customer"`
	Used           int               `json:"times_redeemed"`
	ExpiresAt      api.Millis        `json:"expires_at"`
	CustomerID     api.OrNull        `json:"customer_id"`
	Restrictions   restrictionsJSON  `json:"restrictions"`
	Metadata       map[string]string `json:"metadata"`
	CreatedAt      api.Millis        `json:"created_at"`
	OldMax         *int              `json:"global_max_redemption,omitempty"`
	OldFirstTime   bool              `json:"first_time_transaction,omitempty"`
}

type restrictionsJSON struct {
	FirstTime bool        `json:"first_time_transaction"`
	Minimum   *api.Number `json:"minimum_amount"`
	Currency  api.OrNull  `json:"minimum_amount_currency"`
}

func promoCodeAnswer(c admin.Code) promoCodeJSON {
	out := promoCodeJSON{Code: c.Code, RewardID: c.Reward.ID, Active: c.Status == reward.Active, Status: c.Status, Max: limit(c.Max),
		MaxPerCustomer: limit(c.MaxPerCustomer), Used: c.Used, ExpiresAt: api.Millis(c.ExpiresAt), CustomerID: api.OrNull(c.CustomerKey),
		Restrictions: restrictionsJSON{FirstTime: c.FirstTimeOnly, Currency: api.OrNull(c.Currency)}, Metadata: c.Metadata,
		CreatedAt: api.Millis(c.CreatedAt), OldMax: limit(c.Max), OldFirstTime: c.FirstTimeOnly}
	if c.Metadata == nil {
		out.Metadata = map[string]string{}
	}
	if c.Minimum > 0 {
		least := c.PromoCode.Currency.Major(c.Minimum)
		out.Restrictions.Minimum = api.Optional(&least)
	}
	return out
}

// A personJSON is a customer in a redemption.
type personJSON struct {
	ID        api.OrNull `json:"id"`
	Name      api.OrNull `json:"name"`
	Email     api.OrNull `json:"email"`
	CreatedAt api.Millis `json:"created_at"`
}

func person(c billing.Customer) personJSON {
	return personJSON{api.OrNull(c.ID), api.OrNull(c.Name), api.OrNull(c.Email), api.Millis(c.CreatedAt)}
}
