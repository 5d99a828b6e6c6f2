package v1

import (
	"context"

	"windfall/shared/api"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// A referralJSON is one use of a customer's code: its redeemer.
type referralJSON struct {
	ProgramID     string      `json:"program_id"`
	Customer      contactJSON `json:"customer"`
	RewardApplied bool        `json:"reward_applied"` // the referrer has it
	CreatedAt     api.Millis  `json:"created_at"`
}

// A redeemedCodeJSON is a code that the customer redeemed: its owner.
type redeemedCodeJSON struct {
	ProgramID     string      `json:"program_id"`
	Code          string      `json:"code"`
	Referrer      contactJSON `json:"referrer"`
	Triggered     bool        `json:"triggered"`
	RewardApplied bool        `json:"reward_applied"` // the customer, as redeemer, has it
	CreatedAt     api.Millis  `json:"created_at"`
}

type contactJSON struct {
	ID    api.OrNull `json:"id"`
	Name  api.OrNull `json:"name"`
	Email api.OrNull `json:"email"`
}

func contact(c billing.Customer) contactJSON {
	return contactJSON{api.OrNull(c.ID), api.OrNull(c.Name), api.OrNull(c.Email)}
}

// addReferrals needs a secret key, as referrals name other customers.
func (c customers) addReferrals(ctx context.Context, req api.Request, cat *catalog.Catalog, of billing.Customer, out *customerJSON) error {
	if req.Publishable {
		return api.ErrNotPublic
	}
	theirs, redeemed, err := c.app.Referrals(ctx, req.Caller, of)
	if err != nil {
		return err
	}
	program := func(r referral.Redemption) string {
		if p, err := cat.Program(r.ProgramID); err == nil {
			return p.ID
		}
		return r.ProgramID // deleted: only our own id is left
	}
	out.Referrals, out.Redeemed = &[]referralJSON{}, &[]redeemedCodeJSON{}
	for _, r := range theirs {
		*out.Referrals = append(*out.Referrals, referralJSON{program(r.Redemption), contact(r.Other), r.Has(), api.Millis(r.CreatedAt)})
	}
	for _, r := range redeemed {
		*out.Redeemed = append(*out.Redeemed, redeemedCodeJSON{program(r.Redemption), r.Code, contact(r.Other), r.SetOff(), r.Redeemer.Status == referral.Applied, api.Millis(r.CreatedAt)})
	}
	return nil
}
