package app

import (
	"context"

	"windfall/shared/billing"
	"windfall/shared/catalog"
)

// A Referral is a redemption and the customer on its other side: who redeemed,
// or whose code it was.
type Referral struct {
	catalog.Redemption
	Other billing.Customer
}

// Referrals lists who redeemed a customer's codes, and which codes the customer
// redeemed; the newest first, 100 together. Of a customer who is gone or has
// another id now, the id of that time is all there is.
func (a *App) Referrals(ctx context.Context, caller Caller, c billing.Customer) (theirs, redeemed []Referral, err error) {
	all, err := a.Store.Redemptions(ctx, caller.Env, c.InternalID)
	if err != nil {
		return nil, nil, err
	}
	var keys []string
	for _, r := range all {
		keys = append(keys, other(c, r))
	}
	people, err := a.Store.CustomersByKey(ctx, caller.Env, keys...)
	for _, r := range all {
		ref := Referral{r, billing.Customer{ID: other(c, r)}}
		if found, ok := people[other(c, r)]; ok {
			ref.Other = found
		}
		if r.ReferrerInternalID == c.InternalID {
			theirs = append(theirs, ref)
		} else {
			redeemed = append(redeemed, ref)
		}
	}
	return theirs, redeemed, err
}

// other is the key of the customer on the other side.
func other(c billing.Customer, r catalog.Redemption) string {
	if r.ReferrerInternalID == c.InternalID {
		return r.RedeemerID
	}
	return r.ReferrerID
}
