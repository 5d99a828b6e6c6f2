package api

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/refusal"
)

// Cancel serves POST /v1/cancel: it ends a customer's product, with its period
// or at once.
func Cancel(a *app.App) *Function {
	return function(a, route{"POST /v1/cancel", secret, func(ctx context.Context, req Request) (any, error) {
		in, err := decode[cancelRequest](req)
		if err != nil {
			return nil, err
		}
		switch {
		case in.CustomerID == "":
			return nil, refusal.InvalidInputs("customer_id: required.")
		case in.ProductID == "":
			return nil, refusal.InvalidInputs("product_id: required.")
		case in.EntityID != "":
			return nil, refusal.Invalid("Cancelling the product of an entity is not available in this version.")
		}
		done, err := a.Cancel(ctx, req.Caller, app.CancelCommand{CustomerID: in.CustomerID, ProductID: in.ProductID,
			Immediately: in.Immediately, Refund: in.Immediately && in.Prorate})
		return cancelResponse{true, done.CustomerID, in.ProductID}, err
	}, true})
}

type cancelRequest struct {
	CustomerID  string `json:"customer_id"`
	ProductID   string `json:"product_id"`
	EntityID    string `json:"entity_id"`
	Immediately bool   `json:"cancel_immediately"`
	uiExtras
	Prorate bool `json:"prorate"` // credit the time left; without cancel_immediately there is none
}

type cancelResponse struct {
	Success    bool   `json:"success"`
	CustomerID string `json:"customer_id"`
	ProductID  string `json:"product_id"`
}
