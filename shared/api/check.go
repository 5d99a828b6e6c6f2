package api

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// Check serves POST /v1/check: may this customer use this feature, or do they
// hold this product?
func Check(a *app.App) *Function {
	handle := func(ctx context.Context, req Request) (any, error) { return check(ctx, a, req) }
	return function(a,
		route{"POST /v1/check", public, handle, false},
		route{"POST /v1/entitled", public, handle, false}) // its name in older SDKs
}

type checkRequest struct {
	CustomerID   string        `json:"customer_id"`
	CustomerData *customerData `json:"customer_data"`
	FeatureID    string        `json:"feature_id"`
	ProductID    string        `json:"product_id"`
	EntityID     string        `json:"entity_id"`
	Required     *number       `json:"required_balance"`
	RequiredOld  *number       `json:"required_quantity"` // its name in older SDKs
	SendEvent    bool          `json:"send_event"`
	WithPreview  bool          `json:"with_preview"`
	Properties   properties    `json:"properties"` // of the use that send_event records
}

func check(ctx context.Context, a *app.App, req Request) (any, error) {
	in, err := decodeLenient[checkRequest](req)
	if err != nil {
		return nil, err
	}
	switch {
	case in.CustomerID == "":
		return nil, refusal.InvalidInputs("customer_id: required.")
	case (in.FeatureID == "") == (in.ProductID == ""):
		return nil, refusal.Invalid("Pass either feature_id or product_id.")
	case in.EntityID != "":
		return nil, errEntityBalance
	}
	if req.Publishable {
		in.CustomerData = nil // it makes no customer, and fills in nothing
	}
	if in.ProductID != "" {
		return checkProduct(ctx, a, req, in)
	}
	required := money.One
	for _, given := range []*number{in.RequiredOld, in.Required} {
		if given != nil {
			required = given.Decimal
		}
	}
	if in.SendEvent && required.IsNegative() {
		return nil, refusal.InvalidInputs("required_balance: 0 or more with send_event. Give back with track.")
	}
	access, err := a.Check(ctx, req.Caller, app.CheckCommand{CustomerID: in.CustomerID, Data: in.CustomerData.data(),
		FeatureID: in.FeatureID, Required: required, Use: in.SendEvent && !req.Publishable, Properties: in.Properties.text()})
	if err != nil {
		return nil, err
	}
	out := checkAnswer(in.CustomerID, access, req)
	if in.WithPreview {
		out.Preview, err = paywall(ctx, a, req, in, access)
	}
	return out, err
}

type checkResponse struct {
	Allowed    bool    `json:"allowed"`
	Code       string  `json:"code"`
	CustomerID string  `json:"customer_id"`
	FeatureID  string  `json:"feature_id"`
	EntityID   *string `json:"entity_id"`
	Required   number  `json:"required_balance"`
	balanceJSON
	Schema  []creditShareJSON `json:"credit_schema,omitempty"`
	Preview *paywallJSON      `json:"preview"`
}

func checkAnswer(customerID string, access entitlement.Access, req Request) checkResponse {
	out := checkResponse{Allowed: access.Allowed, Code: "feature_found", CustomerID: customerID,
		FeatureID: access.FeatureID, Required: number{access.Required}, Schema: creditShares(access.Credits)}
	switch {
	case access.Boolean:
	case access.Held:
		out.balanceJSON = balanceOf(access.Balance, req.Now)
	default:
		out.Balance = &number{}
	}
	return out
}

type productCheckResponse struct {
	Allowed    bool       `json:"allowed"`
	Code       string     `json:"code"`
	CustomerID string     `json:"customer_id"`
	ProductID  string     `json:"product_id"`
	EntityID   *string    `json:"entity_id"`
	Status     orNull     `json:"status"`
	Preview    *offerJSON `json:"preview"` // with_preview; null where a checkout page says it all
}

func checkProduct(ctx context.Context, a *app.App, req Request, in checkRequest) (any, error) {
	access, err := a.CheckProduct(ctx, req.Caller, in.CustomerID, in.ProductID, in.CustomerData.data())
	if err != nil {
		return nil, err
	}
	out := productCheckResponse{Allowed: access.Allowed, Code: "product_found", CustomerID: in.CustomerID,
		ProductID: in.ProductID, Status: orNull(access.Status)}
	if in.WithPreview {
		out.Preview, err = offer(ctx, a, req, in)
	}
	return out, err
}
