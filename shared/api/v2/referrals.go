package v2

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// ReferralCode serves referrals.create_code, whose JSON is that of the first dialect:
// create is its handler.
func ReferralCode(create func(context.Context, api.Request) (any, error)) api.Dialect {
	return dialect(changes("POST /v1/referrals.create_code", "POST /v1/referrals/code", create))
}

// RedeemReferral serves referrals.redeem_code. redeem is the handler of the first
// dialect, whose JSON is the same.
func RedeemReferral(redeem func(context.Context, api.Request) (any, error)) api.Dialect {
	return dialect(changes("POST /v1/referrals.redeem_code", "POST /v1/referrals/redeem", redeem))
}

// UseReward serves rewards.redeem: what a promotion code gives by itself.
func UseReward(a *app.App) api.Dialect {
	return dialect(changes("POST /v1/rewards.redeem", "POST /v1/rewards/redeem", func(ctx context.Context, req api.Request) (any, error) { return redeemReward(ctx, a, req) }))
}

// redeemedJSON answers the redemption of a promotion code.
type redeemedJSON struct {
	ID         string          `json:"id"`
	RewardID   string          `json:"reward_id"`
	CustomerID string          `json:"customer_id"`
	PlanID     api.OrNull      `json:"plan_id"` // that it gave
	Credits    *fields.Credits `json:"credits"` // that it gave
	Granted    []grantedJSON   `json:"entitlements_granted"`
}

// A grantedJSON is what was given of a feature; 1 of one that is on.
type grantedJSON struct {
	FeatureID string     `json:"feature_id"`
	Balance   api.Number `json:"balance"`
}

func redeemReward(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		Code       string `json:"code"`
		CustomerID string `json:"customer_id"`
	}](req)
	if err != nil {
		return nil, err
	}
	done, err := a.RedeemCode(ctx, req.Caller, in.Code, in.CustomerID)
	if err != nil {
		return nil, err
	}
	cat, err := a.CatalogFor(ctx, req.Caller)
	if err != nil {
		return nil, err
	}
	out := redeemedJSON{ID: done.ID, RewardID: done.RewardID, CustomerID: done.RedeemerID, PlanID: api.OrNull(done.Reward.FreeProduct), Granted: []grantedJSON{}}
	if done.Credits != nil {
		credits := fields.CreditsOf(*done.Credits)
		out.Credits = &credits
	}
	for _, g := range cat.Given(done.Reward) {
		out.Granted = append(out.Granted, grantedJSON{g.FeatureID, api.NumberOf(g.Units(cat.Features[g.FeatureID].Type == catalog.Boolean))})
	}
	return out, nil
}
