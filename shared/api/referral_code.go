package api

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/refusal"
)

// ReferralCode serves POST /v1/referrals/code: a customer's code in a program.
func ReferralCode(a *app.App) *Function {
	return function(a, route{"POST /v1/referrals/code", secret, func(ctx context.Context, req Request) (any, error) {
		in, err := decode[referralCodeRequest](req)
		if err != nil {
			return nil, err
		}
		if in.ProgramID == "" {
			return nil, refusal.InvalidInputs("program_id: required.")
		}
		code, err := a.ReferralCode(ctx, req.Caller, in.CustomerID, in.ProgramID)
		return referralCodeJSON{code.Code, code.OwnerID, ms(code.CreatedAt)}, err
	}, true})
}

type referralCodeRequest struct {
	CustomerID string `json:"customer_id"`
	ProgramID  string `json:"program_id"`
}

type referralCodeJSON struct {
	Code       string `json:"code"`
	CustomerID string `json:"customer_id"`
	CreatedAt  ms     `json:"created_at"`
}
