package billing

import (
	"time"

	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// A RedeemRule is a rule of DecideRedeem about a code that is there.
type RedeemRule int

const (
	RedeemActive RedeemRule = iota
	RedeemLimit
	RedeemOnce
	RedeemGuard
	RedeemNew
)

// A RedeemAnswer is what one rule says: nil allows the redemption.
type RedeemAnswer struct {
	Rule    RedeemRule
	Refusal *refusal.Error
	Guard   []referral.Rule // of RedeemGuard: the rule that refuses, else those by which the redemption is held
}

// ExplainRedeem asks every rule whether the redeemer could redeem the code now.
func ExplainRedeem(s RedeemState, now time.Time) ([]RedeemAnswer, error) {
	program, err := s.program()
	if err != nil {
		return nil, err
	}
	return s.answers(program, s.judge(program, now)), nil
}

// answers are what the rules say, in their order. What the guard refuses has the answer of
// an own code: nobody is to learn of another customer's address or card.
func (s RedeemState) answers(p catalog.ReferralProgram, v referral.Verdict) []RedeemAnswer {
	no := func(rule RedeemRule, refused bool, err *refusal.Error) RedeemAnswer {
		if !refused {
			err = nil
		}
		return RedeemAnswer{Rule: rule, Refusal: err}
	}
	guard := no(RedeemGuard, v.Refused != "", ErrOwnCode)
	if guard.Guard = v.Flags; v.Refused != "" {
		guard.Guard = []referral.Rule{v.Refused}
	}
	return []RedeemAnswer{
		no(RedeemActive, s.Code.Inactive, ErrReferralCodeInactive(s.Code.Code)),
		no(RedeemLimit, p.When == catalog.OnSignUp && p.MaxRedemptions > 0 && s.Code.Triggered >= p.MaxRedemptions, ErrMaxRedemptions),
		no(RedeemOnce, s.Redeemed, ErrAlreadyRedeemed),
		guard,
		no(RedeemNew, p.NewCustomersOnly && s.Redeemer.WithMoved(s.Moved).HasPaid(s.Catalog, s.Invoices), ErrNotNew),
	}
}

// refusal returns the first reason not to redeem, or nil.
func (s RedeemState) refusal(p catalog.ReferralProgram, v referral.Verdict) error {
	for _, a := range s.answers(p, v) {
		if a.Refusal != nil {
			return a.Refusal
		}
	}
	return nil
}
