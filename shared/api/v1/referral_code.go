package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/app"
)

// ReferralCode serves POST /v1/referrals/code: a customer's code in a program.
func ReferralCode(a *app.App) api.Dialect {
	return dialect(api.Route{Pattern: "POST /v1/referrals/code", Access: api.Secret, Handle: CreateCode(a), Replays: true})
}

// CreateCode answers a customer's code in a program, in the JSON of both dialects.
func CreateCode(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[referralCodeRequest](req)
		if err != nil {
			return nil, err
		}
		if in.ProgramID == "" {
			return nil, api.InvalidInputs("program_id: required.")
		}
		code, err := a.ReferralCode(ctx, req.Caller, in.CustomerID, in.ProgramID)
		return referralCodeJSON{code.Code, code.OwnerID, api.Millis(code.CreatedAt)}, err
	}
}

type referralCodeRequest struct {
	CustomerID string `json:"customer_id"`
	ProgramID  string `json:"program_id"`
}

type referralCodeJSON struct {
	Code       string     `json:"code"`
	CustomerID string     `json:"customer_id"`
	CreatedAt  api.Millis `json:"created_at"`
}
