package v2

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"windfall/shared/admin"
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
	Rewards      *[]rewardRequest  `json:"rewards"`
	Programs     *[]newProgram     `json:"referral_programs"`
	KeepOthers   bool              `json:"skip_deletions"` // what the lists leave out stays
	SkipFeatures []string          `json:"skip_feature_ids"`
	SkipPlans    []string          `json:"skip_plan_ids"`
	Expand       fields.Expand     `json:"expand"` // all of it is shown anyway
}

// configuredPlan is a plan of a configuration: all of it. What the file can't say stays as
// it is.
type configuredPlan struct {
	planRequest
	Versions fields.Ignored `json:"include_versions"` // in the preview: each is a plan of its own here
	OfPlan   fields.Ignored `json:"include_variants"` // there are none
}

// configuration converts the request. Errors name the entry.
func (in catalogRequest) configuration(req api.Request) (cfg admin.Configuration, err error) {
	if _, err = in.Expand.Names(req, nil); err != nil {
		return cfg, err
	}
	cfg = admin.Configuration{Configuration: catalog.Configuration{KeepOthers: in.KeepOthers, SkipFeatures: in.SkipFeatures, SkipProducts: in.SkipPlans},
		Codes: map[string][]admin.WantedCode{}}
	cfg.Features, err = each("features", in.Features, func(f featureRequest) (catalog.EditFeature, error) {
		cmd, err := f.command(true)
		if cmd.EventNames == nil {
			cmd.EventNames = &[]string{} // a file names all events
		}
		return cmd, err
	})
	if err != nil {
		return cfg, err
	}
	if cfg.Products, err = each("plans", in.Plans, configuredPlan.command); err != nil {
		return cfg, err
	}
	cfg.Rewards, err = each("rewards", in.Rewards, func(r rewardRequest) (catalog.EditReward, error) {
		cmd, codes, err := r.command()
		if codes != nil {
			cfg.Codes[cmd.ID] = *codes
		}
		return cmd, err
	})
	if err != nil {
		return cfg, err
	}
	cfg.Programs, err = each("referral_programs", in.Programs, newProgram.command)
	return cfg, err
}

// each converts a list; nil stays nil.
func each[In, Out any](name string, in *[]In, convert func(In) (Out, error)) (*[]Out, error) {
	if in == nil {
		return nil, nil
	}
	out := []Out{}
	for n, one := range *in {
		cmd, err := convert(one)
		if err != nil {
			return nil, at(name, n, err)
		}
		out = append(out, cmd)
	}
	return &out, nil
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
	for n := range *cmd.Parts.Features {
		left := &(*cmd.Parts.Features)[n].Left
		left.Proration, left.Entity = false, false // a file says them
	}
	if base := *cmd.Parts.Base; len(base) > 0 {
		base[0].Left.Count = in.Price.price.IntervalCount == nil
	}
	return cmd, nil
}

// at says which entry of a list is refused.
func at(list string, n int, err error) error {
	var no *api.Refusal
	if !errors.As(err, &no) {
		return err
	}
	told := *no
	told.Message = fmt.Sprintf("%s[%d].%s", list, n, no.Message)
	return &told
}

func (p plans) previewCatalog(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[catalogRequest](req)
	if err != nil {
		return nil, err
	}
	cfg, err := in.configuration(req)
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
	for _, c := range change.Products {
		out.Plans = append(out.Plans, planChangeOf(c, change.Before, change.Catalog, req.Env))
	}
	for _, c := range change.Rewards {
		out.Rewards = append(out.Rewards, resourceChangeJSON{c.ID, string(c.Action)})
	}
	for _, c := range change.Programs {
		out.Programs = append(out.Programs, resourceChangeJSON{c.ID, string(c.Action)})
	}
	return out, nil
}

// catalogJSON is what a configuration lists, as it is then.
type catalogJSON struct {
	Plans    []planJSON    `json:"plans"`
	Features []featureJSON `json:"features"`
	Rewards  []rewardJSON  `json:"rewards"`
	Programs []programJSON `json:"referral_programs"`
}

// updateCatalog makes the catalog what a configuration says, and answers what it lists.
func (p plans) updateCatalog(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[catalogRequest](req)
	if err != nil {
		return nil, err
	}
	cfg, err := in.configuration(req)
	if err != nil {
		return nil, err
	}
	change, err := p.admin.Configure(ctx, req.Caller, cfg)
	if err != nil {
		return nil, err
	}
	for _, c := range change.Programs {
		if c.Action == catalog.Deleted {
			p.app.CloseProgram(ctx, req.Caller, c.Before.InternalID)
		}
	}
	return p.configured(ctx, req, change)
}

func (p plans) configured(ctx context.Context, req api.Request, change catalog.ConfigurationChange) (any, error) {
	cat := change.Catalog
	out := catalogJSON{Plans: []planJSON{}, Features: []featureJSON{}, Rewards: []rewardJSON{}, Programs: []programJSON{}}
	for _, c := range change.Features {
		if f, there := cat.Features[c.ID]; there {
			out.Features = append(out.Features, featureAnswer(f))
		}
	}
	for _, c := range change.Products {
		version := 0
		if c.Action == catalog.Unchanged && c.After != nil {
			version = c.After.Version
		}
		if one, err := cat.ProductVersion(c.ID, version); err == nil {
			out.Plans = append(out.Plans, planAnswer(one, cat, req.Env))
		}
	}
	for _, c := range change.Programs {
		if one, there := cat.Programs[c.ID]; there {
			out.Programs = append(out.Programs, programOf(admin.Program{ReferralProgram: one}))
		}
	}
	for page := range slices.Chunk(change.Rewards, described) {
		var listed []catalog.Reward
		for _, c := range page {
			if r, there := cat.Rewards[c.ID]; there {
				listed = append(listed, r)
			}
		}
		all, err := p.admin.Describe(ctx, req.Caller, listed)
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			out.Rewards = append(out.Rewards, rewardAnswer(r))
		}
	}
	return out, nil
}

// sentence is what a refusal says in this dialect.
func sentence(e *refusal.Error) string {
	_, message := spell(e)
	return message
}
