package v2

import (
	"context"
	"errors"
	"fmt"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// catalogRequest is all that a company offers, as its configuration file says it. A list
// that is missing stays as it is.
type catalogRequest struct {
	Features     *[]featureRequest `json:"features"`
	Plans        *[]configuredPlan `json:"plans"`
	KeepOthers   bool              `json:"skip_deletions"` // what the lists leave out stays
	SkipFeatures []string          `json:"skip_feature_ids"`
	SkipPlans    []string          `json:"skip_plan_ids"`
	Expand       fields.Ignored    `json:"expand"` // all of it is shown
}

// configuredPlan is a plan of a configuration: all of it. What the file can't say stays as
// it is.
type configuredPlan struct {
	planRequest
	Versions fields.Ignored `json:"include_versions"` // in the preview: each is a plan of its own here
	OfPlan   fields.Ignored `json:"include_variants"` // there are none
}

// configuration converts the request. Errors name the plan or feature.
func (in catalogRequest) configuration() (cfg catalog.Configuration, err error) {
	cfg = catalog.Configuration{KeepOthers: in.KeepOthers, SkipFeatures: in.SkipFeatures, SkipProducts: in.SkipPlans}
	if in.Features != nil {
		cfg.Features = &[]catalog.EditFeature{}
		for n, f := range *in.Features {
			cmd, err := f.command(true)
			if err != nil {
				return cfg, at("features", n, f.ID, err)
			}
			if cmd.EventNames == nil {
				cmd.EventNames = &[]string{} // a file names all events
			}
			*cfg.Features = append(*cfg.Features, cmd)
		}
	}
	if in.Plans != nil {
		cfg.Products = &[]catalog.EditProduct{}
		for n, p := range *in.Plans {
			cmd, err := p.command()
			if err != nil {
				return cfg, at("plans", n, p.ID, err)
			}
			*cfg.Products = append(*cfg.Products, cmd)
		}
	}
	return cfg, nil
}

// command is the edit of a plan that is said as a whole: a part that is missing is none.
// Files say no interval_count of the price of a plan.
func (in configuredPlan) command() (catalog.EditProduct, error) {
	in.Price.given = true
	if in.Items == nil {
		in.Items = &[]planItemRequest{}
	}
	cmd, err := in.planRequest.command()
	if err != nil {
		return cmd, err
	}
	none := false
	if cmd.AddOn == nil {
		cmd.AddOn = &none
	}
	if cmd.Default == nil {
		cmd.Default = &none
	}
	if cmd.Group == nil {
		cmd.Group = new(string)
	}
	if cmd.Text == nil {
		cmd.Text = new(string)
	}
	cmd.SetTrial = true
	if base := *cmd.Parts.Base; len(base) > 0 {
		base[0].Left.Count = in.Price.price.IntervalCount == nil
	}
	return cmd, nil
}

// at says which entry of a list is refused.
func at(list string, n int, id string, err error) error {
	var no *api.Refusal
	if !errors.As(err, &no) {
		return err
	}
	told := *no
	told.Message = fmt.Sprintf("%s[%d] (%.80s): %s", list, n, id, no.Message)
	return &told
}

func (p plans) previewCatalog(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[catalogRequest](req)
	if err != nil {
		return nil, err
	}
	cfg, err := in.configuration()
	if err != nil {
		return nil, err
	}
	change, err := p.admin.PreviewConfiguration(ctx, req.Caller, cfg)
	if err != nil {
		return nil, err
	}
	out := catalogChangesJSON{Plans: []planChangeJSON{}, Features: []featureChangeJSON{}, Rewards: []resourceChangeJSON{}, Programs: []resourceChangeJSON{}}
	for _, c := range change.Features {
		out.Features = append(out.Features, featureChangeOf(c))
	}
	before, err := p.app.CatalogFor(ctx, req.Caller)
	if err != nil {
		return nil, err
	}
	for _, c := range change.Products {
		out.Plans = append(out.Plans, planChangeOf(c, before, change.Catalog, req.Env))
	}
	return out, nil
}

// catalogJSON is what a configuration made.
type catalogJSON struct {
	Plans    []planJSON    `json:"plans"`
	Features []featureJSON `json:"features"`
	Rewards  []struct{}    `json:"rewards"`
	Programs []struct{}    `json:"referral_programs"`
}

// updateCatalog makes the catalog what a configuration says, and answers what it lists.
func (p plans) updateCatalog(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[catalogRequest](req)
	if err != nil {
		return nil, err
	}
	cfg, err := in.configuration()
	if err != nil {
		return nil, err
	}
	change, err := p.admin.Configure(ctx, req.Caller, cfg)
	if err != nil {
		return nil, err
	}
	out := catalogJSON{Plans: []planJSON{}, Features: []featureJSON{}, Rewards: []struct{}{}, Programs: []struct{}{}}
	for _, c := range change.Features {
		if f, there := change.Catalog.Features[c.ID]; there {
			out.Features = append(out.Features, featureAnswer(f))
		}
	}
	for _, c := range change.Products {
		version := 0
		if c.Action == catalog.Unchanged && c.After != nil {
			version = c.After.Version
		}
		if one, err := change.Catalog.ProductVersion(c.ID, version); err == nil {
			out.Plans = append(out.Plans, planAnswer(one, change.Catalog, req.Env))
		}
	}
	return out, nil
}

// sentence is what a refusal says in this dialect.
func sentence(e *refusal.Error) string {
	_, message := spell(e)
	return message
}
