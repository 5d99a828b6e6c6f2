package app

import (
	"context"

	"windfall/shared/billing"
)

// CatalogFor returns what is offered, to show it. Who may change the catalog
// sees every change at once; pages that customers see may lag ten seconds.
func (a *App) CatalogFor(ctx context.Context, caller Caller) (*billing.Catalog, error) {
	return a.Store.Catalog(ctx, caller.Env, !caller.Publishable)
}

// CreateFeature adds a feature.
func (a *App) CreateFeature(ctx context.Context, caller Caller, cmd billing.EditFeature) (billing.Feature, error) {
	cmd.Now = caller.Now
	return retryStale(ctx, a, func() (billing.Feature, error) {
		return a.saveFeature(ctx, caller, cmd, billing.DecideCreateFeature, true)
	})
}

// EditFeature changes a feature.
func (a *App) EditFeature(ctx context.Context, caller Caller, cmd billing.EditFeature) (billing.Feature, error) {
	cmd.Now = caller.Now
	return retryStale(ctx, a, func() (billing.Feature, error) {
		return a.saveFeature(ctx, caller, cmd, billing.DecideEditFeature, false)
	})
}

// saveFeature decides on the catalog as it is now and saves. When another
// request made the same feature first, the next try finds it there.
func (a *App) saveFeature(ctx context.Context, caller Caller, cmd billing.EditFeature,
	decide func(*billing.Catalog, billing.EditFeature) (billing.Feature, error), isNew bool) (billing.Feature, error) {
	catalog, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return billing.Feature{}, err
	}
	f, err := decide(catalog, cmd)
	if err != nil {
		return billing.Feature{}, err
	}
	return f, a.Store.Commit(ctx, caller.Env, SaveFeature{Feature: f, New: isNew})
}

// DeleteFeature removes a feature that nothing uses.
func (a *App) DeleteFeature(ctx context.Context, caller Caller, id string) error {
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		catalog, err := a.Store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		if err := billing.DecideDeleteFeature(catalog, id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.Store.Commit(ctx, caller.Env, DeleteFeature{ID: id})
	})
	return err
}
