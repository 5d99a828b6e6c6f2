package v1

import (
	"context"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// Features serves /v1/features: features are what products grant.
func Features(a *app.App) api.Dialect {
	m := admin.Of(a)
	return dialect(
		api.Route{Pattern: "GET /v1/features", Access: api.Secret, Handle: listFeatures(a), Replays: false},
		api.Route{Pattern: "POST /v1/features", Access: api.Secret, Handle: saveFeature(m.CreateFeature), Replays: true},
		api.Route{Pattern: "GET /v1/features/{feature_id}", Access: api.Secret, Handle: getFeature(a), Replays: false},
		api.Route{Pattern: "POST /v1/features/{feature_id}", Access: api.Secret, Handle: saveFeature(m.EditFeature), Replays: true},
		api.Route{Pattern: "DELETE /v1/features/{feature_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			return deleted, m.DeleteFeature(ctx, req.Caller, req.PathValue("feature_id"))
		}, Replays: true},
	)
}

// list is the envelope of every collection.
type list[T any] struct {
	List []T `json:"list"`
}

// deleted is the answer to every deletion.
var deleted = map[string]bool{"success": true}

func listFeatures(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req); err != nil {
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
}

func getFeature(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if err := api.TakesQuery(req); err != nil {
			return nil, err
		}
		cat, err := a.CatalogFor(ctx, req.Caller)
		if err != nil {
			return nil, err
		}
		f, known := cat.Features[req.PathValue("feature_id")]
		if !known {
			return nil, refusal.ErrFeatureNotFound(req.PathValue("feature_id"))
		}
		return featureAnswer(f), nil
	}
}

// saveFeature handles a create or an edit. It always answers the whole feature.
func saveFeature(save func(context.Context, app.Caller, catalog.EditFeature) (catalog.Feature, error)) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[featureRequest](req)
		if err != nil {
			return nil, err
		}
		cmd, err := in.command(req.PathValue("feature_id"))
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
