package admin

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// A Configuration is all that a company offers, with the promotion codes of its rewards.
type Configuration struct {
	catalog.Configuration
	Codes map[string][]WantedCode // by reward; one that is missing keeps its codes
}

// PreviewConfiguration says what a configuration would change, and changes nothing.
func (a *Admin) PreviewConfiguration(ctx context.Context, caller app.Caller, cfg Configuration) (catalog.ConfigurationChange, error) {
	cat, err := a.store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.ConfigurationChange{}, err
	}
	cfg.Now = caller.Now
	if cfg.Coded, err = a.coded(ctx, caller, cat, cfg); err != nil {
		return catalog.ConfigurationChange{}, err
	}
	change, err := catalog.DecideConfiguration(cat, cfg.Configuration)
	if err != nil {
		return change, err
	}
	return change, a.checkCodes(ctx, caller, cat, cfg, change)
}

// Configure makes the catalog what a configuration says. All of it is decided before
// anything is saved; then each step is saved by itself, in an order in which all rules hold
// after each. Where a crash ends it, the same configuration goes on: what is done is no
// change any more. Catalog is the catalog as it is afterwards.
func (a *Admin) Configure(ctx context.Context, caller app.Caller, cfg Configuration) (catalog.ConfigurationChange, error) {
	change, err := a.PreviewConfiguration(ctx, caller, cfg)
	if err == nil {
		err = change.Blocked()
	}
	if err != nil {
		return change, err
	}
	for _, step := range change.Steps {
		if err := a.step(ctx, caller, cfg, step); err != nil {
			return change, err
		}
	}
	change.Catalog, err = a.store.Catalog(ctx, caller.Env, true)
	return change, err
}

func (a *Admin) step(ctx context.Context, caller app.Caller, cfg Configuration, step catalog.ConfigurationStep) (err error) {
	switch {
	case step.Feature != nil && step.Create:
		_, err = a.CreateFeature(ctx, caller, *step.Feature)
	case step.Feature != nil:
		_, err = a.EditFeature(ctx, caller, *step.Feature)
	case step.Product != nil && step.Create:
		_, err = a.CreateProduct(ctx, caller, *step.Product)
	case step.Product != nil:
		_, err = a.EditProduct(ctx, caller, *step.Product)
	case step.Reward != nil && step.Create:
		_, err = a.CreateReward(ctx, caller, *step.Reward, cfg.codes(step.Reward.ID))
	case step.Reward != nil:
		_, err = a.EditReward(ctx, caller, *step.Reward, cfg.codes(step.Reward.ID))
	case step.Program != nil && step.Create:
		_, err = a.CreateProgram(ctx, caller, *step.Program)
	case step.Program != nil:
		_, err = a.EditProgram(ctx, caller, *step.Program)
	case step.DeleteFeature != "":
		err = a.DeleteFeature(ctx, caller, step.DeleteFeature)
	case step.DeleteProduct != "":
		err = a.DeleteProduct(ctx, caller, step.DeleteProduct)
	case step.DeleteReward != "":
		err = a.DeleteReward(ctx, caller, step.DeleteReward)
	case step.DeleteProgram != "":
		_, err = a.DeleteProgram(ctx, caller, step.DeleteProgram)
	}
	return err
}
