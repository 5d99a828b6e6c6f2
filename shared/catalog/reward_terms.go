package catalog

import "windfall/shared/refusal"

// applied returns r with the edit made, if it may stand like that.
func (cmd EditReward) applied(c *Catalog, r Reward) (Reward, error) {
	if cmd.Name != nil {
		r.Name = *cmd.Name
	}
	if problem := textProblem(refusal.FieldName, r.Name); problem != nil || r.Name == "" {
		return Reward{}, refusal.Invalid(ReasonRewardName, problem)
	}
	if cmd.Type != nil {
		r.Type = *cmd.Type
	}
	if cmd.FreeProduct != nil {
		r.FreeProduct = *cmd.FreeProduct
	}
	if cmd.FreePeriods != nil {
		r.FreePeriods = *cmd.FreePeriods
	}
	r, err := cmd.giving(c, r)
	if err != nil {
		return Reward{}, err
	}
	return cmd.limited(r)
}

// MaxUses is the highest limit of uses: Stripe's own for a coupon.
//
// Source: https://docs.stripe.com/api/coupons/create (a 32-bit number)
const MaxUses = 1<<31 - 1

// limited sets how often, until when and for how long the reward is given.
func (cmd EditReward) limited(r Reward) (Reward, error) {
	for _, limit := range []struct {
		wanted *int
		set    *int
		most   int
	}{{cmd.Max, &r.Max, MaxUses}, {cmd.MaxPerCustomer, &r.MaxPerCustomer, MaxUses}, {cmd.CreditMonths, &r.CreditMonths, maxMonths}} {
		if limit.wanted == nil {
			continue
		}
		if *limit.wanted < 0 || *limit.wanted > limit.most {
			return r, refusal.Invalid(ReasonRewardLimit, limit.most)
		}
		*limit.set = *limit.wanted
	}
	if cmd.RedeemBy != nil {
		if !cmd.RedeemBy.IsZero() && !cmd.RedeemBy.Equal(r.RedeemBy) && !cmd.RedeemBy.After(cmd.Now) {
			return r, refusal.Invalid(ReasonRewardRedeemBy)
		}
		r.RedeemBy = *cmd.RedeemBy
	}
	switch {
	case r.Max > 0 && r.MaxPerCustomer > r.Max:
		return r, refusal.Invalid(ReasonRewardPerCustomer, r.MaxPerCustomer, r.Max)
	case r.CreditMonths > 0 && r.Type != InvoiceCredits:
		return r, refusal.Invalid(ReasonCreditsExpireOfAnother, InvoiceCredits, r.Type)
	case r.CreditMonths > 0 && r.Discount.Months > 0 && r.CreditMonths != r.Discount.Months:
		return r, refusal.Invalid(ReasonCreditsExpireTwice, r.CreditMonths, r.Discount.Months)
	}
	return r, nil
}

// giving settles what the reward gives, which follows from its type.
func (cmd EditReward) giving(c *Catalog, r Reward) (Reward, error) {
	if r.Type != FeatureGrant {
		if cmd.Grants != nil && len(*cmd.Grants) > 0 {
			return r, refusal.Invalid(ReasonGrantsOfAnother, r.Type)
		}
		r.Grants = nil
	}
	switch r.Type {
	case FeatureGrant:
		if cmd.Discount != nil {
			return r, refusal.Invalid(ReasonDiscountOfAFreeProduct, r.Type)
		}
		if err := cmd.withoutProduct(r.Type); err != nil {
			return r, err
		}
		r.Discount, r.FreeProduct, r.FreePeriods = nil, "", 0
		if cmd.Grants != nil {
			r.Grants = *cmd.Grants
		}
		return r, c.checkGrants(r)
	case FreeProduct:
		if cmd.Discount != nil {
			return r, refusal.Invalid(ReasonDiscountOfAFreeProduct, r.Type)
		}
		r.Discount = nil
		if no := c.checkFreeProduct(r); no != nil {
			return r, no
		}
		return r, nil
	case PercentageDiscount, FixedDiscount, InvoiceCredits:
		if err := cmd.withoutProduct(r.Type); err != nil {
			return r, err
		}
		r.FreeProduct, r.FreePeriods = "", 0
		return cmd.Discount.applied(c, r)
	}
	return r, refusal.Invalid(ReasonRewardType, PercentageDiscount, FixedDiscount, InvoiceCredits, FreeProduct, FeatureGrant)
}

// withoutProduct refuses a product in a reward of a type that gives none.
func (cmd EditReward) withoutProduct(t RewardType) error {
	switch {
	case cmd.FreeProduct != nil && *cmd.FreeProduct != "":
		return refusal.Invalid(ReasonFreeProductOfADiscount, t)
	case cmd.FreePeriods != nil && *cmd.FreePeriods != 0:
		return refusal.Invalid(ReasonFreePeriodsOfADiscount, t)
	}
	return nil
}
