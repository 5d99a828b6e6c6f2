package v2

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// A Preview says of a check that is not allowed what would allow it, nil where it is
// allowed. Its JSON is the same in both dialects.
type Preview func(ctx context.Context, req api.Request, customerID, featureID string, access entitlement.Access) (any, error)

// Check serves balances.check: may this customer use this feature?
func Check(a *app.App, preview Preview) api.Dialect {
	handle := func(ctx context.Context, req api.Request) (any, error) { return check(ctx, a, preview, req) }
	return dialect(
		api.Route{Pattern: "POST /v1/balances.check", Access: api.Public, Handle: handle, Replays: true, Changes: takes, Elsewhere: "POST /v1/check"},
		api.Route{Pattern: "POST /v1/check", Access: api.Public, Handle: handle, Replays: true, Changes: takes})
}

type checkRequest struct {
	CustomerID  string               `json:"customer_id"`
	Data        *fields.CustomerData `json:"customer_data"`
	FeatureID   string               `json:"feature_id"`
	EntityID    string               `json:"entity_id"`
	EntityData  *fields.EntityData   `json:"entity_data"`
	Required    *api.Number          `json:"required_balance"`
	Properties  fields.Properties    `json:"properties"` // of the usage record that send_event makes
	SendEvent   bool                 `json:"send_event"`
	Lock        *lockJSON            `json:"lock"`
	WithPreview bool                 `json:"with_preview"`
	ProductID   fields.Unset         `json:"product_id"`
	PlanID      fields.Unset         `json:"plan_id"`
	RequestKey  string               `json:"idempotency_key"` // refused: only track takes it in the body
}

// takes reports whether a check is a use as well. A body that can't be read is
// none, and is refused by check itself.
func takes(req api.Request) bool {
	in, err := api.DecodeLenient[checkRequest](req)
	return err == nil && (in.SendEvent || in.Lock != nil) && !req.Publishable
}

type checkResponse struct {
	Allowed    bool         `json:"allowed"`
	CustomerID string       `json:"customer_id"`
	EntityID   *string      `json:"entity_id"`
	Required   api.Number   `json:"required_balance"` // of the balance: credits where they pay
	Balance    *balanceJSON `json:"balance"`          // null where there is none
	Flag       *flagJSON    `json:"flag"`             // of a boolean feature that is on
	Preview    any          `json:"preview,omitempty"`
}

func check(ctx context.Context, a *app.App, preview Preview, req api.Request) (any, error) {
	in, err := api.DecodeLenient[checkRequest](req)
	if err != nil {
		return nil, err
	}
	use := in.SendEvent && !req.Publishable
	required := money.One
	if in.Required != nil {
		required = in.Required.Decimal
	}
	switch {
	case in.CustomerID == "":
		return nil, fields.ErrNoCustomer
	case in.EntityData.Lost(in.EntityID):
		return nil, fields.ErrNoEntity
	case in.FeatureID == "":
		return nil, api.InvalidInputs("feature_id: required. What plans a customer has is in subscriptions and purchases of customers.get.")
	case in.RequestKey != "" && (use || in.Lock != nil):
		return nil, api.InvalidInputs("idempotency_key: check takes the key as the header Idempotency-Key. Send it there, or use balances.track.")
	case in.SendEvent && required.IsNegative():
		return nil, api.InvalidInputs("required_balance: 0 or more with send_event. Give back with balances.track.")
	}
	lock, err := in.Lock.terms(req)
	if err != nil {
		return nil, err
	}
	if req.Publishable {
		in.Data = nil // neither creates a customer nor changes one
	}
	access, err := a.Check(ctx, req.Caller, app.CheckCommand{CustomerID: in.CustomerID, Data: in.Data.Data(),
		EntityID: in.EntityID, EntityData: in.EntityData.Data(), FeatureID: in.FeatureID, Required: required, Use: use, Properties: in.Properties.Text(), Lock: lock})
	if err != nil {
		return nil, err
	}
	out := checkResponse{Allowed: access.Allowed, CustomerID: in.CustomerID, EntityID: fields.EntityID(in.EntityID), Required: api.NumberOf(access.Required)}
	switch {
	case access.Boolean:
		out.Flag = flagAnswer(access.Balance, in.FeatureID, req.Now)
	case access.Held:
		if out.Balance, err = oneBalance(ctx, a, req, access.Balance); err != nil {
			return nil, err
		}
	}
	if in.WithPreview {
		out.Preview, err = preview(ctx, req, in.CustomerID, in.FeatureID, access)
	}
	return out, err
}

// oneBalance encodes a balance without its customer. The catalog is in memory: the
// command has read it.
func oneBalance(ctx context.Context, a *app.App, req api.Request, b entitlement.Balance) (*balanceJSON, error) {
	cat, err := a.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return nil, err
	}
	out := balanceAnswer(b, itemsOf(cat), req.Now)
	return &out, nil
}
