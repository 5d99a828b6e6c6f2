package app

import (
	"context"

	"windfall/shared/billing"
)

// CatalogFor returns what is offered, to show it. Who may change the catalog
// sees every change at once; pages that customers see may lag ten seconds.
func (a *App) CatalogFor(ctx context.Context, who Caller) (*billing.Catalog, error) {
	return a.Store.Catalog(ctx, who.Env, !who.Publishable)
}

// CreateFeature adds a feature.
func (a *App) CreateFeature(ctx context.Context, who Caller, cmd billing.EditFeature) (billing.Feature, error) {
	cmd.Now = who.Now
	return again(ctx, a, func() (billing.Feature, error) {
		return a.saveFeature(ctx, who, cmd, billing.DecideCreateFeature, true)
	})
}

// EditFeature changes a feature.
func (a *App) EditFeature(ctx context.Context, who Caller, cmd billing.EditFeature) (billing.Feature, error) {
	cmd.Now = who.Now
	return again(ctx, a, func() (billing.Feature, error) {
		return a.saveFeature(ctx, who, cmd, billing.DecideEditFeature, false)
	})
}

// saveFeature decides on the catalog as it is now and saves. When another
// request made the same feature first, the next try finds it there.
func (a *App) saveFeature(ctx context.Context, who Caller, cmd billing.EditFeature,
	decide func(*billing.Catalog, billing.EditFeature) (billing.Feature, error), isNew bool) (billing.Feature, error) {
	catalog, err := a.Store.Catalog(ctx, who.Env, true)
	if err != nil {
		return billing.Feature{}, err
	}
	f, err := decide(catalog, cmd)
	if err != nil {
		return billing.Feature{}, err
	}
	return f, a.Store.Commit(ctx, who.Env, SaveFeature{Feature: f, New: isNew})
}

// DeleteFeature removes a feature that nothing uses.
func (a *App) DeleteFeature(ctx context.Context, who Caller, id string) error {
	_, err := again(ctx, a, func() (struct{}, error) {
		catalog, err := a.Store.Catalog(ctx, who.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		if err := billing.DecideDeleteFeature(catalog, id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.Store.Commit(ctx, who.Env, DeleteFeature{ID: id})
	})
	return err
}
