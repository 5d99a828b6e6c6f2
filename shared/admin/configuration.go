package admin

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// PreviewConfiguration says what a configuration would change, and changes nothing.
func (a *Admin) PreviewConfiguration(ctx context.Context, caller app.Caller, cfg catalog.Configuration) (catalog.ConfigurationChange, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.ConfigurationChange{}, err
	}
	cfg.Now = caller.Now
	return catalog.DecideConfiguration(cat, cfg)
}

// Configure makes the catalog what a configuration says. All of it is decided before
// anything is saved; then each step is saved by itself, in an order in which all rules hold
// after each. Where a crash ends it, the same configuration goes on: what is done is no
// change any more. Catalog is the catalog as it is afterwards.
func (a *Admin) Configure(ctx context.Context, caller app.Caller, cfg catalog.Configuration) (catalog.ConfigurationChange, error) {
	change, err := a.PreviewConfiguration(ctx, caller, cfg)
	if err == nil {
		err = change.Blocked()
	}
	if err != nil {
		return change, err
	}
	for _, step := range change.Steps {
		if err := a.step(ctx, caller, step); err != nil {
			return change, err
		}
	}
	change.Catalog, err = a.store.Catalog(ctx, caller.Env, true)
	return change, err
}

func (a *Admin) step(ctx context.Context, caller app.Caller, step catalog.Step) (err error) {
	switch {
	case step.Feature != nil && step.Create:
		_, err = a.CreateFeature(ctx, caller, *step.Feature)
	case step.Feature != nil:
		_, err = a.EditFeature(ctx, caller, *step.Feature)
	case step.Product != nil && step.Create:
		_, err = a.CreateProduct(ctx, caller, *step.Product)
	case step.Product != nil:
		_, err = a.EditProduct(ctx, caller, *step.Product)
	case step.DeleteFeature != "":
		err = a.DeleteFeature(ctx, caller, step.DeleteFeature)
	case step.DeleteProduct != "":
		err = a.DeleteProduct(ctx, caller, step.DeleteProduct)
	}
	return err
}
