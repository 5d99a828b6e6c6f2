package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/api/words"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// UseReward serves POST /v1/rewards/redeem, what a promotion code gives by itself;
// POST /v1/customers/{customer_id}/coupons/{reward_id}, a reward that the application
// gives, and DELETE, which takes its discount off; and POST /v1/rewards/explain, what every rule says of one.
func UseReward(a *app.App) api.Dialect {
	return dialect(
		api.Route{Pattern: "POST /v1/rewards/redeem", Access: api.Secret, Handle: redeemReward(a), Replays: true},
		api.Route{Pattern: "POST /v1/customers/{customer_id}/coupons/{reward_id}", Access: api.Secret, Handle: giveReward(a), Replays: true},
		api.Route{Pattern: "DELETE /v1/customers/{customer_id}/coupons", Access: api.Secret, Handle: takeOff(a), Replays: true},
		api.Route{Pattern: "DELETE /v1/customers/{customer_id}/coupons/{reward_id}", Access: api.Secret, Handle: takeOff(a), Replays: true},
		api.Route{Pattern: "POST /v1/rewards/explain", Access: api.Secret, Handle: explainReward(a), Replays: false})
}

// A codeRedemptionJSON answers the redemption of a promotion code.
type codeRedemptionJSON struct {
	ID         string          `json:"id"`
	RewardID   string          `json:"reward_id"`
	CustomerID string          `json:"customer_id"`
	Applied    bool            `json:"applied"`
	Triggered  bool            `json:"triggered"`
	ProductID  api.OrNull      `json:"product_id"`
	Credits    *fields.Credits `json:"credits,omitempty"`
	Granted    []grantedJSON   `json:"entitlements_granted"`
}

// A grantedJSON is the balance of a feature after a redemption.
type grantedJSON struct {
	FeatureID string     `json:"feature_id"`
	Balance   api.Number `json:"balance"`
}

// codeRequest redeems a code.
type codeRequest struct {
	Code       string `json:"code"`
	CustomerID string `json:"customer_id"`
}

func redeemReward(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[codeRequest](req)
		if err != nil {
			return nil, err
		}
		done, err := a.RedeemCode(ctx, req.Caller, in.Code, in.CustomerID)
		return redeemedCodeAnswer(done, req), err
	}
}

func redeemedCodeAnswer(done app.RedeemedCode, req api.Request) codeRedemptionJSON {
	return codeRedemptionJSON{ID: done.ID, RewardID: done.RewardID, CustomerID: done.RedeemerID, Applied: done.Has(), Triggered: done.SetOff(),
		ProductID: api.OrNull(done.Reward.FreeProduct), Credits: credits(done), Granted: granted(done, req)}
}

func credits(done app.RedeemedCode) *fields.Credits {
	if done.Credits == nil {
		return nil
	}
	out := fields.CreditsOf(*done.Credits)
	return &out
}

func granted(done app.RedeemedCode, req api.Request) []grantedJSON {
	out := []grantedJSON{}
	for _, b := range done.Balances {
		out = append(out, grantedJSON{b.FeatureID, api.NumberOf(b.Sum(req.Now).Remaining)})
	}
	return out
}

// A givenRewardJSON answers with the reward that a customer was given: a product,
// credits, or a discount, which runs already or is queued behind another one.
type givenRewardJSON struct {
	ID         string            `json:"id"`
	RewardID   string            `json:"reward_id"`
	CustomerID string            `json:"customer_id"`
	Code       api.OrNull        `json:"code"`
	Applied    bool              `json:"applied"`
	Queued     bool              `json:"queued"`
	Product    *givenProductJSON `json:"product,omitempty"`
	Credits    *fields.Credits   `json:"credits,omitempty"`
	Discount   *fields.Discount  `json:"discount,omitempty"`
	Granted    []grantedJSON     `json:"entitlements_granted,omitempty"`
}

type givenProductJSON struct {
	ProductID string        `json:"product_id"`
	Granted   []grantedJSON `json:"entitlements_granted"`
}

type giveRequest struct {
	PromoCode string `json:"promo_code"`
}

func giveReward(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[giveRequest](req)
		if err != nil {
			return nil, err
		}
		done, err := a.GiveReward(ctx, req.Caller, req.PathValue("reward_id"), in.PromoCode, req.PathValue("customer_id"))
		out := givenRewardJSON{ID: done.ID, RewardID: done.RewardID, CustomerID: done.RedeemerID, Code: api.OrNull(done.Code), Applied: done.Has(), Queued: !done.Has()}
		switch done.Reward.Type {
		case catalog.FreeProduct:
			out.Product = &givenProductJSON{done.Reward.FreeProduct, granted(done, req)}
		case catalog.FeatureGrant:
			out.Granted = granted(done, req)
		case catalog.InvoiceCredits:
			out.Credits = credits(done)
		default:
			out.Discount = fields.DiscountOf(done.Reward)
		}
		return out, err
	}
}

// takeOff ends the discount that runs on a customer, or that of a reward.
func takeOff(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		return deleted, a.TakeOffDiscount(ctx, req.Caller, req.PathValue("customer_id"), req.PathValue("reward_id"))
	}
}

type explainRequest struct {
	Code       string   `json:"code"`
	RewardID   string   `json:"reward_id"`
	CustomerID string   `json:"customer_id"`
	ProductID  string   `json:"product_id"`
	Options    []option `json:"options"`
}

// An explanationJSON says of every rule whether it allows the use, and why.
type explanationJSON struct {
	Allowed  bool         `json:"allowed"`
	Code     api.OrNull   `json:"code"`
	RewardID api.OrNull   `json:"reward_id"`
	Way      reward.Way   `json:"way"`
	Refusal  *refusalJSON `json:"refusal"`
	Rules    []ruleJSON   `json:"rules"`
}

type refusalJSON struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type ruleJSON struct {
	Rule reward.Rule `json:"rule"`
	OK   bool        `json:"ok"`
	Why  string      `json:"why"`
}

func explainReward(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) {
		in, err := api.Decode[explainRequest](req)
		if err != nil {
			return nil, err
		}
		if (catalog.NormalCode(in.Code) == "") == (in.RewardID == "") {
			return nil, api.InvalidInputs("Send either code or reward_id.")
		}
		if in.Code != "" && !catalog.PossibleCode(catalog.NormalCode(in.Code)) {
			return nil, api.InvalidInputs("code: expected 1 to %d letters, digits, _ or -.", catalog.MaxCode)
		}
		if in.ProductID == "" && len(in.Options) > 0 {
			return nil, api.InvalidInputs("options: they are of a purchase. Send product_id, too.")
		}
		cmd := app.ExplainCommand{Code: in.Code, RewardID: in.RewardID, Purchase: app.AttachCommand{CustomerID: in.CustomerID, Terms: billing.Attach{Now: req.Now}}}
		if in.ProductID != "" {
			cmd.Purchase.ProductIDs = []string{in.ProductID}
		}
		if cmd.Purchase.Terms.Quantities, err = quantities(in.Options); err != nil {
			return nil, err
		}
		e, err := a.ExplainReward(ctx, req.Caller, cmd)
		return explanationAnswer(e), err
	}
}

func explanationAnswer(e app.Explanation) explanationJSON {
	out := explanationJSON{Allowed: true, Code: api.OrNull(e.Use.Text), Way: e.Use.Way, Rules: []ruleJSON{}}
	if e.Use.Reward != nil {
		out.RewardID = api.OrNull(e.Use.Reward.ID)
	}
	if no := reward.Refusal(e.Answers); no != nil {
		code, message := words.Of(no)
		out.Allowed, out.Refusal = false, &refusalJSON{code, message}
	}
	for _, a := range e.Answers {
		rule := ruleJSON{Rule: a.Rule, OK: a.Refusal == nil}
		if a.Refusal != nil {
			_, rule.Why = words.Of(a.Refusal)
		} else {
			rule.Why = words.Phrase(a.Why.Reason, a.Why.Args...)
		}
		out.Rules = append(out.Rules, rule)
	}
	return out
}
