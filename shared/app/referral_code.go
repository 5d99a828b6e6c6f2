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
// new one. The customer must exist. A customer whose code is deactivated gets no
// other one. The errors are reward_program_not_found, customer_not_found and
// referral_code_inactive.
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
			return usable(code, err)
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
				return usable(code, nil)
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

// usable refuses a code that nobody can redeem.
func usable(code catalog.ReferralCode, err error) (catalog.ReferralCode, error) {
	if err == nil && code.Inactive {
		err = billing.ErrReferralCodeInactive(code.Code)
	}
	return code, err
}

// SwitchReferralCode deactivates a code, or activates it again, and notes it in the
// owner's history. One that is so already stays as it is. The error is
// referral_code_not_found.
func (a *App) SwitchReferralCode(ctx context.Context, caller Caller, text string, active bool) error {
	action, done := "activate_code", "activated"
	if !active {
		action, done = "deactivate_code", "deactivated"
	}
	_, err := RetryStale(ctx, a.Pause, func() (struct{}, error) {
		code, found, err := a.Store.ReferralCode(ctx, caller.Env, text)
		if err != nil || found && code.Inactive == !active {
			return struct{}{}, err
		}
		if !found {
			return struct{}{}, billing.ErrReferralCodeNotFound(text)
		}
		s, err := a.existing(ctx, caller, code.OwnerID)
		if err != nil {
			return struct{}{}, err
		}
		at := slices.IndexFunc(s.Codes, func(own catalog.ReferralCode) bool { return own.Code == text })
		if at < 0 {
			return struct{}{}, billing.ErrReferralCodeNotFound(text)
		}
		code = s.Codes[at]
		code.Inactive = !active
		// The customer row is saved, too, so that the code goes with a customer whose id changes
		// at this moment.
		_, err = a.saveCustomer(ctx, caller, s, SetReferralCode{code}, AuditOf(s.Customer, billing.Audit{ID: a.NewID(), At: caller.Now, Actor: caller.Actor,
			Action: action, Rule: "operator", Why: "The referral code " + text + " was " + done + "."}))
		return struct{}{}, err
	})
	return err
}

// ExplainReferral asks every rule whether a customer can redeem a referral code, and writes
// nothing. The errors are referral_code_not_found, customer_not_found and rate_limit_exceeded.
func (a *App) ExplainReferral(ctx context.Context, caller Caller, text, customerID string) (billing.RedeemState, []billing.RedeemAnswer, error) {
	s, err := a.redeemState(ctx, caller, text, customerID)
	if err != nil {
		return s, nil, err
	}
	if s.Redeemed, err = a.Store.Redeemed(ctx, caller.Env, s.Code.ProgramID, s.Redeemer.Customer.InternalID); err != nil {
		return s, nil, err
	}
	answers, err := billing.ExplainRedeem(s, caller.Now)
	return s, answers, err
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
