package v1

import (
	"context"
	"strconv"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// Products serves /v1/products: products are what customers buy.
func Products(a *app.App) api.Dialect {
	m := admin.Of(a)
	return dialect(
		api.Route{Pattern: "GET /v1/products", Access: api.Public, Handle: listProducts(a), Replays: false, Elsewhere: "POST /v1/plans.list"},
		api.Route{Pattern: "GET /v1/products_beta", Access: api.Public, Handle: listProducts(a), Replays: false, Elsewhere: "POST /v1/plans.list"}, // the same, as SDKs from July 2025 call it
		api.Route{Pattern: "GET /v1/components/pricing_table", Access: api.Public, Handle: pricingTable(a), Replays: false, Elsewhere: "POST /v1/plans.list"},
		api.Route{Pattern: "POST /v1/products", Access: api.Secret, Handle: saveProduct(m.CreateProduct), Replays: true, Elsewhere: "POST /v1/plans.create"},
		api.Route{Pattern: "GET /v1/products/{product_id}", Access: api.Secret, Handle: getProduct(a), Replays: false, Elsewhere: "POST /v1/plans.get"},
		api.Route{Pattern: "POST /v1/products/{product_id}", Access: api.Secret, Handle: saveProduct(m.EditProduct), Replays: true},
		api.Route{Pattern: "PATCH /v1/products/{product_id}", Access: api.Secret, Handle: saveProduct(m.EditProduct), Replays: true, Elsewhere: "POST /v1/plans.update"},
		api.Route{Pattern: "DELETE /v1/products/{product_id}", Access: api.Secret, Handle: deleteProduct(m), Replays: true},
	)
}

// listProducts answers the latest version of each product, or with
// all_versions=true every version. With customer_id each product has its
// scenario, what attaching it would mean to that customer, and whether they may
// still have its trial.
func listProducts(a *app.App) func(context.Context, api.Request) (any, error) {
	return offered(a, func(_ *catalog.Catalog, _ catalog.Product, shown productJSON) productJSON { return shown })
}

// offered answers the products of a list, each as it is shown there.
func offered[T any](a *app.App, as func(*catalog.Catalog, catalog.Product, productJSON) T) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req, "customer_id", "include_archived", "all_versions"); err != nil {
			return nil, err
		}
		archived, err := api.QueryFlag(req, "include_archived")
		if err != nil {
			return nil, err
		}
		versions, err := api.QueryFlag(req, "all_versions")
		if err != nil {
			return nil, err
		}
		if req.Publishable && (archived || versions) {
			return nil, api.ErrNotPublic // it sees the products on sale only
		}
		cat, show, err := shown(ctx, a, req, api.QueryText(req, "customer_id"))
		if err != nil {
			return nil, err
		}
		products := cat.ListProducts
		if versions {
			products = cat.ListVersions
		}
		out := list[T]{[]T{}}
		for _, p := range products(archived) {
			if cat.Offered(p) != nil {
				continue // the customer can't buy it
			}
			out.List = append(out.List, as(cat, p, show(p)))
		}
		return out, nil
	}
}

// shown returns the catalog and the encoding of its products: for one customer,
// or for none in particular if customerID is "".
func shown(ctx context.Context, a *app.App, req api.Request, customerID string) (*catalog.Catalog, func(catalog.Product) productJSON, error) {
	if customerID == "" {
		cat, err := a.CatalogFor(ctx, req.Caller)
		return cat, func(p catalog.Product) productJSON { return productAnswer(p, cat, req.Env) }, err
	}
	state, err := a.ProductsFor(ctx, req.Caller, customerID, "")
	return state.Catalog, func(p catalog.Product) productJSON {
		return productFor(state, p, state.Scenario(p, req.Now), req.Env)
	}, err
}

func getProduct(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req, "customer_id", "version"); err != nil {
			return nil, err
		}
		version := 0 // the latest
		if req.URL.Query().Has("version") {
			n, err := strconv.Atoi(api.QueryText(req, "version"))
			if err != nil || n < 1 {
				return nil, api.InvalidInputs("version must be a whole number from 1.")
			}
			version = n
		}
		cat, show, err := shown(ctx, a, req, api.QueryText(req, "customer_id"))
		if err != nil {
			return nil, err
		}
		p, err := cat.ProductVersion(req.PathValue("product_id"), version)
		if err == nil {
			err = cat.Offered(p)
		}
		if err != nil {
			return nil, err
		}
		return show(p), nil
	}
}

// saveProduct handles a create or an edit. It always answers the whole product.
func saveProduct(save func(context.Context, app.Caller, catalog.EditProduct) (catalog.ProductChange, error)) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[productRequest](req)
		if err != nil {
			return nil, err
		}
		cmd, err := in.command(req.PathValue("product_id"))
		if err != nil {
			return nil, err
		}
		done, err := save(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		return productAnswer(done.Product, done.Catalog, req.Env), nil
	}
}

// deleteProduct deletes a product with all of its versions, which is what
// all_versions=true asks for.
func deleteProduct(m *admin.Admin) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req, "all_versions"); err != nil {
			return nil, err
		}
		every, err := api.QueryFlag(req, "all_versions")
		if err != nil {
			return nil, err
		}
		if req.URL.Query().Has("all_versions") && !every {
			return nil, api.InvalidInputs("all_versions: a product is deleted with all of its versions. Leave it out, or archive the product.")
		}
		return deleted, m.DeleteProduct(ctx, req.Caller, req.PathValue("product_id"))
	}
}
