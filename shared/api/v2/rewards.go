package v2

import (
	"context"
	"encoding/json"
	"slices"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// Rewards serves rewards.*: coupons and grants of features, with their promotion codes.
func Rewards(a *app.App) api.Dialect {
	r := rewards{admin.Of(a)}
	return dialect(
		changes("POST /v1/rewards.create", "POST /v1/rewards", r.create),
		reads("POST /v1/rewards.get", "GET /v1/rewards/{reward_id}", r.get),
		reads("POST /v1/rewards.list", "GET /v1/rewards", r.list),
		changes("POST /v1/rewards.update", "POST /v1/rewards/{reward_id}", r.update),
		changes("POST /v1/rewards.delete", "DELETE /v1/rewards/{reward_id}", r.delete))
}

type rewards struct{ admin *admin.Admin }

func answerReward(r admin.Reward, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return rewardAnswer(r), nil
}

// rewardRequest is a reward to create: one of the two.
type rewardRequest struct {
	Coupon *couponRequest `json:"coupon"`
	Grant  *grantRequest  `json:"feature_grant"`
}

func (in rewardRequest) command() (cmd catalog.EditReward, codes *[]admin.WantedCode, err error) {
	switch {
	case (in.Coupon == nil) == (in.Grant == nil):
		return cmd, nil, api.InvalidInputs("Provide exactly one of coupon or feature_grant.")
	case in.Grant != nil:
		kind := catalog.FeatureGrant
		codes, err = grantCodesOf(in.Grant.Codes)
		return catalog.EditReward{ID: in.Grant.ID, Name: in.Grant.Name, Type: &kind, Grants: fields.Grants(in.Grant.Grants)}, codes, err
	}
	if cmd, err = in.Coupon.command(); err == nil {
		codes, err = codesOf(in.Coupon.Codes)
	}
	return cmd, codes, err
}

func (r rewards) create(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[rewardRequest](req)
	if err != nil {
		return nil, err
	}
	cmd, codes, err := in.command()
	if err != nil {
		return nil, err
	}
	return answerReward(r.admin.CreateReward(ctx, req.Caller, cmd, codes))
}

// rewardID reads a request that names a reward and nothing else.
func rewardID(req api.Request) (string, error) {
	in, err := api.Decode[struct {
		ID string `json:"reward_id"`
	}](req)
	if err == nil && in.ID == "" {
		err = api.InvalidInputs("reward_id: required.")
	}
	return in.ID, err
}

func (r rewards) get(ctx context.Context, req api.Request) (any, error) {
	id, err := rewardID(req)
	if err != nil {
		return nil, err
	}
	return answerReward(r.admin.Reward(ctx, req.Caller, id))
}

func (r rewards) delete(ctx context.Context, req api.Request) (any, error) {
	id, err := rewardID(req)
	if err != nil {
		return nil, err
	}
	return succeeded, r.admin.DeleteReward(ctx, req.Caller, id)
}

// rewardsJSON are all rewards, newest first.
type rewardsJSON struct {
	Coupons   []*couponJSON       `json:"coupons"`
	Grants    []*featureGrantJSON `json:"feature_grants"`
	FreePlans []*freePlanJSON     `json:"free_plans"`
}

// described is how many rewards are read at once.
const described = 100

func (r rewards) list(ctx context.Context, req api.Request) (any, error) {
	if _, err := api.Decode[struct{}](req); err != nil {
		return nil, err
	}
	all, err := r.admin.ListRewards(ctx, req.Caller)
	if err != nil {
		return nil, err
	}
	if !req.Version.AtLeast(withCursors) { // the command line's, whose files have no words for the others
		all = slices.DeleteFunc(all, func(r catalog.Reward) bool { return !r.Configurable() })
	}
	out := rewardsJSON{[]*couponJSON{}, []*featureGrantJSON{}, []*freePlanJSON{}}
	for len(all) > 0 {
		n := min(described, len(all))
		page, err := r.admin.Describe(ctx, req.Caller, all[:n])
		if err != nil {
			return nil, err
		}
		all = all[n:]
		for _, one := range page {
			switch shown := rewardAnswer(one); {
			case shown.Coupon != nil:
				out.Coupons = append(out.Coupons, shown.Coupon)
			case shown.Grant != nil:
				out.Grants = append(out.Grants, shown.Grant)
			default:
				out.FreePlans = append(out.FreePlans, shown.FreeProduct)
			}
		}
	}
	return out, nil
}

// plansField tells plan_ids of null, which is all plans, from missing ones.
type plansField struct {
	given bool
	ids   *[]string
}

func (p *plansField) UnmarshalJSON(b []byte) error {
	p.given = true
	if json.Unmarshal(b, &p.ids) != nil {
		return api.InvalidInputs("expected array of strings, or null.")
	}
	return nil
}

type rewardChange struct {
	ID     string `json:"reward_id"`
	Coupon *struct {
		Name    *string         `json:"name"`
		PlanIDs plansField      `json:"plan_ids"`
		Codes   *[]couponCodeIn `json:"promo_codes"`
	} `json:"coupon"`
	Grant *struct {
		Name   *string           `json:"name"`
		Grants *[]fields.Granted `json:"grants"`
		Codes  *[]grantCodeJSON  `json:"promo_codes"`
	} `json:"feature_grant"`
}

// update changes what is sent; a list replaces the one before. What a coupon takes off,
// and for how long, never changes here.
func (r rewards) update(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[rewardChange](req)
	switch {
	case err != nil:
		return nil, err
	case in.ID == "":
		return nil, api.InvalidInputs("reward_id: required.")
	case (in.Coupon == nil) == (in.Grant == nil):
		return nil, api.InvalidInputs("Provide exactly one of coupon or feature_grant.")
	case in.Grant != nil:
		codes, err := grantCodesOf(in.Grant.Codes)
		if err != nil {
			return nil, err
		}
		return answerReward(r.admin.PatchReward(ctx, req.Caller, in.ID, func(old catalog.Reward) (cmd catalog.EditReward, err error) {
			if old.Type != catalog.FeatureGrant {
				return cmd, api.InvalidInputs("feature_grant: reward %q is of type %s.", old.ID, old.Type)
			}
			return catalog.EditReward{Name: in.Grant.Name, Grants: fields.Grants(in.Grant.Grants)}, nil
		}, codes))
	}
	codes, err := codesOf(in.Coupon.Codes)
	if err != nil {
		return nil, err
	}
	return answerReward(r.admin.PatchReward(ctx, req.Caller, in.ID, func(old catalog.Reward) (cmd catalog.EditReward, err error) {
		if old.Discount == nil {
			return cmd, api.InvalidInputs("coupon: reward %q is of type %s.", old.ID, old.Type)
		}
		cmd = catalog.EditReward{Name: in.Coupon.Name}
		if !in.Coupon.PlanIDs.given {
			return cmd, nil
		}
		d := *old.Discount
		cmd.Discount = &catalog.WantedDiscount{Value: d.Value, Currency: d.Currency, Duration: d.Duration, Months: d.Months}
		cmd.Discount.ApplyToAll, cmd.Discount.ProductIDs, err = scopeOf(in.Coupon.PlanIDs.ids)
		return cmd, err
	}, codes))
}
