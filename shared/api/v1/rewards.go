package v1

import (
	"context"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/catalog"
)

// Rewards serves /v1/rewards: discounts, invoice credits and free products.
func Rewards(a *app.App) *api.Function {
	m := admin.Of(a)
	return api.NewFunction(a, words,
		api.Route{Pattern: "POST /v1/rewards", Access: api.Secret, Handle: saveReward(m.CreateReward), Replays: true},
		api.Route{Pattern: "GET /v1/rewards", Access: api.Secret, Handle: listRewards(m), Replays: false},
		api.Route{Pattern: "GET /v1/rewards/{reward_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			if err := api.TakesQuery(req); err != nil {
				return nil, err
			}
			r, err := m.Reward(ctx, req.Caller, req.PathValue("reward_id"))
			return rewardAnswer(r, req.Env), err
		}, Replays: false},
		api.Route{Pattern: "POST /v1/rewards/{reward_id}", Access: api.Secret, Handle: saveReward(m.EditReward), Replays: true},
		api.Route{Pattern: "DELETE /v1/rewards/{reward_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			return rewardDeleted, m.DeleteReward(ctx, req.Caller, req.PathValue("reward_id"))
		}, Replays: true},
	)
}

var rewardDeleted = map[string]any{"success": true, "message": "Reward deleted successfully"}

// saveReward handles a create or an edit. Unknown fields are refused, as a
// misspelt limit would cost money.
func saveReward(save func(context.Context, app.Caller, catalog.EditReward) (catalog.Reward, error)) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		if catalog.IsReserved(req.PathValue("reward_id")) {
			return nil, api.ErrRoute(req.Method, req.URL.Path)
		}
		in, err := api.Decode[rewardRequest](req)
		if err != nil {
			return nil, err
		}
		cmd, err := in.command(req.PathValue("reward_id"))
		if err != nil {
			return nil, err
		}
		r, err := save(ctx, req.Caller, cmd)
		return rewardAnswer(r, req.Env), err
	}
}

// A rewardRequest is a whole new reward, or the changes of one.
type rewardRequest struct {
	ID          string              `json:"id"`
	Name        *string             `json:"name"`
	Type        *catalog.RewardType `json:"type"`
	PromoCodes  *[]promoCodeJSON    `json:"promo_codes"`
	Discount    *discountRequest    `json:"discount_config"`
	FreeProduct *string             `json:"free_product_id"`
}

type promoCodeJSON struct {
	Code          string `json:"code"`
	Max           *int   `json:"global_max_redemption,omitempty"`
	MaxOld        *int   `json:"max_redemptions,omitempty"` // its older name
	FirstTimeOnly bool   `json:"first_time_transaction,omitempty"`
}

type discountRequest struct {
	Value      api.Number `json:"discount_value"`
	Duration   string     `json:"duration_type"`
	Months     int        `json:"duration_value"`
	Rollover   bool       `json:"should_rollover"`
	ApplyToAll *bool      `json:"apply_to_all"`
	PriceIDs   []string   `json:"price_ids"`
}

// command turns the request into a create, or into an edit of the reward that
// the path names.
func (in rewardRequest) command(path string) (catalog.EditReward, error) {
	cmd := catalog.EditReward{ID: in.ID, Name: in.Name, Type: in.Type, FreeProduct: in.FreeProduct}
	if path != "" {
		cmd.ID, cmd.NewID = path, in.ID
	}
	if in.PromoCodes != nil {
		codes := []catalog.PromoCode{}
		for _, c := range *in.PromoCodes {
			code, err := c.promoCode()
			if err != nil {
				return cmd, err
			}
			codes = append(codes, code)
		}
		cmd.PromoCodes = &codes
	}
	if d := in.Discount; d != nil {
		cmd.Discount = &catalog.WantedDiscount{Value: d.Value.Decimal, Duration: d.Duration, Months: d.Months,
			Rollover: d.Rollover, ApplyToAll: d.ApplyToAll, PriceIDs: d.PriceIDs}
	}
	return cmd, nil
}

func (c promoCodeJSON) promoCode() (catalog.PromoCode, error) {
	out := catalog.PromoCode{Code: c.Code, FirstTimeOnly: c.FirstTimeOnly}
	if c.Max != nil && c.MaxOld != nil && *c.Max != *c.MaxOld {
		return out, api.InvalidInputs("promo_codes: code %.80q has a global_max_redemption of %d and max_redemptions of %d. Send one of them.", c.Code, *c.Max, *c.MaxOld)
	}
	limit := c.Max
	if limit == nil {
		limit = c.MaxOld
	}
	if limit != nil {
		if *limit < 1 {
			return out, api.InvalidInputs("promo_codes: the limit of code %.80q must be above 0. Leave it out for no limit.", c.Code)
		}
		out.MaxRedemptions = *limit
	}
	return out, nil
}
