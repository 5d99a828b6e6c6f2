package admin

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// CreateFeature adds a feature.
func (a *Admin) CreateFeature(ctx context.Context, caller app.Caller, cmd catalog.EditFeature) (catalog.Feature, error) {
	cmd.Now = caller.Now
	return app.RetryStale(ctx, a.pause, func() (catalog.Feature, error) {
		return a.saveFeature(ctx, caller, cmd, catalog.DecideCreateFeature, true)
	})
}

// EditFeature changes a feature.
func (a *Admin) EditFeature(ctx context.Context, caller app.Caller, cmd catalog.EditFeature) (catalog.Feature, error) {
	cmd.Now = caller.Now
	return app.RetryStale(ctx, a.pause, func() (catalog.Feature, error) {
		return a.saveFeature(ctx, caller, cmd, catalog.DecideEditFeature, false)
	})
}

// saveFeature decides on the catalog as it is now and saves. When another
// request made the same feature first, the next try finds it there.
func (a *Admin) saveFeature(ctx context.Context, caller app.Caller, cmd catalog.EditFeature,
	decide func(*catalog.Catalog, catalog.EditFeature) (catalog.Feature, error), isNew bool) (catalog.Feature, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.Feature{}, err
	}
	f, err := decide(cat, cmd)
	if err != nil {
		return catalog.Feature{}, err
	}
	return f, a.store.Commit(ctx, caller.Env, a.done(caller, saved(isNew).of("feature", f.ID, f.Name), app.SaveFeature{Feature: f, New: isNew}, asRead(cat))...)
}

// DeleteFeature removes a feature that nothing uses.
func (a *Admin) DeleteFeature(ctx context.Context, caller app.Caller, id string) error {
	_, err := app.RetryStale(ctx, a.pause, func() (struct{}, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		if err := catalog.DecideDeleteFeature(cat, id); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, a.store.Commit(ctx, caller.Env, a.done(caller, deleted.of("feature", id, cat.Features[id].Name), app.DeleteFeature{ID: id}, asRead(cat))...)
	})
	return err
}
