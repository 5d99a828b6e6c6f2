package v1

import (
	"bytes"
	"context"
	"encoding/json"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Rewards serves /v1/rewards: discounts, invoice credits and free products, and
// their promotion codes.
func Rewards(a *app.App) api.Dialect {
	m := admin.Of(a)
	codes := promoCodes{m}
	return dialect(
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
		api.Route{Pattern: "PUT /v1/rewards/{reward_id}", Access: api.Secret, Handle: saveReward(m.EditReward), Replays: true},
		api.Route{Pattern: "DELETE /v1/rewards/{reward_id}", Access: api.Secret, Handle: func(ctx context.Context, req api.Request) (any, error) {
			return rewardDeleted, m.DeleteReward(ctx, req.Caller, req.PathValue("reward_id"))
		}, Replays: true},
		api.Route{Pattern: "POST /v1/rewards/{reward_id}/promo_codes", Access: api.Secret, Handle: codes.add, Replays: true},
		api.Route{Pattern: "GET /v1/rewards/{reward_id}/promo_codes", Access: api.Secret, Handle: codes.list, Replays: false},
		api.Route{Pattern: "GET /v1/rewards/{reward_id}/promo_codes/{code}", Access: api.Secret, Handle: codes.get, Replays: false},
		api.Route{Pattern: "POST /v1/rewards/{reward_id}/promo_codes/{code}", Access: api.Secret, Handle: codes.edit, Replays: true},
		api.Route{Pattern: "DELETE /v1/rewards/{reward_id}/promo_codes/{code}", Access: api.Secret, Handle: codes.deactivate, Replays: true},
	)
}

var rewardDeleted = map[string]any{"success": true, "message": "Reward deleted successfully"}

// saveReward handles a create or an edit. Unknown fields are refused, as a
// misspelt limit would cost money.
func saveReward(save func(context.Context, app.Caller, catalog.EditReward, *[]admin.WantedCode) (admin.Reward, error)) func(context.Context, api.Request) (any, error) {
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
		codes, err := in.codes()
		if err != nil {
			return nil, err
		}
		r, err := save(ctx, req.Caller, cmd, codes)
		return rewardAnswer(r, req.Env), err
	}
}

// A rewardRequest is a whole new reward, or the changes of one.
type rewardRequest struct {
	ID             string               `json:"id"`
	Name           *string              `json:"name"`
	Type           *catalog.RewardType  `json:"type"`
	PromoCodes     *[]listedCodeRequest `json:"promo_codes"`
	Discount       *discountRequest     `json:"discount_config"`
	FreeProduct    *string              `json:"free_product_id"`
	Product        *string              `json:"product_id"` // its other spelling
	FreeConfig     freePeriodsField     `json:"free_product_config"`
	Grants         *[]fields.Granted    `json:"grants"`
	CreditMonths   limitField           `json:"credits_expire_months"`
	MaxPerCustomer limitField           `json:"max_redemptions_per_customer"`
	rewardLimits
}

// rewardLimits are accepted in discount_config, too.
type rewardLimits struct {
	Max       limitField  `json:"max_redemptions"`
	GlobalMax limitField  `json:"global_max_redemption"`
	RedeemBy  momentField `json:"redeem_by"`
	ExpiresAt momentField `json:"expires_at"`
}

// A freePeriodsField is {product_id?, duration_type: "months", duration_value}: how many
// periods of a paid product are free. Null takes them away.
type freePeriodsField struct {
	given   bool
	product *string
	periods int
}

func (f *freePeriodsField) UnmarshalJSON(b []byte) error {
	f.given = true
	if string(b) == "null" {
		return nil
	}
	var in struct {
		Product  *string `json:"product_id"`
		Duration *string `json:"duration_type"`
		Value    *int    `json:"duration_value"`
	}
	strict := json.NewDecoder(bytes.NewReader(b))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&in); err != nil {
		return api.InvalidInputs(`expected {"product_id": a text, "duration_type": "months", "duration_value": a whole number}, or null.`)
	}
	if in.Duration != nil && *in.Duration != catalog.MonthsDiscount || in.Value == nil || *in.Value < 1 {
		return api.InvalidInputs(`expected "duration_type": "months" and a "duration_value" of at least 1: the number of free periods.`)
	}
	f.product, f.periods = in.Product, *in.Value
	return nil
}

type discountRequest struct {
	Value      api.Number      `json:"discount_value"`
	Currency   fields.Currency `json:"currency"` // of an amount
	Duration   string          `json:"duration_type"`
	Months     int             `json:"duration_value"`
	Rollover   bool            `json:"should_rollover"`
	ApplyToAll *bool           `json:"apply_to_all"`
	PriceIDs   []string        `json:"price_ids"`
	ProductIDs []string        `json:"product_ids"`
	rewardLimits
}

// command turns the request into a create, or into an edit of the reward that
// the path names.
func (in rewardRequest) command(path string) (cmd catalog.EditReward, err error) {
	cmd = catalog.EditReward{ID: in.ID, Name: in.Name, Type: in.Type, FreeProduct: in.FreeProduct, Grants: fields.Grants(in.Grants)}
	if path != "" {
		cmd.ID, cmd.NewID = path, in.ID
	}
	if in.Product != nil {
		if cmd.FreeProduct != nil && *cmd.FreeProduct != *in.Product {
			return cmd, api.InvalidInputs("free_product_id and product_id name different products. Send one of them.")
		}
		cmd.FreeProduct = in.Product
	}
	if in.FreeConfig.given {
		if id := in.FreeConfig.product; id != nil {
			if cmd.FreeProduct != nil && *cmd.FreeProduct != *id {
				return cmd, api.InvalidInputs("free_product_id and product_id name different products. Send one of them.")
			}
			cmd.FreeProduct = id
		}
		cmd.FreePeriods = &in.FreeConfig.periods
	}
	nested := rewardLimits{}
	if d := in.Discount; d != nil {
		cmd.Discount = &catalog.WantedDiscount{Value: d.Value.Decimal, Currency: money.Currency(d.Currency), Duration: d.Duration, Months: d.Months,
			Rollover: d.Rollover, ApplyToAll: d.ApplyToAll, PriceIDs: d.PriceIDs, ProductIDs: d.ProductIDs}
		nested = d.rewardLimits
	}
	if cmd.Max, err = oneLimit("max_redemptions", in.Max, in.GlobalMax, nested.Max, nested.GlobalMax); err != nil {
		return cmd, err
	}
	if cmd.RedeemBy, err = oneMoment("redeem_by", in.RedeemBy, in.ExpiresAt, nested.RedeemBy, nested.ExpiresAt); err != nil {
		return cmd, err
	}
	if cmd.MaxPerCustomer, err = oneLimit("max_redemptions_per_customer", in.MaxPerCustomer); err != nil {
		return cmd, err
	}
	cmd.CreditMonths, err = oneLimit("credits_expire_months", in.CreditMonths)
	return cmd, err
}

// codes are the promotion codes of the request; nil says nothing of them. Entries
// that say nothing but an empty text are dropped: forms send them.
func (in rewardRequest) codes() (*[]admin.WantedCode, error) {
	if in.PromoCodes == nil {
		return nil, nil
	}
	codes := []admin.WantedCode{}
	for _, c := range *in.PromoCodes {
		code, err := c.wanted()
		if err != nil {
			return nil, err
		}
		if c.Code != nil && code.Code == "" && code.Bare && code.Customer == "" && c.Active == nil && len(c.Metadata) == 0 && code.Seen == nil {
			continue
		}
		codes = append(codes, code)
	}
	return &codes, nil
}
