package app

import (
	"context"

	"windfall/shared/catalog"
)

// CreateProduct adds a product, and the features its items describe. Of two
// calls for one id at the same moment exactly one succeeds: the other decides
// retryStale and finds the product there.
func (a *App) CreateProduct(ctx context.Context, caller Caller, cmd catalog.EditProduct) (catalog.ProductChange, error) {
	return a.changeProduct(ctx, caller, cmd, catalog.DecideCreateProduct)
}

// EditProduct changes the latest version of a product, or makes the next one.
// When a customer takes the version meanwhile, it is decided again.
func (a *App) EditProduct(ctx context.Context, caller Caller, cmd catalog.EditProduct) (catalog.ProductChange, error) {
	return a.changeProduct(ctx, caller, cmd, catalog.DecideEditProduct)
}

func (a *App) changeProduct(ctx context.Context, caller Caller, cmd catalog.EditProduct,
	decide func(*catalog.Catalog, catalog.EditProduct) (catalog.ProductChange, error)) (catalog.ProductChange, error) {
	cmd.OperationID, cmd.Now = a.NewID(), caller.Now
	return retryStale(ctx, a, func() (catalog.ProductChange, error) {
		cat, err := a.Store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return catalog.ProductChange{}, err
		}
		change, err := decide(cat, cmd)
		if err != nil {
			return catalog.ProductChange{}, err
		}
		writes := []Write{SaveProduct{Product: change.Product, New: change.New, Held: change.Held}}
		for _, f := range change.Made {
			writes = append(writes, SaveFeature{Feature: f, New: true})
		}
		return change, a.Store.Commit(ctx, caller.Env, writes...)
	})
}

// DeleteProduct removes all versions of a product that nobody ever held.
func (a *App) DeleteProduct(ctx context.Context, caller Caller, id string) error {
	_, err := retryStale(ctx, a, func() (struct{}, error) {
		cat, err := a.Store.Catalog(ctx, caller.Env, true)
		if err != nil {
			return struct{}{}, err
		}
		versions, err := catalog.DecideDeleteProduct(cat, id)
		if err != nil {
			return struct{}{}, err
		}
		var writes []Write
		for _, p := range versions {
			writes = append(writes, DeleteProduct{ID: id, Version: p.Version})
		}
		return struct{}{}, a.Store.Commit(ctx, caller.Env, writes...)
	})
	return err
}
