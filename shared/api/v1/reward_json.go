package v1

import (
	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// orgID is the organisation in every reward and program: a deployment has one.
const orgID = "org_windfall"

// A rewardJSON is a reward in answers. Every key is always there.
type rewardJSON struct {
	InternalID  string             `json:"internal_id"`
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Type        catalog.RewardType `json:"type"`
	PromoCodes  []promoCodeJSON    `json:"promo_codes"`
	Discount    *discountJSON      `json:"discount_config"`
	FreeProduct api.OrNull         `json:"free_product_id"`
	Org         string             `json:"org_id"`
	Env         catalog.Env        `json:"env"`
	CreatedAt   api.Millis         `json:"created_at"`
}

type discountJSON struct {
	Value      api.Number `json:"discount_value"`
	Duration   string     `json:"duration_type"`
	Months     int        `json:"duration_value"` // 0 unless the duration is months
	Rollover   bool       `json:"should_rollover"`
	ApplyToAll bool       `json:"apply_to_all"`
	PriceIDs   []string   `json:"price_ids"`
}

func rewardAnswer(r catalog.Reward, env catalog.Env) rewardJSON {
	out := rewardJSON{InternalID: r.InternalID, ID: r.ID, Name: r.Name, Type: r.Type, PromoCodes: []promoCodeJSON{},
		FreeProduct: api.OrNull(r.FreeProduct), Org: orgID, Env: env, CreatedAt: api.Millis(r.CreatedAt)}
	for _, c := range r.PromoCodes {
		code := promoCodeJSON{Code: c.Code, FirstTimeOnly: c.FirstTimeOnly}
		if c.MaxRedemptions > 0 {
			code.Max = &c.MaxRedemptions
		}
		out.PromoCodes = append(out.PromoCodes, code)
	}
	if d := r.Discount; d != nil {
		out.Discount = &discountJSON{Value: api.NumberOf(d.Value), Duration: d.Duration, Months: d.Months,
			Rollover: r.Type == catalog.InvoiceCredits, ApplyToAll: d.ApplyToAll, PriceIDs: append([]string{}, d.PriceIDs...)}
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
