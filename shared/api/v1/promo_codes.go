package v1

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// promoCodes handles the codes of a reward.
type promoCodes struct{ admin *admin.Admin }

func (p promoCodes) get(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "customer_id"); err != nil {
		return nil, err
	}
	c, err := p.admin.Code(ctx, req.Caller, codeMeant(req))
	return promoCodeAnswer(c), err
}

func (p promoCodes) deactivate(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "customer_id"); err != nil {
		return nil, err
	}
	cmd := codeMeant(req)
	cmd.Active = new(bool)
	c, err := p.admin.EditCode(ctx, req.Caller, cmd)
	return promoCodeAnswer(c), err
}

func codeMeant(req api.Request) admin.EditCode {
	return admin.EditCode{RewardID: req.PathValue("reward_id"), Code: req.PathValue("code"), Customer: api.QueryText(req, "customer_id")}
}

// A promoCodeRequest is a new promotion code. Its restrictions are flat or in an
// object of their own.
type promoCodeRequest struct {
	Code           *string           `json:"code"`
	Max            limitField        `json:"max_redemptions"`
	GlobalMax      limitField        `json:"global_max_redemption"` // two other spellings of it
	MaxUses        limitField        `json:"max_uses"`
	MaxPerCustomer limitField        `json:"max_redemptions_per_customer"`
	ExpiresAt      momentField       `json:"expires_at"`
	CustomerID     *string           `json:"customer_id"`
	Customer       *string           `json:"customer"`
	Active         *bool             `json:"active"`
	Metadata       map[string]any    `json:"metadata"`
	Restrictions   *codeRestrictions `json:"restrictions"`
	codeRestrictions
}

type codeRestrictions struct {
	FirstTime     *bool           `json:"first_time_transaction"`
	FirstTimeOnly *bool           `json:"first_time_only"`
	Minimum       *api.Number     `json:"minimum_amount"`
	Currency      fields.Currency `json:"minimum_amount_currency"`
}

func (in promoCodeRequest) wanted() (w admin.WantedCode, err error) {
	w = admin.WantedCode{NewCode: reward.NewCode{Code: catalog.NormalCode(text(in.Code)), Inactive: in.Active != nil && !*in.Active},
		Customer: cmp.Or(text(in.CustomerID), text(in.Customer))}
	if in.CustomerID != nil && in.Customer != nil && *in.CustomerID != *in.Customer {
		return w, api.InvalidInputs("customer_id and customer name different customers. Send one of them.")
	}
	for _, customer := range []*string{in.CustomerID, in.Customer} {
		if customer != nil && *customer == "" {
			return w, api.InvalidInputs("customer_id: must not be empty. Leave it out for a code that is for anybody.")
		}
	}
	limit, err := oneLimit("max_redemptions", in.Max, in.GlobalMax, in.MaxUses)
	if err != nil {
		return w, err
	}
	if limit != nil {
		w.Max = *limit
	}
	w.MaxPerCustomer, w.ExpiresAt = in.MaxPerCustomer.most, in.ExpiresAt.at
	w.Bare = limit == nil && !in.MaxPerCustomer.given && !in.ExpiresAt.given && in.Restrictions == nil && in.codeRestrictions == (codeRestrictions{})
	w.Active, w.Notes = in.Active, notes(in.Metadata)
	for k, v := range w.Notes {
		if v == nil {
			continue
		}
		if w.Metadata == nil {
			w.Metadata = map[string]string{}
		}
		w.Metadata[k] = *v
	}
	if in.Restrictions == nil {
		in.Restrictions = &codeRestrictions{}
	}
	return w, in.restrict(&w)
}

// restrict reads the restrictions, in each of their places.
func (in promoCodeRequest) restrict(w *admin.WantedCode) error {
	for _, first := range []*bool{in.FirstTime, in.FirstTimeOnly, in.Restrictions.FirstTime, in.Restrictions.FirstTimeOnly} {
		if first != nil && *first {
			w.FirstTimeOnly = true
		}
	}
	for _, first := range []*bool{in.FirstTime, in.FirstTimeOnly, in.Restrictions.FirstTime, in.Restrictions.FirstTimeOnly} {
		if first != nil && *first != w.FirstTimeOnly {
			return api.InvalidInputs("first_time_transaction: two different values are given. Send one of them.")
		}
	}
	for _, least := range []*api.Number{in.Minimum, in.Restrictions.Minimum} {
		switch {
		case least == nil:
		case !least.IsPositive():
			return api.InvalidInputs("minimum_amount: must be above 0. Leave it out for no minimum.")
		case !w.Minimum.IsZero() && !w.Minimum.Equal(least.Decimal):
			return api.InvalidInputs("minimum_amount: two different amounts are given. Send one of them.")
		default:
			w.Minimum = least.Decimal
		}
	}
	for _, currency := range []fields.Currency{in.Currency, in.Restrictions.Currency} {
		switch {
		case currency == "":
		case w.Currency != "" && w.Currency != money.Currency(strings.ToLower(string(currency))):
			return api.InvalidInputs("minimum_amount_currency: two different currencies are given. Send one of them.")
		default:
			w.Currency = money.Currency(strings.ToLower(string(currency)))
		}
	}
	return nil
}

// notes are metadata as texts; nil is a key to delete.
func notes(in map[string]any) map[string]*string {
	out := map[string]*string{}
	for k, v := range api.Texts(in) {
		if out[k] = &v; in[k] == nil {
			out[k] = nil
		}
	}
	return out
}

// A listedCodeRequest is a code in the list of its reward: a new one, or one that is
// there, as the reward's answer shows it.
type listedCodeRequest struct {
	promoCodeRequest
	RewardID  string         `json:"reward_id"`
	Status    *reward.Status `json:"status"`
	Used      *int           `json:"times_redeemed"`
	CreatedAt momentField    `json:"created_at"`
}

func (in listedCodeRequest) wanted() (w admin.WantedCode, err error) {
	if in.Status != nil && (in.Active == nil || *in.Active != (*in.Status == reward.Active)) {
		return w, api.InvalidInputs("promo_codes: status follows from active. Send active, true or false.")
	}
	w, err = in.promoCodeRequest.wanted()
	if in.RewardID != "" || in.Status != nil || in.Used != nil || in.CreatedAt.given {
		w.Seen = &admin.SeenCode{RewardID: in.RewardID, CreatedAt: in.CreatedAt.at}
	}
	return w, err
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (p promoCodes) add(ctx context.Context, req api.Request) (any, error) {
	in, err := api.Decode[promoCodeRequest](req)
	if err != nil {
		return nil, err
	}
	w, err := in.wanted()
	if err != nil {
		return nil, err
	}
	c, err := p.admin.AddCode(ctx, req.Caller, req.PathValue("reward_id"), w)
	return promoCodeAnswer(c), err
}

func (p promoCodes) edit(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "customer_id"); err != nil {
		return nil, err
	}
	in, err := api.Decode[struct {
		Active   *bool          `json:"active"`
		Metadata map[string]any `json:"metadata"`
	}](req)
	if err != nil {
		return nil, err
	}
	cmd := codeMeant(req)
	cmd.Active, cmd.Metadata = in.Active, notes(in.Metadata)
	c, err := p.admin.EditCode(ctx, req.Caller, cmd)
	return promoCodeAnswer(c), err
}

func (p promoCodes) list(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req, "active", "limit", "cursor"); err != nil {
		return nil, err
	}
	limit, err := api.QueryInt(req, "limit", 50, 1, 100)
	if err != nil {
		return nil, err
	}
	var active *bool
	switch v := api.QueryText(req, "active"); {
	case !req.URL.Query().Has("active"):
	case v == "true" || v == "false":
		on := v == "true"
		active = &on
	default:
		return nil, api.InvalidInputs("active: expected true or false.")
	}
	page, next, err := p.admin.CodesOf(ctx, req.Caller, req.PathValue("reward_id"), active, api.QueryText(req, "cursor"), limit)
	if err != nil {
		return nil, err
	}
	out := catalogPage{NextCursor: api.OrNull(next)}
	for _, c := range page {
		fits, err := out.List.Add(promoCodeAnswer(c))
		if err == nil && !fits { // see reward.PromoCode.CheckMetadata
			err = fmt.Errorf("%d codes of reward %s do not fit an answer", len(page), c.Reward.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
