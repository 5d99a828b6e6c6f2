package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
)

// Balances serves POST /v1/balances/create: it gives a customer, or one of their
// entities, a balance that belongs to no product.
func Balances(a *app.App) api.Dialect {
	return dialect(api.Route{Pattern: "POST /v1/balances/create", Access: api.Secret, Replays: true, Elsewhere: "POST /v1/balances.create",
		Handle: func(ctx context.Context, req api.Request) (any, error) { return createBalance(ctx, a, req) }})
}

type createBalanceRequest struct {
	CustomerID string      `json:"customer_id"`
	FeatureID  string      `json:"feature_id"`
	EntityID   string      `json:"entity_id"`
	BalanceID  string      `json:"balance_id"`
	Granted    *api.Number `json:"granted_balance"`
	fields.NewBalance
}

func createBalance(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.Decode[createBalanceRequest](req)
	if err != nil {
		return nil, err
	}
	switch {
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	case in.FeatureID == "":
		return nil, api.InvalidInputs("feature_id: required.")
	}
	grant, err := in.Grant(in.BalanceID, in.Granted)
	if err != nil {
		return nil, err
	}
	if err := a.CreateGrant(ctx, req.Caller, app.BalanceOf{CustomerID: in.CustomerID, EntityID: in.EntityID, FeatureID: in.FeatureID}, grant); err != nil {
		return nil, err
	}
	return struct {
		successResponse
		Message string `json:"message"`
	}{successResponse{true}, "Balance created"}, nil
}
