package v1

import (
	"context"
	"errors"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/referral"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// RedeemReferral serves POST /v1/referrals/redeem and /v1/redemptions.
func RedeemReferral(a *app.App) api.Dialect {
	return dialect(
		api.Route{Pattern: "POST /v1/referrals/redeem", Access: api.Secret, Handle: RedeemCode(a), Replays: true},
		api.Route{Pattern: "GET /v1/redemptions", Access: api.Secret, Handle: listRedemptions(admin.Of(a)), Replays: false},
		api.Route{Pattern: "GET /v1/redemptions/{redemption_id}", Access: api.Secret, Handle: readRedemption(a), Replays: false},
		api.Route{Pattern: "POST /v1/redemptions/{redemption_id}/approve", Access: api.Secret, Handle: approve(a), Replays: true},
		api.Route{Pattern: "POST /v1/redemptions/{redemption_id}/reject", Access: api.Secret, Handle: reject(a), Replays: true},
	)
}

type redeemRequest struct {
	codeRequest
	RewardID string `json:"reward_id"` // autumn-py demands it; the code's program has the reward
}

// A redeemedJSON answers a redemption with the fields of all versions of the
// clients.
type redeemedJSON struct {
	ID         string `json:"id"`
	CustomerID string `json:"customer_id"`
	RewardID   string `json:"reward_id"`
	Applied    bool   `json:"applied"`   // the referrer has the reward; of a promotion code: the customer
	Triggered  bool   `json:"triggered"` // the reward was set off; a checkout program waits for the purchase

	RedeemerApplied bool            `json:"redeemer_applied"` // the redeemer has it, who gets none where the program is for referrers alone
	Status          referral.Status `json:"status"`

	Referrer *personJSON `json:"referrer"` // null of a promotion code
	Redeemer *personJSON `json:"redeemer"`
}

// RedeemCode redeems a code of a referrer, or a promotion code, in the JSON of both
// dialects.
func RedeemCode(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[redeemRequest](req)
		if err != nil {
			return nil, err
		}
		if in.RewardID != "" {
			gives, err := a.RewardOfCode(ctx, req.Caller, in.Code)
			if err != nil {
				return nil, err
			}
			if gives != in.RewardID {
				return nil, api.InvalidInputs("reward_id: code %.80q gives reward %q, not %.80q. Leave it out: its program has the reward.", in.Code, gives, in.RewardID)
			}
		}
		done, err := a.RedeemReferral(ctx, req.Caller, in.Code, in.CustomerID)
		if errors.Is(err, billing.ErrReferralCodeNotFound("")) {
			return redeemAsPromoCode(ctx, a, req, in, err)
		}
		if err != nil {
			return nil, err
		}
		referrer, redeemer := person(done.Referrer), person(done.Redeemer)
		out := redeemedAnswer(done.Redemption)
		out.Referrer, out.Redeemer = &referrer, &redeemer
		return out, nil
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
	return redeemedAnswer(done.Redemption), err
}

func redeemedAnswer(r referral.Redemption) redeemedJSON {
	return redeemedJSON{ID: r.ID, CustomerID: r.RedeemerID, RewardID: r.RewardID, Applied: r.Has(), Triggered: r.SetOff(),
		RedeemerApplied: r.Redeemer.Status == referral.Applied, Status: r.Status}
}
