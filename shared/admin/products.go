package admin

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// CreateProduct adds a product, and the features its items describe. Of two
// calls for one id at the same moment exactly one succeeds: the other decides
// retryStale and finds the product there.
func (a *Admin) CreateProduct(ctx context.Context, caller app.Caller, cmd catalog.EditProduct) (catalog.ProductChange, error) {
	return a.changeProduct(ctx, caller, cmd, catalog.DecideCreateProduct)
}

// EditProduct changes the latest version of a product, or makes the next one.
// When a customer takes the version meanwhile, it is decided again.
func (a *Admin) EditProduct(ctx context.Context, caller app.Caller, cmd catalog.EditProduct) (catalog.ProductChange, error) {
	return a.changeProduct(ctx, caller, cmd, catalog.DecideEditProduct)
}

func (a *Admin) changeProduct(ctx context.Context, caller app.Caller, cmd catalog.EditProduct,
	decide func(*catalog.Catalog, catalog.EditProduct) (catalog.ProductChange, error)) (catalog.ProductChange, error) {
	cmd.OperationID, cmd.Now = a.newID(), caller.Now
	return app.RetryStale(ctx, a.pause, func() (catalog.ProductChange, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return catalog.ProductChange{}, err
		}
		change, err := decide(cat, cmd)
		if err != nil {
			return catalog.ProductChange{}, err
		}
		writes := []app.Write{app.SaveProduct{Product: change.Product, New: change.New, Held: change.Held}}
		if !change.Product.Free() {
			writes = append(writes, priced(cat)...)
		}
		writes = append(writes, a.looks(caller, cat.RewardsOf(change.Product)...)...)
		for _, f := range change.Made {
			writes = append(writes, app.SaveFeature{Feature: f, New: true})
		}
		p := change.Product
		return change, a.store.Commit(ctx, caller.Env, a.done(caller, saved(len(cat.Products[p.ID]) == 0).of("product", p.ID, p.Name), append(writes, asRead(cat))...)...)
	})
}

// priced saves that something has an amount in the environment's currency, unless that
// is saved: of a first price and another currency at the same moment one is decided again.
func priced(cat *catalog.Catalog) []app.Write {
	settings, first := cat.FirstPrice()
	if !first {
		return nil
	}
	return []app.Write{app.SaveSettings{Settings: settings}}
}

// DeleteProduct removes all versions of a product that nobody ever held.
func (a *Admin) DeleteProduct(ctx context.Context, caller app.Caller, id string) error {
	_, err := app.RetryStale(ctx, a.pause, func() (struct{}, error) {
		cat, err := a.store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		versions, err := catalog.DecideDeleteProduct(cat, id)
		if err != nil {
			return struct{}{}, err
		}
		var writes []app.Write
		for _, p := range versions {
			writes = append(writes, app.DeleteProduct{ID: id, Version: p.Version})
			writes = append(writes, a.looks(caller, cat.RewardsOf(p)...)...)
		}
		return struct{}{}, a.store.Commit(ctx, caller.Env, a.done(caller, deleted.of("product", id, versions[len(versions)-1].Name), append(writes, asRead(cat))...)...)
	})
	return err
}
