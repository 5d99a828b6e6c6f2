package app

import (
	"context"

	"windfall/shared/catalog"
)

// CatalogFor returns what is offered, to show it. Who may change the catalog
// sees every change at once; pages that customers see may lag ten seconds.
func (a *App) CatalogFor(ctx context.Context, caller Caller) (*catalog.Catalog, error) {
	return a.Store.Catalog(ctx, caller.Env, !caller.Publishable)
}

// CreateFeature adds a feature.
func (a *App) CreateFeature(ctx context.Context, caller Caller, cmd catalog.EditFeature) (catalog.Feature, error) {
	cmd.Now = caller.Now
	return retryStale(ctx, a, func() (catalog.Feature, error) {
		return a.saveFeature(ctx, caller, cmd, catalog.DecideCreateFeature, true)
	})
}

// EditFeature changes a feature.
func (a *App) EditFeature(ctx context.Context, caller Caller, cmd catalog.EditFeature) (catalog.Feature, error) {
	cmd.Now = caller.Now
	return retryStale(ctx, a, func() (catalog.Feature, error) {
		return a.saveFeature(ctx, caller, cmd, catalog.DecideEditFeature, false)
	})
}

// saveFeature decides on the catalog as it is now and saves. When another
// request made the same feature first, the next try finds it there.
func (a *App) saveFeature(ctx context.Context, caller Caller, cmd catalog.EditFeature,
	decide func(*catalog.Catalog, catalog.EditFeature) (catalog.Feature, error), isNew bool) (catalog.Feature, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.Feature{}, err
	}
	f, err := decide(cat, cmd)
	if err != nil {
		return catalog.Feature{}, err
	}
	return f, a.Store.Commit(ctx, caller.Env, SaveFeature{Feature: f, New: isNew})
}

// DeleteFeature removes a feature that nothing uses.
func (a *App) DeleteFeature(ctx context.Context, caller Caller, id string) error {
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		cat, err := a.Store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		if err := catalog.DecideDeleteFeature(cat, id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.Store.Commit(ctx, caller.Env, DeleteFeature{ID: id})
	})
	return err
}
