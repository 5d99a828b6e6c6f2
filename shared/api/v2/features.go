package v2

import (
	"context"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// Features serves features.*: features are what plans grant.
func Features(a *app.App) api.Dialect {
	m := admin.Of(a)
	return dialect(
		reads("POST /v1/features.list", "GET /v1/features", func(ctx context.Context, req api.Request) (any, error) { return listFeatures(ctx, a, req) }),
		reads("POST /v1/features.get", "GET /v1/features/{feature_id}", func(ctx context.Context, req api.Request) (any, error) { return getFeature(ctx, a, req) }),
		changes("POST /v1/features.create", "POST /v1/features", saveFeature(true, m.CreateFeature)),
		changes("POST /v1/features.update", "POST /v1/features/{feature_id}", saveFeature(false, m.EditFeature)),
		changes("POST /v1/features.delete", "DELETE /v1/features/{feature_id}", func(ctx context.Context, req api.Request) (any, error) {
			id, err := featureID(req)
			if err != nil {
				return nil, err
			}
			return succeeded, m.DeleteFeature(ctx, req.Caller, id)
		}),
		// By these paths the command line takes features out of the archive and deletes them.
		changes("POST /v1/features/{feature_id}", "", saveFeature(false, m.EditFeature)),
		changes("DELETE /v1/features/{feature_id}", "", func(ctx context.Context, req api.Request) (any, error) {
			return succeeded, m.DeleteFeature(ctx, req.Caller, req.PathValue("feature_id"))
		}),
	)
}

// featureID reads a request that names a feature and nothing else.
func featureID(req api.Request) (string, error) {
	in, err := api.Decode[struct {
		ID string `json:"feature_id"`
	}](req)
	if err == nil && in.ID == "" {
		err = api.InvalidInputs("feature_id: required.")
	}
	return in.ID, err
}

func listFeatures(ctx context.Context, a *app.App, req api.Request) (any, error) {
	if _, err := api.Decode[struct{}](req); err != nil {
		return nil, err
	}
	cat, err := a.CatalogFor(ctx, req.Caller)
	if err != nil {
		return nil, err
	}
	out := list[featureJSON]{[]featureJSON{}}
	for _, f := range cat.ListFeatures() {
		out.List = append(out.List, featureAnswer(f))
	}
	return out, nil
}

func getFeature(ctx context.Context, a *app.App, req api.Request) (any, error) {
	id, err := featureID(req)
	if err != nil {
		return nil, err
	}
	cat, err := a.CatalogFor(ctx, req.Caller)
	if err != nil {
		return nil, err
	}
	f, known := cat.Features[id]
	if !known {
		return nil, refusal.ErrFeatureNotFound(id)
	}
	return featureAnswer(f), nil
}

// saveFeature handles a create or an edit. It always answers the whole feature.
func saveFeature(create bool, save func(context.Context, app.Caller, catalog.EditFeature) (catalog.Feature, error)) handler {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[featureRequest](req)
		if err != nil {
			return nil, err
		}
		if in.ID, err = named("feature_id", in.ID, req); err != nil {
			return nil, err
		}
		cmd, err := in.command(create)
		if err != nil {
			return nil, err
		}
		f, err := save(ctx, req.Caller, cmd)
		if err != nil {
			return nil, err
		}
		return featureAnswer(f), nil
	}
}
