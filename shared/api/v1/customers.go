package v1

import (
	"context"
	"encoding/json"
	"net/http"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// Customers serves /v1/customers: create or get, read, list, change and delete
// customers, and read the history of one.
func Customers(a *app.App) api.Dialect {
	c := customers{a}
	return dialect(
		api.Route{Pattern: "POST /v1/customers", Access: api.Secret, Handle: c.getOrCreate, Replays: true},
		api.Route{Pattern: "GET /v1/customers", Access: api.Secret, Handle: c.list, Replays: false},
		api.Route{Pattern: "GET /v1/customers/{customer_id}", Access: api.Public, Handle: c.get, Replays: false},
		api.Route{Pattern: "POST /v1/customers/{customer_id}", Access: api.Secret, Handle: c.update, Replays: true},
		api.Route{Pattern: "PATCH /v1/customers/{customer_id}", Access: api.Secret, Handle: c.update, Replays: true},
		api.Route{Pattern: "DELETE /v1/customers/{customer_id}", Access: api.Secret, Handle: c.delete, Replays: true},
		api.Route{Pattern: "GET /v1/customers/{customer_id}/audit", Access: api.Secret, Handle: c.audit, Replays: false})
}

type customers struct{ app *app.App }

type customerRequest struct {
	ID json.RawMessage `json:"id"` // absent and null differ when a customer is changed
	customerData
	StripeID   string `json:"stripe_id"`
	MakeStripe bool   `json:"create_in_stripe"`
	Receipts   *bool  `json:"send_email_receipts"`

	Expand     fields.Expand `json:"expand"` // clients send it here too, beside the query
	EntityID   unset         `json:"entity_id"`
	EntityData unset         `json:"entity_data"`
}

// id reads the id: given is false when it is absent, and the text empty when
// it is null.
func (in customerRequest) id() (id string, given bool, err error) {
	if len(in.ID) == 0 {
		return "", false, nil
	}
	if string(in.ID) != "null" && json.Unmarshal(in.ID, &id) != nil {
		return "", true, api.InvalidInputs("id: expected string or null.")
	}
	return id, true, nil
}

func (c customers) getOrCreate(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[customerRequest](req)
	if err != nil {
		return nil, err
	}
	id, _, err := in.id()
	if err != nil {
		return nil, err
	}
	expand, err := expansions(req, in.Expand...)
	if err != nil {
		return nil, err
	}
	data := in.Data()
	data.Receipts = in.Receipts != nil && *in.Receipts
	s, err := c.app.GetOrCreate(ctx, req.Caller, app.CustomerCommand{ID: id, Data: data, StripeID: in.StripeID, MakeStripe: in.MakeStripe})
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, req, s, expand)
}

func (c customers) get(ctx context.Context, req api.Request) (any, error) {
	expand, err := expansions(req)
	if err != nil {
		return nil, err
	}
	if req.Publishable {
		cat, err := c.app.Store.Catalog(ctx, req.Env, false)
		if err != nil {
			return nil, err
		}
		if !cat.Settings.PublishableReadsCustomers {
			return nil, api.ErrNotPublic
		}
	}
	s, err := c.app.GetCustomer(ctx, req.Caller, req.PathValue("customer_id"))
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, req, s, expand)
}

func (c customers) update(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[customerRequest](req)
	if err != nil {
		return nil, err
	}
	id, renamed, err := in.id()
	if err != nil {
		return nil, err
	}
	switch {
	case in.MakeStripe:
		return nil, api.InvalidInputs("create_in_stripe: only for a new customer. One that exists is made at Stripe by its first purchase.")
	case len(in.Expand) > 0:
		return nil, api.InvalidInputs("expand: a change answers the customer alone. Read it with GET and expand.")
	}
	cmd := app.CustomerCommand{ID: req.PathValue("customer_id"), Name: in.Name, Email: in.Email, Fingerprint: in.Fingerprint,
		Metadata: in.Metadata, Receipts: in.Receipts, StripeID: in.StripeID, Address: in.Address.Address(), Data: billing.CustomerData{Currency: money.Currency(in.Currency)}}
	if renamed {
		if id == "" {
			return nil, &api.Refusal{Status: http.StatusBadRequest, Code: "invalid_update_customer_params", Message: "A customer's id can't be taken away; pass a new one or leave it out."}
		}
		cmd.NewID = &id
	}
	s, err := c.app.UpdateCustomer(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, req, s, nil)
}

func (c customers) delete(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "delete_in_stripe", "cancel"); err != nil {
		return nil, err
	}
	inStripe, err := api.QueryFlag(req, "delete_in_stripe")
	if err != nil {
		return nil, err
	}
	cancel, err := api.QueryFlag(req, "cancel")
	if err != nil {
		return nil, err
	}
	return map[string]bool{"success": true}, c.app.DeleteCustomer(ctx, req.Caller,
		app.DeleteCommand{CustomerID: req.PathValue("customer_id"), Cancel: cancel, InStripe: inStripe})
}
