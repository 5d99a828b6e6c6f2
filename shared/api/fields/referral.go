package fields

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// A Referral is one use of a customer's code: its redeemer.
type Referral struct {
	ProgramID     string     `json:"program_id"`
	Customer      Contact    `json:"customer"`
	RewardApplied bool       `json:"reward_applied"` // the referrer has it
	CreatedAt     api.Millis `json:"created_at"`
}

// A RedeemedCode is a code that the customer redeemed: its owner.
type RedeemedCode struct {
	ProgramID     string     `json:"program_id"`
	Code          string     `json:"code"`
	Referrer      Contact    `json:"referrer"`
	Triggered     bool       `json:"triggered"`
	RewardApplied bool       `json:"reward_applied"` // the customer, as redeemer, has it
	CreatedAt     api.Millis `json:"created_at"`
}

// A Contact is a customer in a referral.
type Contact struct {
	ID    api.OrNull `json:"id"`
	Name  api.OrNull `json:"name"`
	Email api.OrNull `json:"email"`
}

func contact(c billing.Customer) Contact {
	return Contact{api.OrNull(c.ID), api.OrNull(c.Name), api.OrNull(c.Email)}
}

// Referrals are the uses of a customer's codes, and the codes they redeemed.
// They name other customers, so they need a secret key.
func Referrals(ctx context.Context, a *app.App, caller app.Caller, cat *catalog.Catalog, of billing.Customer) (uses []Referral, used []RedeemedCode, err error) {
	if caller.Publishable {
		return nil, nil, api.ErrNotPublic
	}
	theirs, redeemed, err := a.Referrals(ctx, caller, of)
	if err != nil {
		return nil, nil, err
	}
	program := func(r referral.Redemption) string {
		if p, err := cat.Program(r.ProgramID); err == nil {
			return p.ID
		}
		return r.ProgramID // deleted: only our own id is left
	}
	uses, used = []Referral{}, []RedeemedCode{}
	for _, r := range theirs {
		uses = append(uses, Referral{program(r.Redemption), contact(r.Other), r.Has(), api.Millis(r.CreatedAt)})
	}
	for _, r := range redeemed {
		used = append(used, RedeemedCode{program(r.Redemption), r.Code, contact(r.Other), r.SetOff(), r.Redeemer.Status == referral.Applied, api.Millis(r.CreatedAt)})
	}
	return uses, used, nil
}
