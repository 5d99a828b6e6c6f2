package v2

import (
	"context"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// Products serves plans.* and catalog.*: plans are what customers buy; and the REST paths by
// which the command line takes plans out of the archive and deletes them.
func Products(a *app.App) api.Dialect {
	m := admin.Of(a)
	p := plans{a, m}
	list := reads("POST /v1/plans.list", "GET /v1/products", p.list)
	list.Access = api.Public
	preview := reads("POST /v1/catalog.preview_update", "", p.previewCatalog)
	update := changes("POST /v1/catalog.update", "", p.updateCatalog)
	preview.Expands, update.Expands = true, true
	return dialect(list, preview, update,
		reads("POST /v1/plans.get", "GET /v1/products/{product_id}", p.get),
		changes("POST /v1/plans.create", "POST /v1/products", p.save(m.CreateProduct)),
		changes("POST /v1/plans.update", "POST /v1/products/{product_id}", p.save(m.EditProduct)),
		changes("POST /v1/plans.delete", "DELETE /v1/products/{product_id}", p.delete),
		changes("POST /v1/products/{product_id}", "", p.save(m.EditProduct)),
		changes("DELETE /v1/products/{product_id}", "", p.deleteByPath))
}

type plans struct {
	app   *app.App
	admin *admin.Admin
}

type listPlansRequest struct {
	CustomerID string `json:"customer_id"`
	EntityID   string `json:"entity_id"`
	Archived   bool   `json:"include_archived"`
	Versions   bool   `json:"all_versions"`
}

// list answers the latest version of each plan, or with all_versions every one. With
// customer_id each plan says what it would mean to that customer, or to an entity of theirs.
func (p plans) list(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[listPlansRequest](req)
	if err != nil {
		return nil, err
	}
	if req.Publishable && (in.Archived || in.Versions) {
		return nil, api.ErrNotPublic // it sees the plans on sale only
	}
	cat, show, err := p.shown(ctx, req, in.CustomerID, in.EntityID)
	if err != nil {
		return nil, err
	}
	listed := cat.ListProducts
	if in.Versions {
		listed = cat.ListVersions
	}
	out := list[planJSON]{[]planJSON{}}
	for _, one := range listed(in.Archived) {
		if cat.Offered(one) == nil { // else the customer can't buy it
			out.List = append(out.List, show(one))
		}
	}
	return out, nil
}

// shown returns the catalog and the encoding of its plans: for one customer, or for none
// in particular if customerID is "".
func (p plans) shown(ctx context.Context, req api.Request, customerID, entityID string) (*catalog.Catalog, func(catalog.Product) planJSON, error) {
	if customerID == "" {
		if entityID != "" {
			return nil, nil, api.InvalidInputs("customer_id: required with entity_id.")
		}
		cat, err := p.app.CatalogFor(ctx, req.Caller)
		return cat, func(one catalog.Product) planJSON { return planAnswer(one, cat, req.Env) }, err
	}
	state, err := p.app.ProductsFor(ctx, req.Caller, customerID, entityID)
	return state.Catalog, func(one catalog.Product) planJSON {
		out := planAnswer(one, state.Catalog, req.Env)
		out.Eligibility = eligibility(req, state, one)
		return out
	}, err
}

func (p plans) get(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		ID         string         `json:"plan_id"`
		Version    fields.Version `json:"version"`
		CustomerID string         `json:"customer_id"`
		EntityID   string         `json:"entity_id"`
	}](req)
	switch {
	case err != nil:
		return nil, err
	case in.ID == "":
		return nil, api.InvalidInputs("plan_id: required.")
	}
	cat, show, err := p.shown(ctx, req, in.CustomerID, in.EntityID)
	if err != nil {
		return nil, err
	}
	found, err := cat.ProductVersion(in.ID, int(in.Version))
	if err == nil {
		err = cat.Offered(found)
	}
	if err != nil {
		return nil, err
	}
	return show(found), nil
}

// save handles a create or an edit, of the plan that the path names or the body. It always
// answers the whole plan.
func (p plans) save(save func(context.Context, app.Caller, catalog.EditProduct) (catalog.ProductChange, error)) handler {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[planRequest](req)
		if err != nil {
			return nil, err
		}
		if in.ID, err = named("plan_id", in.ID, req); err != nil {
			return nil, err
		}
		cmd, err := in.command()
		if err != nil {
			return nil, err
		}
		done, err := save(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		return planAnswer(done.Product, done.Catalog, req.Env), nil
	}
}

// named is the id of what a request changes: that of the path, where there is one, or that
// of the body.
func named(field, id string, req api.Request) (string, error) {
	path := req.PathValue("product_id") + req.PathValue("feature_id")
	if path == "" {
		return id, nil
	}
	if id != "" && id != path {
		return "", api.InvalidInputs("%s: the path names another one. Leave it out.", field)
	}
	return path, nil
}

// delete deletes a plan with all of its versions: one with more than one was held, and is
// never deleted.
func (p plans) delete(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[struct {
		ID    string `json:"plan_id"`
		Every *bool  `json:"all_versions"` // changes nothing, as one of several versions was held
	}](req)
	if err == nil && in.ID == "" {
		err = api.InvalidInputs("plan_id: required.")
	}
	if err != nil {
		return nil, err
	}
	return succeeded, p.admin.DeleteProduct(ctx, req.Caller, in.ID)
}

func (p plans) deleteByPath(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "all_versions"); err != nil {
		return nil, err
	}
	return succeeded, p.admin.DeleteProduct(ctx, req.Caller, req.PathValue("product_id"))
}
