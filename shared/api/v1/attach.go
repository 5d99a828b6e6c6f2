package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/app"
)

// Attach serves POST /v1/attach: it attaches products to a customer.
func Attach(a *app.App) api.Dialect {
	return dialect(api.Route{Pattern: "POST /v1/attach", Access: api.Pages, Handle: func(ctx context.Context, req api.Request) (any, error) {
		cmd, err := attachCommand(req)
		if err != nil {
			return nil, err
		}
		done, err := a.Attach(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		return attachAnswer(done), nil
	}, Replays: true})
}

type attachResponse struct {
	Success     bool         `json:"success"`
	CustomerID  string       `json:"customer_id"`
	ProductIDs  []string     `json:"product_ids"`
	Code        string       `json:"code"`
	Message     string       `json:"message"`
	CheckoutURL string       `json:"checkout_url,omitempty"`
	Invoice     *invoiceJSON `json:"invoice,omitempty"`
}

func attachAnswer(done app.Outcome) attachResponse {
	code, message := worded(done.Effect, done.ProductIDs, done.Subject)
	out := attachResponse{Success: true, CustomerID: done.CustomerID, ProductIDs: done.ProductIDs,
		Code: code, Message: message, CheckoutURL: done.URL}
	if done.Invoice != nil {
		invoice := invoiceOf(*done.Invoice)
		out.Invoice = &invoice
	}
	return out
}
