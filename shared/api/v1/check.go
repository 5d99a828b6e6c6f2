package v1

import (
	"context"
	"fmt"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Check serves POST /v1/check: may this customer use this feature, or do they
// have this product?
func Check(a *app.App) api.Dialect {
	handle := func(ctx context.Context, req api.Request) (any, error) { return check(ctx, a, req) }
	return dialect(
		api.Route{Pattern: "POST /v1/check", Access: api.Public, Handle: handle, Replays: true, Changes: takes},
		api.Route{Pattern: "POST /v1/entitled", Access: api.Public, Handle: handle, Replays: true, Changes: takes}) // its name in older SDKs
}

type checkRequest struct {
	CustomerID   string             `json:"customer_id"`
	CustomerData *customerData      `json:"customer_data"`
	FeatureID    string             `json:"feature_id"`
	ProductID    string             `json:"product_id"`
	EntityID     string             `json:"entity_id"`
	EntityData   *fields.EntityData `json:"entity_data"`
	Required     *api.Number        `json:"required_balance"`
	RequiredOld  *api.Number        `json:"required_quantity"` // its name in older SDKs
	SendEvent    bool               `json:"send_event"`
	WithPreview  bool               `json:"with_preview"`
	Properties   fields.Properties  `json:"properties"`                                                                                                               // of the usage record that send_event makes
	Lock         unset              `json:"lock" instead:"locks are of the second dialect: POST /v1/balances.check, without the header x-api-version or with 2.4.0."` // the second dialect has it
	RequestKey   string             `json:"idempotency_key"`                                                                                                          // refused: only track takes it in the body
}

// takes reports whether a check is a use as well. A body that can't be read is
// none, and is refused by check itself.
func takes(req api.Request) bool {
	in, err := api.DecodeLenient[checkRequest](req)
	return err == nil && in.SendEvent && !req.Publishable
}

func check(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.DecodeLenient[checkRequest](req)
	if err != nil {
		return nil, err
	}
	switch {
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	case in.EntityData.Lost(in.EntityID):
		return nil, fields.ErrNoEntity
	case (in.FeatureID == "") == (in.ProductID == ""):
		return nil, api.Invalid("Pass either feature_id or product_id.")
	case in.RequestKey != "" && in.SendEvent && !req.Publishable:
		return nil, api.InvalidInputs("idempotency_key: check takes the key as the header Idempotency-Key. Send it there, or use track.")
	}
	if in.Required != nil && in.RequiredOld != nil && !in.Required.Equal(in.RequiredOld.Decimal) {
		return nil, api.InvalidInputs("required_balance and required_quantity are two names of one amount, and differ. Send one of them.")
	}
	if req.Publishable {
		in.CustomerData = nil // neither creates a customer nor changes one
	}
	if in.ProductID != "" {
		return checkProduct(ctx, a, req, in)
	}
	required := money.One
	for _, given := range []*api.Number{in.RequiredOld, in.Required} {
		if given != nil {
			required = given.Decimal
		}
	}
	if in.SendEvent && required.IsNegative() {
		return nil, api.InvalidInputs("required_balance: 0 or more with send_event. Give back with track.")
	}
	access, err := a.Check(ctx, req.Caller, app.CheckCommand{CustomerID: in.CustomerID, Data: in.CustomerData.Data(),
		EntityID: in.EntityID, EntityData: in.EntityData.Data(), FeatureID: in.FeatureID, Required: required, Use: in.SendEvent && !req.Publishable, Properties: in.Properties.Text()})
	if err != nil {
		return nil, err
	}
	out := checkAnswer(in.CustomerID, access, req)
	out.EntityID = fields.EntityID(in.EntityID)
	if in.WithPreview {
		out.Preview, err = paywall(ctx, a, req, in.CustomerID, in.FeatureID, access)
	}
	return out, err
}

type checkResponse struct {
	Allowed    bool       `json:"allowed"`
	Code       string     `json:"code"`
	CustomerID string     `json:"customer_id"`
	FeatureID  string     `json:"feature_id"`
	EntityID   *string    `json:"entity_id"`
	Required   api.Number `json:"required_balance"`
	balanceJSON
	Schema  []creditShareJSON `json:"credit_schema,omitempty"`
	Preview *paywallJSON      `json:"preview"`
}

func checkAnswer(customerID string, access entitlement.Access, req api.Request) checkResponse {
	out := checkResponse{Allowed: access.Allowed, Code: "feature_found", CustomerID: customerID,
		FeatureID: access.FeatureID, Required: api.NumberOf(access.Required), Schema: creditShares(access.Credits)}
	switch {
	case access.Boolean:
	case access.Held:
		out.balanceJSON = balanceOf(access.Balance, req.Now)
	default:
		out.Balance = &api.Number{}
	}
	return out
}

type productCheckResponse struct {
	Allowed    bool       `json:"allowed"`
	Code       string     `json:"code"`
	CustomerID string     `json:"customer_id"`
	ProductID  string     `json:"product_id"`
	EntityID   *string    `json:"entity_id"`
	Status     api.OrNull `json:"status"`
	Preview    *offerJSON `json:"preview"` // with_preview; null where a checkout page has all of it
}

func checkProduct(ctx context.Context, a *app.App, req api.Request, in checkRequest) (any, error) {
	access, err := a.CheckProduct(ctx, req.Caller, in.CustomerID, in.EntityID, in.ProductID, in.CustomerData.Data())
	if err != nil {
		return nil, err
	}
	out := productCheckResponse{Allowed: access.Allowed, Code: "product_found", CustomerID: in.CustomerID,
		EntityID: fields.EntityID(in.EntityID), ProductID: in.ProductID, Status: api.OrNull(access.Status)}
	if in.WithPreview {
		out.Preview, err = offer(ctx, a, req, in)
	}
	return out, err
}

// paywallJSON is what check adds with with_preview when the answer is no.
type paywallJSON struct {
	Scenario    string        `json:"scenario"` // usage_limit or feature_flag
	Title       string        `json:"title"`
	Message     string        `json:"message"`
	FeatureID   string        `json:"feature_id"`
	FeatureName string        `json:"feature_name"`
	Products    []productJSON `json:"products"` // that would give more
}

// Preview is what check adds with with_preview, in any dialect: its products are
// those of this one, also in answers of the second.
func Preview(a *app.App) func(context.Context, api.Request, string, string, entitlement.Access) (any, error) {
	return func(ctx context.Context, req api.Request, customerID, featureID string, access entitlement.Access) (any, error) {
		w, err := paywall(ctx, a, req, customerID, featureID, access)
		if w == nil {
			return nil, err
		}
		return w, err
	}
}

// paywall is null if the customer may use the feature.
func paywall(ctx context.Context, a *app.App, req api.Request, customerID, featureID string, access entitlement.Access) (*paywallJSON, error) {
	w, cat, err := a.Paywall(ctx, req.Caller, customerID, featureID, access)
	if w == nil || err != nil {
		return nil, err
	}
	out := &paywallJSON{Scenario: "feature_flag", Title: w.Feature.Name + " is not included",
		Message:   fmt.Sprintf("Your current plan does not include %s.", w.Feature.Name),
		FeatureID: w.Feature.ID, FeatureName: w.Feature.Name, Products: []productJSON{}}
	if w.Reached {
		out.Scenario, out.Title = "usage_limit", w.Feature.Name+": limit reached"
		out.Message = fmt.Sprintf("You have used all that your plan includes of %s.", w.Feature.Name)
	}
	if len(w.Products) > 0 {
		out.Message += fmt.Sprintf(" %s would give you more.", w.Products[0].Name)
	}
	for _, p := range w.Products {
		out.Products = append(out.Products, productAnswer(p, cat, req.Env))
	}
	return out, nil
}
