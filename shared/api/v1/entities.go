package v1

import (
	"bytes"
	"context"
	"slices"
	"time"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
)

// Entities serves /v1/customers/{customer_id}/entities: seats, workspaces or projects of a customer
// that have balances of their own.
func Entities(a *app.App) api.Dialect {
	e := entities{a}
	return dialect(
		api.Route{Pattern: "POST /v1/customers/{customer_id}/entities", Access: api.Secret, Handle: e.create, Replays: true},
		api.Route{Pattern: "GET /v1/customers/{customer_id}/entities", Access: api.Secret, Handle: e.list, Replays: false},
		api.Route{Pattern: "GET /v1/customers/{customer_id}/entities/{entity_id}", Access: api.Secret, Handle: e.get, Replays: false},
		api.Route{Pattern: "DELETE /v1/customers/{customer_id}/entities/{entity_id}", Access: api.Secret, Handle: e.delete, Replays: true})
}

type entities struct{ app *app.App }

type entityRequest struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	FeatureID string        `json:"feature_id"`
	Customer  *customerData `json:"customer_data"`
}

// listedEntityJSON is an entity without what it holds.
type listedEntityJSON struct {
	ID         string      `json:"id"`
	AutumnID   string      `json:"autumn_id"`
	Name       api.OrNull  `json:"name"`
	CustomerID string      `json:"customer_id"`
	FeatureID  string      `json:"feature_id"`
	CreatedAt  api.Millis  `json:"created_at"`
	Env        catalog.Env `json:"env"`
}

type entityJSON struct {
	listedEntityJSON
	Products []heldJSON            `json:"products"`
	Features map[string]featureUse `json:"features"`
	Invoices *[]invoiceJSON        `json:"invoices,omitempty"`
}

func listedEntity(env catalog.Env, customerID string, e billing.Entity) listedEntityJSON {
	return listedEntityJSON{e.ID, e.InternalID, api.OrNull(e.Name), customerID, e.FeatureID, api.Millis(e.CreatedAt), env}
}

func listedEntities(env catalog.Env, customerID string, list []billing.Entity) []listedEntityJSON {
	out := make([]listedEntityJSON, len(list))
	for i, e := range list {
		out[i] = listedEntity(env, customerID, e)
	}
	return out
}

// create takes an entity or a list of them: all are made, or none.
func (e entities) create(ctx context.Context, req api.Request) (any, error) {
	several := bytes.HasPrefix(api.Trimmed(req.Body), []byte("["))
	var asked []entityRequest
	var err error
	if several {
		asked, err = api.DecodeList[entityRequest](req)
	} else {
		var one entityRequest
		one, err = api.Decode[entityRequest](req)
		asked = []entityRequest{one}
	}
	if err != nil {
		return nil, err
	}
	var data billing.CustomerData
	list := make([]billing.NewEntity, len(asked))
	for i, in := range asked {
		switch {
		case in.ID == "":
			return nil, api.InvalidInputs("id: required.")
		case in.FeatureID == "":
			return nil, api.InvalidInputs("feature_id: required.")
		case several && in.Customer != nil:
			return nil, api.InvalidInputs("[%d].customer_data: it comes with one entity. Create the customer first.", i)
		}
		list[i], data = billing.NewEntity{ID: in.ID, Name: in.Name, FeatureID: in.FeatureID}, in.Customer.Data()
	}
	customerID := req.PathValue("customer_id")
	made, err := e.app.CreateEntities(ctx, req.Caller, app.CreateEntities{CustomerID: customerID, Data: data, MakeCustomer: data.Given(), Entities: list})
	if err != nil {
		return nil, err
	}
	if several {
		return listedEntities(req.Env, customerID, made), nil
	}
	return e.answer(ctx, req, customerID, made[0].ID, nil)
}

func (e entities) answer(ctx context.Context, req api.Request, customerID, id string, expand []string) (any, error) {
	view, err := e.app.GetEntity(ctx, req.Caller, customerID, id)
	if err != nil {
		return nil, err
	}
	cat, err := e.app.Store.Catalog(ctx, req.Env, false)
	if err != nil {
		return nil, err
	}
	cat = view.Customer.In(cat)
	out := entityJSON{listedEntityJSON: listedEntity(req.Env, customerID, view.Entity), Features: featuresOf(cat, view.Balances, req.Now),
		Products: heldBy(view.Customer.Products, func(cp billing.CustomerProduct) bool { return cp.Entity.ID == id || cp.Entity.ID == "" }, cat, req.Now)}
	if slices.Contains(expand, "invoices") {
		its, err := e.app.EntityInvoices(ctx, req.Caller, view)
		if err != nil {
			return nil, err
		}
		list := invoicesAnswer(its)
		out.Invoices = &list
	}
	return out, nil
}

// get shows an entity: the products of its customer and its own, and of each feature what it may use.
func (e entities) get(ctx context.Context, req api.Request) (any, error) {
	expand, err := expansions(req)
	if err != nil {
		return nil, err
	}
	for _, name := range expand {
		if name != "invoices" {
			return nil, api.InvalidInputs("expand: of an entity it may name invoices; %q is read with its customer.", name)
		}
	}
	return e.answer(ctx, req, req.PathValue("customer_id"), req.PathValue("entity_id"), expand)
}

func (e entities) list(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req); err != nil {
		return nil, err
	}
	id := req.PathValue("customer_id")
	s, err := e.app.GetCustomer(ctx, req.Caller, id)
	if err != nil {
		return nil, err
	}
	list, err := e.app.ListEntities(ctx, req.Caller, s)
	return map[string]any{"list": listedEntities(req.Env, id, list)}, err
}

func (e entities) delete(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req); err != nil {
		return nil, err
	}
	return successResponse{true}, e.app.DeleteEntity(ctx, req.Caller, req.PathValue("customer_id"), req.PathValue("entity_id"))
}

// heldBy lists the products of a customer that are not over, the oldest first.
func heldBy(products []billing.CustomerProduct, which func(billing.CustomerProduct) bool, cat *catalog.Catalog, now time.Time) []heldJSON {
	out := []heldJSON{}
	for _, cp := range products {
		if status := cp.At(now); status != billing.Expired && which(cp) {
			out = append(out, heldOf(cp, status, cat))
		}
	}
	slices.SortFunc(out, func(a, b heldJSON) int { return time.Time(a.StartedAt).Compare(time.Time(b.StartedAt)) })
	return out
}

// featuresOf encodes balances by feature.
func featuresOf(cat *catalog.Catalog, balances map[string]entitlement.Balance, now time.Time) map[string]featureUse {
	out := map[string]featureUse{}
	for id, b := range balances {
		if b = b.At(now); !b.Has(now) {
			continue
		}
		f, known := cat.Features[id]
		if !known {
			continue // deleted, which a balance of no product does not prevent
		}
		use := featureUse{ID: id, Name: f.Name, Type: f.Type}
		if f.Type == catalog.Boolean {
			use.Type = "static" // its name in v1 SDKs
		} else {
			use.balanceJSON = balanceOf(b, now)
		}
		out[id] = use
	}
	return out
}
