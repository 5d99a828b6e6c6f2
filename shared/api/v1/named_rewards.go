package v1

import (
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/money"
)

// rewardFields name the reward of a purchase. All of them may be sent, as long as
// they come to one reward.
type rewardFields struct {
	Reward        texts                `json:"reward"` // ids or codes
	PromoCode     string               `json:"promo_code"`
	PromotionCode string               `json:"promotion_code"`
	Discounts     []fields.NamedReward `json:"discounts"`
}

// texts is one text or a list of them.
type texts []string

func (t *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		if *t = nil; one != "" {
			*t = texts{one}
		}
		return nil
	}
	var list []string
	if json.Unmarshal(b, &list) != nil {
		return api.InvalidInputs("expected a text or a list of texts.")
	}
	*t = list
	return nil
}

// into adds the names to a command.
func (f rewardFields) into(cmd *app.AttachCommand) error {
	cmd.Rewards = f.Reward
	for _, code := range []string{f.PromoCode, f.PromotionCode} {
		if code != "" {
			cmd.Codes = append(cmd.Codes, code)
		}
	}
	return fields.AddRewards(cmd, f.Discounts)
}

// named reports whether any reward is.
func (f rewardFields) named() bool {
	return len(f.Reward)+len(f.PromoCode)+len(f.PromotionCode)+len(f.Discounts) > 0
}

// checkPage refuses codes typed on a page that has the discount of a reward: it takes
// one.
func (f rewardFields) checkPage(params map[string]any) error {
	if _, set := params["allow_promotion_codes"]; set && f.named() {
		return api.InvalidInputs("checkout_session_params.allow_promotion_codes: the page has the discount of the reward, and takes one. Leave it out.")
	}
	return nil
}

// A takenJSON is what a reward takes off.
type takenJSON struct {
	RewardID string     `json:"reward_id"`
	Code     api.OrNull `json:"code"`
	Amount   api.Number `json:"amount"`
}

// sums are what lines come to: before discounts, and after them.
type sums struct {
	Subtotal  api.Number  `json:"subtotal"`
	Discounts []takenJSON `json:"discounts"`
	Total     api.Number  `json:"total"`
}

// sumsOf adds lines up. A reward lowers a change by lines of its own.
func sumsOf(lines []billing.Line, g *billing.Given, c money.Currency) sums {
	off, total := billing.Off(lines), billing.Total(lines)
	for _, l := range lines {
		if l.Reward {
			off -= l.Amount
		}
	}
	out := sums{Subtotal: api.NumberOf(c.Major(total + off)), Discounts: []takenJSON{}, Total: api.NumberOf(c.Major(total))}
	if g != nil {
		out.Discounts = append(out.Discounts, takenJSON{g.RewardID, api.OrNull(g.Code), api.NumberOf(c.Major(off))})
	}
	return out
}
