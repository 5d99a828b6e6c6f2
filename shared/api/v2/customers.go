package v2

import (
	"context"
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// Customers serves customers.*: create or get, read, list, change and delete
// customers; lists of their invoices and plans; and two REST paths of the command line.
func Customers(a *app.App) api.Dialect {
	c := customers{a}
	get := reads("POST /v1/customers.get", "GET /v1/customers/{customer_id}", c.get)
	get.Access, get.Expands = api.Public, true
	create := changes("POST /v1/customers.get_or_create", "POST /v1/customers", c.getOrCreate)
	create.Expands = true
	return dialect(create, get,
		reads("POST /v1/customers.list", "GET /v1/customers", c.list),
		changes("POST /v1/customers.update", "POST /v1/customers/{customer_id}", c.update),
		changes("POST /v1/customers.delete", "DELETE /v1/customers/{customer_id}", c.delete),
		reads("POST /v1/invoices.list", "GET /v1/customers/{customer_id}", c.invoices),
		reads("POST /v1/subscriptions.list", "", c.listSubscriptions),
		reads("POST /v1/purchases.list", "", c.listPurchases),
		api.Route{Pattern: "GET /v1/customers/{customer_id}", Access: api.Public, Handle: c.get},
		reads("POST /v1/customers/{customer_id}", "", c.listByPath))
}

type customers struct{ app *app.App }

// customerRequest is a customer to create or get, or changes of one.
type customerRequest struct {
	ID json.RawMessage `json:"customer_id"` // null is a customer without one
	fields.CustomerData
	StripeID   string        `json:"stripe_id"`
	MakeStripe bool          `json:"create_in_stripe"`
	Receipts   *bool         `json:"send_email_receipts"`
	Expand     fields.Expand `json:"expand"`
	Begins     api.OrNull    `json:"auto_enable_plan_id"` // of a new customer, instead of the defaults
	unsupportedOfCustomer
}

// unsupportedOfCustomer has the fields that take no value yet but one that asks for
// nothing.
type unsupportedOfCustomer struct {
	Controls controlsField `json:"billing_controls"`
	Config   configField   `json:"config"`
}

// textOrNull reads an id that may be null: given is false where it is absent.
func textOrNull(field string, raw json.RawMessage) (id string, given bool, err error) {
	if len(raw) == 0 {
		return "", false, nil
	}
	if string(raw) != "null" && json.Unmarshal(raw, &id) != nil {
		return "", true, api.InvalidInputs("%s: expected string or null.", field)
	}
	return id, true, nil
}

func (c customers) getOrCreate(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[customerRequest](req)
	if err != nil {
		return nil, err
	}
	id, _, err := textOrNull("customer_id", in.ID)
	if err != nil {
		return nil, err
	}
	expand, err := in.Expand.Names(req, expandable)
	if err != nil {
		return nil, err
	}
	data := in.Data()
	data.Plan, data.Receipts = string(in.Begins), in.Receipts != nil && *in.Receipts
	s, err := c.app.GetOrCreate(ctx, req.Caller, app.CustomerCommand{ID: id, Data: data, StripeID: in.StripeID, MakeStripe: in.MakeStripe})
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, req, s, expand)
}

// get reads a customer, whose id is in the path or in the body.
func (c customers) get(ctx context.Context, req api.Request) (any, error) {
	id := req.PathValue("customer_id")
	in, err := api.Decode[struct {
		ID     string        `json:"customer_id"`
		Expand fields.Expand `json:"expand"`
	}](req)
	if err == nil {
		err = api.TakesQuery(req, "expand", "expand[]")
	}
	if err != nil {
		return nil, err
	}
	if id == "" {
		id = in.ID
	}
	if id == "" {
		return nil, fields.ErrNoCustomer
	}
	expand, err := in.Expand.Names(req, expandable)
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
	s, err := c.app.GetCustomer(ctx, req.Caller, id)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, req, s, expand)
}

type customerChange struct {
	ID    string  `json:"customer_id"`
	NewID *string `json:"new_customer_id"`
	fields.CustomerData
	StripeID string       `json:"stripe_id"`
	Receipts *bool        `json:"send_email_receipts"`
	Begins   fields.Unset `json:"auto_enable_plan_id" instead:"it is of a customer who is created. Attach the plan with billing.attach."`
	unsupportedOfCustomer
}

func (c customers) update(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[customerChange](req)
	if err != nil {
		return nil, err
	}
	if in.ID == "" {
		return nil, fields.ErrNoCustomer
	}
	if _, err := newID("new_customer_id", in.NewID); err != nil {
		return nil, err
	}
	cmd := app.CustomerCommand{ID: in.ID, Name: in.Name, Email: in.Email, Fingerprint: in.Fingerprint, Metadata: in.Metadata, Receipts: in.Receipts,
		StripeID: in.StripeID, Address: in.Address.Address(), NewID: in.NewID, Data: billing.CustomerData{Currency: money.Currency(in.Currency)}}
	s, err := c.app.UpdateCustomer(ctx, req.Caller, cmd)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, req, s, nil)
}

// newID is the id that a field asks for; "" for none.
func newID(field string, id *string) (string, error) {
	switch {
	case id == nil:
		return "", nil
	case *id == "":
		return "", api.InvalidInputs("%s: an id can't be taken away. Pass in a new one, or leave it out.", field)
	}
	return *id, nil
}

func (c customers) delete(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		ID       string `json:"customer_id"`
		InStripe bool   `json:"delete_in_stripe"`
		Cancel   bool   `json:"cancel"`
	}](req)
	if err == nil && in.ID == "" {
		err = fields.ErrNoCustomer
	}
	if err != nil {
		return nil, err
	}
	return succeeded, c.app.DeleteCustomer(ctx, req.Caller, app.DeleteCommand{CustomerID: in.ID, Cancel: in.Cancel, InStripe: in.InStripe})
}
