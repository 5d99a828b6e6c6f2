package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
)

// Cancel serves POST /v1/cancel: it ends a customer product, with its period or
// at once.
func Cancel(a *app.App) api.Dialect {
	return dialect(api.Route{Pattern: "POST /v1/cancel", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[cancelRequest](req)
		if err != nil {
			return nil, err
		}
		switch {
		case in.CustomerID == "":
			return nil, fields.ErrNoCustomer
		case in.ProductID == "":
			return nil, api.InvalidInputs("product_id: required.")
		}
		done, err := a.Cancel(ctx, req.Caller, app.CancelCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, ProductID: in.ProductID,
			Immediately: in.Immediately, Refund: in.Immediately && in.Prorate})
		return cancelResponse{true, done.CustomerID, in.ProductID}, err
	}, Replays: true})
}

type cancelRequest struct {
	CustomerID  string `json:"customer_id"`
	ProductID   string `json:"product_id"`
	EntityID    string `json:"entity_id"`
	Immediately bool   `json:"cancel_immediately"`
	uiExtras
	Prorate bool `json:"prorate"` // credit the unused time; none without cancel_immediately
}

type cancelResponse struct {
	Success    bool   `json:"success"`
	CustomerID string `json:"customer_id"`
	ProductID  string `json:"product_id"`
}
