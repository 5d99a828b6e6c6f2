package v1

import (
	"context"
	"errors"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// RedeemReferral serves POST /v1/referrals/redeem and GET /v1/redemptions/{id}.
func RedeemReferral(a *app.App) *api.Function {
	return api.NewFunction(a, words,
		api.Route{Pattern: "POST /v1/referrals/redeem", Access: api.Secret, Handle: redeemReferral(a), Replays: true},
		api.Route{Pattern: "GET /v1/redemptions/{redemption_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			if err := api.TakesQuery(req); err != nil {
				return nil, err
			}
			r, err := a.Redemption(ctx, req.Caller, req.PathValue("redemption_id"))
			return redemptionAnswer(r), err
		}, Replays: false},
	)
}

type redeemRequest struct {
	Code       string `json:"code"`
	CustomerID string `json:"customer_id"`
}

// A redeemedJSON answers a redemption with the fields of all versions of the
// clients.
type redeemedJSON struct {
	ID         string      `json:"id"`
	CustomerID string      `json:"customer_id"`
	RewardID   string      `json:"reward_id"`
	Applied    bool        `json:"applied"`   // the referrer has the reward
	Triggered  bool        `json:"triggered"` // the reward was set off; a checkout program waits for the purchase
	Referrer   *personJSON `json:"referrer"`  // null of a promotion code
	Redeemer   *personJSON `json:"redeemer"`
}

func redeemReferral(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[redeemRequest](req)
		if err != nil {
			return nil, err
		}
		done, err := a.RedeemReferral(ctx, req.Caller, in.Code, in.CustomerID)
		if errors.Is(err, billing.ErrReferralCodeNotFound("")) {
			return redeemAsPromoCode(ctx, a, req, in, err)
		}
		if err != nil {
			return nil, err
		}
		referrer, redeemer := person(done.Referrer), person(done.Redeemer)
		return redeemedJSON{ID: done.ID, CustomerID: done.RedeemerID, RewardID: done.RewardID, Applied: done.Applied,
			Triggered: done.Triggered, Referrer: &referrer, Redeemer: &redeemer}, nil
	}
}

// redeemAsPromoCode redeems a code that is no referral code: an application has one
// box for both.
func redeemAsPromoCode(ctx context.Context, a *app.App, req api.Request, in redeemRequest, unknown error) (any, error) {
	done, err := a.RedeemCode(ctx, req.Caller, in.Code, in.CustomerID)
	var refused *refusal.Error
	if errors.As(err, &refused) && refused.Reason == reward.ReasonCodeUnknown {
		return nil, unknown
	}
	return redeemedJSON{ID: done.ID, CustomerID: done.RedeemerID, RewardID: done.RewardID, Applied: done.Applied, Triggered: done.Triggered}, err
}

// A redemptionJSON is a stored redemption. The internal ids name the redeemer
// and the program.
type redemptionJSON struct {
	ID               string     `json:"id"`
	CreatedAt        api.Millis `json:"created_at"`
	UpdatedAt        api.Millis `json:"updated_at"`
	InternalCustomer string     `json:"internal_customer_id"`
	InternalProgram  api.OrNull `json:"internal_reward_program_id"`
	ReferralCode     api.OrNull `json:"referral_code_id"`
	Triggered        bool       `json:"triggered"`
	Applied          bool       `json:"applied"`
	RedeemerApplied  bool       `json:"redeemer_applied"`
	RewardID         string     `json:"reward_id"`
	CustomerID       string     `json:"customer_id"`
	ReferrerID       api.OrNull `json:"referrer_id"`
	PromoCode        api.OrNull `json:"promo_code"` // null of a referral, whose fields are null of a code
}

func redemptionAnswer(r catalog.Redemption) redemptionJSON {
	code, referral := r.Code, ""
	if r.ProgramID != "" {
		code, referral = "", r.Code
	}
	return redemptionJSON{ID: r.ID, CreatedAt: api.Millis(r.CreatedAt), UpdatedAt: api.Millis(r.UpdatedAt),
		InternalCustomer: r.RedeemerInternalID, InternalProgram: api.OrNull(r.ProgramID), ReferralCode: api.OrNull(referral), PromoCode: api.OrNull(code),
		Triggered: r.Triggered, Applied: r.Applied, RedeemerApplied: r.RedeemerApplied,
		RewardID: r.RewardID, CustomerID: r.RedeemerID, ReferrerID: api.OrNull(r.ReferrerID)}
}
