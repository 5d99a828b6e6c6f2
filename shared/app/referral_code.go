package app

import (
	"context"
	"slices"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// codeTries bounds how often a code in use is replaced by
// another: with a million codes out, ten in a row happen once in 10^29.
const codeTries = 10

// ReferralCode returns a customer's code in a program: the one they have, or a
// new one. The customer must exist. The errors are reward_program_not_found
// and customer_not_found.
func (a *App) ReferralCode(ctx context.Context, caller Caller, customerID, programID string) (catalog.ReferralCode, error) {
	if err := billing.CheckCustomerID(customerID); err != nil {
		return catalog.ReferralCode{}, err
	}
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return catalog.ReferralCode{}, err
	}
	if program, err := cat.Program(programID); err == nil {
		code, found, err := a.Store.ReferralCodeOf(ctx, caller.Env, customerID, program.InternalID)
		if err != nil || found {
			return code, err
		}
	}
	return a.newReferralCode(ctx, caller, customerID, programID)
}

// newReferralCode makes a code. Of calls at the same moment one makes it and
// the others read it.
func (a *App) newReferralCode(ctx context.Context, caller Caller, customerID, programID string) (catalog.ReferralCode, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, true)
	if err != nil {
		return catalog.ReferralCode{}, err
	}
	program, err := cat.Program(programID)
	if err != nil {
		return catalog.ReferralCode{}, err
	}
	tries := 0
	return RetryStale(ctx, a.Pause, func() (catalog.ReferralCode, error) {
		s, err := a.existing(ctx, caller, customerID)
		if err != nil {
			return catalog.ReferralCode{}, err
		}
		for _, code := range s.Codes {
			if code.ProgramID == program.InternalID {
				return code, nil
			}
		}
		code := catalog.ReferralCode{Code: a.NewCode(), ProgramID: program.InternalID,
			OwnerID: s.Customer.Key(), InternalID: s.Customer.InternalID, CreatedAt: caller.Now}
		// The customer row is saved, too, so that a customer who is deleted at
		// this moment leaves no code behind.
		_, err = a.saveCustomer(ctx, caller, s, NewReferralCode{code}, CountProgram{program.InternalID, code.Code, referral.Stats{Codes: 1}})
		if ConflictIn[NewReferralCode](err) && !ConflictIn[SaveCustomer](err) {
			if tries++; tries >= codeTries {
				return code, errNoFreeCode
			}
		}
		return code, err
	})
}

// errNoFreeCode means that every code tried is in use.
var errNoFreeCode = refusal.Unavailable(ReasonNoFreeCode)

// A Referral is a redemption and the customer on its other side: who redeemed,
// or whose code it was.
type Referral struct {
	referral.Redemption
	Other billing.Customer
}

// mostReferrals is how many of a customer's referrals come with the customer.
const mostReferrals = 100

// Referrals lists who redeemed a customer's codes, and which codes the customer
// redeemed; the newest first, 100 together. Of a customer who is gone or has
// another id now, the id of that time is all there is.
func (a *App) Referrals(ctx context.Context, caller Caller, c billing.Customer) (theirs, redeemed []Referral, err error) {
	all, _, err := a.Store.Redemptions(ctx, caller.Env, RedemptionsOf{CustomerID: c.InternalID}, "", mostReferrals)
	if err != nil {
		return nil, nil, err
	}
	return a.referrals(ctx, caller, c, all, nil)
}

// referrals tells the sides of redemptions apart. people are those of whom the customer is read
// already.
func (a *App) referrals(ctx context.Context, caller Caller, c billing.Customer, all []referral.Redemption, people map[string]billing.Customer) (theirs, redeemed []Referral, err error) {
	all = slices.DeleteFunc(all, func(r referral.Redemption) bool { return !r.Referral() }) // of a promotion code
	var keys []string
	for _, r := range all {
		if _, known := people[other(c, r)]; !known {
			keys = append(keys, other(c, r))
		}
	}
	read, err := a.Store.CustomersByKey(ctx, caller.Env, keys...)
	for key, found := range people {
		read[key] = found
	}
	for _, r := range all {
		ref := Referral{r, billing.Customer{ID: other(c, r)}}
		if found, ok := read[other(c, r)]; ok {
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

// ReferralsToShow is Referrals for people: one request less where nobody has another id since.
func (a *App) ReferralsToShow(ctx context.Context, caller Caller, c billing.Customer) (theirs, redeemed []Referral, err error) {
	all, people, err := a.finder().RedemptionsWith(ctx, caller.Env, c.InternalID, mostReferrals)
	if err != nil {
		return nil, nil, err
	}
	return a.referrals(ctx, caller, c, all, people)
}

// other is the key of the customer on the other side.
func other(c billing.Customer, r referral.Redemption) string {
	if r.ReferrerInternalID == c.InternalID {
		return r.RedeemerID
	}
	return r.ReferrerID
}
