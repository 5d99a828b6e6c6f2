package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/pageparams"
)

// BillingPortal serves Stripe's pages for customers: the portal, and the page
// that saves a card.
func BillingPortal(a *app.App) api.Dialect {
	p := portal{a}
	return dialect(
		api.Route{Pattern: "POST /v1/customers/{customer_id}/billing_portal", Access: api.Secret, Handle: p.post, Replays: true},
		api.Route{Pattern: "GET /v1/customers/{customer_id}/billing_portal", Access: api.Secret, Handle: p.get, Replays: false},
		api.Route{Pattern: "POST /v1/setup_payment", Access: api.Secret, Handle: p.setup, Replays: true})
}

type portal struct{ app *app.App }

// pageResponse has the address of the page.
type pageResponse struct {
	CustomerID string `json:"customer_id"`
	URL        string `json:"url"`
}

func pageAnswer(done app.Outcome, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return pageResponse{done.CustomerID, done.URL}, nil
}

func (p portal) post(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[portalRequest](req)
	if err != nil {
		return nil, err
	}
	return p.open(ctx, req, in.ReturnURL)
}

type portalRequest struct {
	ReturnURL string `json:"return_url"`
	uiExtras
}

// get is the call of older SDKs.
func (p portal) get(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "return_url"); err != nil {
		return nil, err
	}
	return p.open(ctx, req, api.QueryText(req, "return_url"))
}

func (p portal) open(ctx context.Context, req api.Request, returnURL string) (any, error) {
	if err := fields.CheckURL("return_url", returnURL); err != nil {
		return nil, err
	}
	return pageAnswer(p.app.BillingPortal(ctx, req.Caller, req.PathValue("customer_id"), returnURL))
}

type setupRequest struct {
	CustomerID    string         `json:"customer_id"`
	CustomerData  *customerData  `json:"customer_data"`
	SuccessURL    string         `json:"success_url"`
	SessionParams map[string]any `json:"checkout_session_params"`
	uiExtras
}

func (p portal) setup(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[setupRequest](req)
	if err != nil {
		return nil, err
	}
	if in.CustomerID == "" {
		return nil, fields.ErrNoCustomer
	}
	if err := fields.CheckSuccessURL(in.SuccessURL, in.SessionParams); err != nil {
		return nil, err
	}
	params, err := pageparams.Read(in.SessionParams, pageparams.SavesCard)
	if err != nil {
		return nil, err
	}
	page := billing.SetupPayment{SuccessURL: in.SuccessURL, Extra: params}
	return pageAnswer(p.app.SetupPayment(ctx, req.Caller, app.SetupPaymentCommand{CustomerID: in.CustomerID, Data: in.CustomerData.Data(), Page: page}))
}
