package v2

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/pageparams"
)

// BillingPortal serves Stripe's pages for customers: the portal, and the page that saves
// a card.
func BillingPortal(a *app.App) api.Dialect {
	p := portal{a}
	return dialect(
		changes("POST /v1/billing.open_customer_portal", "POST /v1/customers/{customer_id}/billing_portal", p.open),
		changes("POST /v1/billing.setup_payment", "POST /v1/setup_payment", p.setup))
}

type portal struct{ app *app.App }

// pageResponse has the address of the page.
type pageResponse struct {
	CustomerID string  `json:"customer_id"`
	EntityID   *string `json:"entity_id"`
	URL        string  `json:"url"`
}

func (p portal) open(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		CustomerID string       `json:"customer_id"`
		ReturnURL  string       `json:"return_url"`
		Config     fields.Unset `json:"configuration_id" instead:"the portal is as it is set up in the Stripe account. Leave it out."` // the portal is as it is set up in the Stripe account
	}](req)
	switch {
	case err != nil:
		return nil, err
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	}
	if err := fields.CheckURL("return_url", in.ReturnURL); err != nil {
		return nil, err
	}
	done, err := p.app.BillingPortal(ctx, req.Caller, in.CustomerID, in.ReturnURL)
	return pageResponse{CustomerID: done.CustomerID, URL: done.URL}, err
}

type setupRequest struct {
	CustomerID    string            `json:"customer_id"`
	EntityID      string            `json:"entity_id"` // its customer's card pays for what is attached to it
	SuccessURL    string            `json:"success_url"`
	SessionParams map[string]any    `json:"checkout_session_params"`
	Metadata      map[string]string `json:"metadata"` // of the page
	ofPlans
}

// ofPlans has the fields of a plan that is attached once the card is saved, which is
// another call here: billing.attach.
type ofPlans struct {
	Plan         attachedLater `json:"plan_id"`
	Quantities   attachedLater `json:"feature_quantities"`
	Licenses     attachedLater `json:"license_quantities"`
	Version      attachedLater `json:"version"`
	Trial        attachedLater `json:"free_trial"`
	Customize    attachedLater `json:"customize"`
	Proration    attachedLater `json:"proration_behavior"`
	Subscription attachedLater `json:"subscription_id"`
	Discounts    attachedLater `json:"discounts"`
	Anchor       attachedLater `json:"billing_cycle_anchor"`
	Starts       attachedLater `json:"starts_at"`
	Ends         attachedLater `json:"ends_at"`
	Lines        attachedLater `json:"custom_line_items"`
	AtProcessor  attachedLater `json:"processor_subscription_id"`
	Balances     attachedLater `json:"carry_over_balances"`
	Usages       attachedLater `json:"carry_over_usages"`
	NoBilling    attachedLater `json:"no_billing_changes"`
	Immediately  attachedLater `json:"enable_plan_immediately"`
	TaxRate      attachedLater `json:"tax_rate_id"`
	Currency     attachedLater `json:"currency"`
	Remove       attachedLater `json:"remove_plan_ids"`
}

type attachedLater struct{}

func (*attachedLater) UnmarshalJSON(b []byte) error {
	if (*fields.Unset)(nil).UnmarshalJSON(b) == nil {
		return nil
	}
	return api.Invalid("this page saves a card and attaches nothing. Call billing.attach when the customer has come back.")
}

func (p portal) setup(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[setupRequest](req)
	switch {
	case err != nil:
		return nil, err
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	}
	if len(in.Metadata) > 0 {
		if in.SessionParams["metadata"] != nil {
			return nil, api.InvalidInputs("metadata: checkout_session_params has metadata, too. Send one of them.")
		}
		labels := map[string]any{}
		for k, v := range in.Metadata {
			labels[k] = v
		}
		if in.SessionParams == nil {
			in.SessionParams = map[string]any{}
		}
		in.SessionParams["metadata"] = labels
	}
	if err := fields.CheckSuccessURL(in.SuccessURL, in.SessionParams); err != nil {
		return nil, err
	}
	params, err := pageparams.Read(in.SessionParams, pageparams.SavesCard)
	if err != nil {
		return nil, err
	}
	page := billing.SetupPayment{SuccessURL: in.SuccessURL, Extra: params}
	done, err := p.app.SetupPayment(ctx, req.Caller, app.SetupPaymentCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, Page: page})
	return pageResponse{CustomerID: done.CustomerID, EntityID: fields.EntityID(in.EntityID), URL: done.URL}, err
}
