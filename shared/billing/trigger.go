package billing

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/referral"
	"windfall/shared/refusal"
)

// DecideTrigger sets off the reward of a redemption that waited for a purchase
// which is paid now. The reward is the one that was promised. The guard is asked again,
// as cards and addresses become known with the purchase; what it refuses is refused
// now. An error says why nothing will ever come of it: the program, the referrer or the
// reward is gone, or the code has given as many as it may.
func DecideTrigger(s RedeemState, r referral.Redemption, cmd Redeem) (RedeemDecision, error) {
	program, err := s.program()
	if err != nil {
		return RedeemDecision{}, err
	}
	if program.MaxRedemptions > 0 && s.Code.Triggered >= program.MaxRedemptions {
		return RedeemDecision{}, ErrMaxRedemptions
	}
	reward, err := s.Catalog.Reward(r.RewardID)
	if err != nil {
		return RedeemDecision{}, err
	}
	before := r
	r.ReferrerID, r.RedeemerID = s.Referrer.Customer.Key(), s.Redeemer.Customer.Key() // both may have another id now
	r = r.ForBoth(program.ReceivedBy == catalog.ForAll)
	cmd.ID = r.ID
	s.Code.Recent = nil // it was fast enough when it was redeemed, or has its flag
	verdict := s.judge(program, cmd.Now)
	if verdict.Refused != "" {
		return s.giveNothing(RedeemDecision{Before: before}, r, referral.Refused, string(verdict.Refused), cmd), nil
	}
	r.Flags = r.Flagged(verdict.Flags)
	return s.setOff(RedeemDecision{Redemption: r, Before: before, Max: program.MaxRedemptions}, program, reward, cmd)
}

// setOff gives the reward of a redemption, or holds it: for a person, where the guard
// has a flag, or until the program's hold days are over.
func (s RedeemState) setOff(d RedeemDecision, program catalog.ReferralProgram, reward catalog.Reward, cmd Redeem) (RedeemDecision, error) {
	if err := s.Catalog.CheckGiven(program, reward); err != nil {
		return RedeemDecision{}, err
	}
	d.Places = 1
	if len(d.Redemption.Flags) == 0 && program.HoldDays == 0 {
		return s.give(d, reward, cmd)
	}
	r, _ := d.Redemption.To(referral.Held, cmd.Now)
	r.Reward = &reward
	why := "a person is to look at it: " + fmt.Sprint(r.Flags)
	if program.HoldDays > 0 {
		r.HeldUntil = cmd.Now.AddDate(0, 0, program.HoldDays)
	}
	if len(r.Flags) == 0 {
		why = "the program gives its reward on " + r.HeldUntil.Format(time.DateOnly)
	}
	d.Redemption = r
	d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, nil, s.Code.Code, cmd, fmt.Sprintf("Code %s was redeemed; the reward %q is held: %s.", s.Code.Code, reward.ID, why))
	return d, nil
}

// DecideRelease gives what was held: a person approved it, or its time has come. It
// is what was promised, whatever became of the program. An error says why it can't be
// given any more.
func DecideRelease(s RedeemState, r referral.Redemption, cmd Redeem) (RedeemDecision, error) {
	if s.Referrer.Customer.InternalID != r.ReferrerInternalID {
		return RedeemDecision{}, ErrReferralCodeNotFound(r.Code)
	}
	before := r
	r.ReferrerID, r.RedeemerID = s.Referrer.Customer.Key(), s.Redeemer.Customer.Key()
	cmd.ID = r.ID
	s.Code.Code = r.Code
	return s.give(RedeemDecision{Redemption: r, Before: before}, *r.Reward, cmd)
}

// DecideEnd ends a redemption that waits, or is held, without a reward. Only one that is
// refused while it is held gives its place back.
func DecideEnd(s RedeemState, r referral.Redemption, end referral.Status, reason string, cmd Redeem) RedeemDecision {
	cmd.ID = r.ID
	s.Code.Code = r.Code
	return s.giveNothing(RedeemDecision{Before: r}, r, end, reason, cmd)
}

func (s RedeemState) giveNothing(d RedeemDecision, r referral.Redemption, end referral.Status, reason string, cmd Redeem) RedeemDecision {
	r, _ = r.To(end, cmd.Now)
	r.Reason, r.Reward = reason, nil
	if end == referral.Refused && d.Before.Status == referral.Held {
		d.Places = -1
	}
	d.Redemption = r
	d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, nil, s.Code.Code, cmd,
		fmt.Sprintf("The redemption of code %s gives nothing. It is %s: %s.", r.Code, end, strings.ReplaceAll(reason, "_", " ")))
	d.Redeemer.Audit.Rule = "redemption_" + string(end)
	return d
}

// WhyNever names why nothing comes of a redemption, of an error of DecideTrigger or
// DecideRelease; "" for an error that may pass.
func WhyNever(err error, c *catalog.Catalog, r referral.Redemption) string {
	var never *refusal.Error
	_, gone := c.Program(r.ProgramID)
	switch {
	case !errors.As(err, &never) || never.Kind != refusal.KindInvalid && never.Kind != refusal.KindNotFound:
		return ""
	case never.Reason == ReasonMaxRedemptions:
		return referral.ReasonLimit
	case never.Reason == ReasonReferralCodeNotFound && gone != nil && r.Status != referral.Held:
		return referral.ReasonProgramGone
	case never.Reason == ReasonReferralCodeNotFound:
		return referral.ReasonOwnerGone
	}
	return referral.ReasonRewardGone
}

// give sets the reward off for everybody it is for.
func (s RedeemState) give(d RedeemDecision, reward catalog.Reward, cmd Redeem) (RedeemDecision, error) {
	given, err := giftOf(s.Catalog, reward)
	if err != nil {
		return RedeemDecision{}, err
	}
	next := referral.Applied
	if given.discount != nil {
		next = referral.Triggered
	}
	d.Redemption, _ = d.Redemption.To(next, cmd.Now)
	d.Redemption.Reward = &reward
	d.Worth = s.Catalog.Worth(reward)
	referrer := s.settle(s.Referrer, BranchReferrer, given, s.Code.Code, cmd,
		fmt.Sprintf("%q redeemed code %s; the referrer gets %q.", d.Redemption.RedeemerID, s.Code.Code, given.name()))
	d.Referrer = &referrer
	d.Redemption = d.Redemption.Holds(referral.TheReferrer, referrer.holding(given))
	if d.Redemption.Redeemer.Status != "" {
		d.Worth *= 2
		d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, given, s.Code.Code, cmd,
			fmt.Sprintf("The customer redeemed code %s; both sides get %q.", s.Code.Code, given.name()))
		d.Redemption = d.Redemption.Holds(referral.TheRedeemer, d.Redeemer.holding(given))
		return d, nil
	}
	d.Redeemer = s.settle(s.Redeemer, BranchRedeemer, nil, s.Code.Code, cmd,
		fmt.Sprintf("The customer redeemed code %s; the referrer alone gets %q.", s.Code.Code, given.name()))
	return d, nil
}

// holding is the row that a given product is in: of its own, or that of earlier ones.
func (s Settlement) holding(g *gift) string {
	if g.product == nil {
		return ""
	}
	for _, cp := range s.Products {
		if cp.ProductID == g.product.ID {
			return cp.ID
		}
	}
	return ""
}
