package api

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// A referralJSON is one use of a customer's code: who redeemed it.
type referralJSON struct {
	ProgramID     string      `json:"program_id"`
	Customer      contactJSON `json:"customer"`
	RewardApplied bool        `json:"reward_applied"` // the referrer has it
	CreatedAt     ms          `json:"created_at"`
}

// A redeemedCodeJSON is a code that the customer redeemed: whose it is.
type redeemedCodeJSON struct {
	ProgramID     string      `json:"program_id"`
	Code          string      `json:"code"`
	Referrer      contactJSON `json:"referrer"`
	Triggered     bool        `json:"triggered"`
	RewardApplied bool        `json:"reward_applied"` // the customer, as redeemer, has it
	CreatedAt     ms          `json:"created_at"`
}

type contactJSON struct {
	ID    orNull `json:"id"`
	Name  orNull `json:"name"`
	Email orNull `json:"email"`
}

func contact(c billing.Customer) contactJSON {
	return contactJSON{orNull(c.ID), orNull(c.Name), orNull(c.Email)}
}

// addReferrals needs a secret key: referrals name other customers.
func (c customers) addReferrals(ctx context.Context, req Request, cat *catalog.Catalog, of billing.Customer, out *customerJSON) error {
	if req.Publishable {
		return errNotPublic
	}
	theirs, redeemed, err := c.app.Referrals(ctx, req.Caller, of)
	if err != nil {
		return err
	}
	program := func(r catalog.Redemption) string {
		if p, err := cat.Program(r.ProgramID); err == nil {
			return p.ID
		}
		return r.ProgramID // deleted: our own id is all that is left
	}
	out.Referrals, out.Redeemed = &[]referralJSON{}, &[]redeemedCodeJSON{}
	for _, r := range theirs {
		*out.Referrals = append(*out.Referrals, referralJSON{program(r.Redemption), contact(r.Other), r.Applied, ms(r.CreatedAt)})
	}
	for _, r := range redeemed {
		*out.Redeemed = append(*out.Redeemed, redeemedCodeJSON{program(r.Redemption), r.Code, contact(r.Other), r.Triggered, r.RedeemerApplied, ms(r.CreatedAt)})
	}
	return nil
}
