package v2

import (
	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// A rewardJSON is a reward in answers: one of its keys is there.
type rewardJSON struct {
	Coupon      *couponJSON       `json:"coupon,omitempty"`
	Grant       *featureGrantJSON `json:"feature_grant,omitempty"`
	FreeProduct *freePlanJSON     `json:"free_plan,omitempty"` // made in the first dialect; this one can't change its plan
}

// A couponJSON takes something off invoices, or is credit for them.
type couponJSON struct {
	ID        string             `json:"id"`
	Name      string             `json:"name"`
	Type      catalog.RewardType `json:"type"`  // percentage_discount, fixed_discount or invoice_credits
	Value     api.Number         `json:"value"` // percent, or major units of …
	Currency  api.OrNull         `json:"currency"`
	Duration  durationJSON       `json:"duration"`
	PlanIDs   []string           `json:"plan_ids"`            // null for all
	PriceIDs  []string           `json:"price_ids,omitempty"` // single prices, which the first dialect can name
	Codes     []couponCodeJSON   `json:"promo_codes"`         // those that can be used
	CreatedAt api.Millis         `json:"created_at"`
}

type durationJSON struct {
	Type   string `json:"type"`   // one_off, months or forever
	Length *int   `json:"length"` // of months, else null
}

type couponCodeJSON struct {
	Code      string `json:"code"`
	Max       *int   `json:"global_max_redemption"` // null for no limit
	FirstTime bool   `json:"first_time_transaction"`
}

// A featureGrantJSON gives features beside all plans.
type featureGrantJSON struct {
	ID        string           `json:"id"`
	Name      string           `json:"name"`
	Grants    []fields.Granted `json:"grants"`
	Codes     []grantCodeJSON  `json:"promo_codes"`
	CreatedAt api.Millis       `json:"created_at"`
}

type grantCodeJSON struct {
	Code string `json:"code"`
	Max  *int   `json:"max_uses"` // null for no limit
}

// A freePlanJSON gives a plan.
type freePlanJSON struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	PlanID    string          `json:"plan_id"`
	Periods   *int            `json:"free_periods"` // null for good
	Codes     []grantCodeJSON `json:"promo_codes"`
	CreatedAt api.Millis      `json:"created_at"`
}

func rewardAnswer(r admin.Reward) (out rewardJSON) {
	coupons, gifts := []couponCodeJSON{}, []grantCodeJSON{}
	for _, c := range r.Codes {
		if c.Status == reward.Active {
			coupons = append(coupons, couponCodeJSON{c.Code, limit(c.Max), c.FirstTimeOnly})
			gifts = append(gifts, grantCodeJSON{c.Code, limit(c.Max)})
		}
	}
	made := api.Millis(r.CreatedAt)
	switch r.Type {
	case catalog.FeatureGrant:
		out.Grant = &featureGrantJSON{r.ID, r.Name, fields.GrantsOf(r.Reward), gifts, made}
	case catalog.FreeProduct:
		out.FreeProduct = &freePlanJSON{r.ID, r.Name, r.FreeProduct, limit(r.FreePeriods), gifts, made}
	case catalog.PercentageDiscount, catalog.FixedDiscount, catalog.InvoiceCredits:
		d := *r.Discount
		out.Coupon = &couponJSON{ID: r.ID, Name: r.Name, Type: r.Type, Value: api.NumberOf(d.Value), Currency: api.OrNull(d.Currency),
			Duration: durationJSON{d.Duration, limit(d.Months)}, PriceIDs: d.PriceIDs, Codes: coupons, CreatedAt: made}
		if !d.ApplyToAll {
			out.Coupon.PlanIDs = append([]string{}, d.ProductIDs...)
		}
	}
	return out
}

// limit is a limit in answers, null for none.
func limit(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// A couponRequest is a coupon to create.
type couponRequest struct {
	ID       string             `json:"id"`
	Name     *string            `json:"name"`
	Type     catalog.RewardType `json:"type"`
	Value    *api.Number        `json:"value"`
	Currency money.Currency     `json:"currency"`
	Duration *durationJSON      `json:"duration"`
	PlanIDs  *[]string          `json:"plan_ids"`
	Codes    *[]couponCodeIn    `json:"promo_codes"`
	Internal fields.Unset       `json:"internal_id"`
}

type couponCodeIn struct {
	Code      string `json:"code"`
	Max       *int   `json:"global_max_redemption"`
	FirstTime *bool  `json:"first_time_transaction"`
}

// A grantRequest is a reward of features to create.
type grantRequest struct {
	ID       string            `json:"id"`
	Name     *string           `json:"name"`
	Grants   *[]fields.Granted `json:"grants"`
	Codes    *[]grantCodeJSON  `json:"promo_codes"`
	Internal fields.Unset      `json:"internal_id"`
}

func (in couponRequest) command() (cmd catalog.EditReward, err error) {
	switch {
	case in.Type.Gift():
		return cmd, api.InvalidInputs("coupon.type: percentage_discount, fixed_discount or invoice_credits, not %.40q.", in.Type)
	case in.Value == nil:
		return cmd, api.InvalidInputs("coupon.value: required.")
	case in.Duration == nil:
		return cmd, api.InvalidInputs("coupon.duration: required: {\"type\": \"one_off\", \"length\": null}.")
	case in.Duration.Length != nil && in.Duration.Type != catalog.MonthsDiscount:
		return cmd, api.InvalidInputs("coupon.duration.length: a duration of %.40q counts no months. Send null, or the type %s.", in.Duration.Type, catalog.MonthsDiscount)
	}
	d := &catalog.WantedDiscount{Value: in.Value.Decimal, Currency: in.Currency, Duration: in.Duration.Type}
	if in.Duration.Length != nil {
		d.Months = *in.Duration.Length
	}
	if d.ApplyToAll, d.ProductIDs, err = scopeOf(in.PlanIDs); err != nil {
		return cmd, err
	}
	return catalog.EditReward{ID: in.ID, Name: in.Name, Type: &in.Type, Discount: d}, nil
}

// scopeOf says what a coupon lowers: all, or the plans that are named.
func scopeOf(plans *[]string) (all *bool, ids []string, err error) {
	yes := plans == nil
	if !yes && len(*plans) == 0 {
		return nil, nil, api.InvalidInputs("coupon.plan_ids: name at least one plan, or send null for all.")
	}
	if !yes {
		ids = *plans
	}
	return &yes, ids, nil
}

// codesOf are the codes of a coupon; nil says nothing of them.
func codesOf(in *[]couponCodeIn) (*[]admin.WantedCode, error) {
	if in == nil {
		return nil, nil
	}
	codes := []admin.WantedCode{}
	for _, c := range *in {
		w, err := codeOf(c.Code, "global_max_redemption", c.Max)
		if err != nil {
			return nil, err
		}
		w.FirstTimeOnly = c.FirstTime != nil && *c.FirstTime
		codes = append(codes, w)
	}
	return &codes, nil
}

// grantCodesOf are the codes of a reward of features.
func grantCodesOf(in *[]grantCodeJSON) (*[]admin.WantedCode, error) {
	if in == nil {
		return nil, nil
	}
	codes := []admin.WantedCode{}
	for _, c := range *in {
		w, err := codeOf(c.Code, "max_uses", c.Max)
		if err != nil {
			return nil, err
		}
		codes = append(codes, w)
	}
	return &codes, nil
}

func codeOf(code, field string, most *int) (w admin.WantedCode, err error) {
	w = admin.WantedCode{NewCode: reward.NewCode{Code: catalog.NormalCode(code)}, Brief: true}
	switch {
	case w.Code == "":
		err = api.InvalidInputs("promo_codes: each needs a code.")
	case most != nil && *most < 1:
		err = api.InvalidInputs("promo_codes: %s must be at least 1, or null for no limit.", field)
	case most != nil:
		w.Max = *most
	}
	return w, err
}
