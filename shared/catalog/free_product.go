package catalog

import (
	"maps"
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// maxFreePeriods is how many periods a reward gives at most: each may become a row of
// its own, and one transaction takes a hundred. Our choice.
const maxFreePeriods = 24

// PaidEachPeriod reports whether the product has a fixed price for each period.
func (p Product) PaidEachPeriod() bool { return p.PeriodPrice().IsPositive() }

// PeriodPrice is the sum of the product's fixed prices for a period, in major units.
func (p Product) PeriodPrice() (sum money.Decimal) {
	for _, i := range p.Items {
		if i.FeatureID == "" && i.Price != nil && i.Cycle.Repeats() {
			sum = sum.Add(*i.Price)
		}
	}
	return sum
}

// Worth is what a reward is worth to one who gets it, in the smallest unit of the
// environment's currency, as far as that is known beforehand: credits and amounts off what
// they say, a product its prices. A percentage is 0, as it depends on the invoices.
func (c *Catalog) Worth(r Reward) money.Amount {
	major := money.Zero
	switch r.Type {
	case InvoiceCredits, FixedDiscount:
		if c.CurrencyOf(r) == c.Settings.Currency {
			major = r.Discount.Value
		}
	case FreeProduct:
		p, err := c.Product(r.FreeProduct)
		switch {
		case err != nil:
		case r.FreePeriods > 0:
			major = p.PeriodPrice().Mul(money.Int(int64(r.FreePeriods)))
		default:
			for _, i := range p.Items {
				if i.FeatureID == "" && i.Price != nil && !i.Cycle.Repeats() {
					major = major.Add(*i.Price)
				}
			}
		}
	case PercentageDiscount, FeatureGrant: // not known beforehand
	}
	amount, err := c.Settings.Currency.Minor(major)
	if err != nil {
		return 0
	}
	return amount
}

// CheckGift refuses a reward that can't be given without a program, though it is one;
// nil allows it. A free product may have been edited since the reward was made, and
// free periods come with programs alone.
func (c *Catalog) CheckGift(r Reward) *refusal.Error {
	switch {
	case r.Type != FreeProduct:
		return nil
	case r.FreePeriods > 0:
		return refusal.Invalid(ReasonRewardOfPrograms, r.ID, r.FreeProduct)
	}
	return c.checkFreeProduct(r)
}

// checkFreeProduct: only an add-on is given away for good, as it stands beside whatever
// the customer holds and replaces nothing. Free periods are of a product that has a
// price for each of them.
func (c *Catalog) checkFreeProduct(r Reward) *refusal.Error {
	if r.FreeProduct == "" {
		return refusal.Invalid(ReasonRewardWithoutProduct, FreeProduct)
	}
	if r.FreePeriods < 0 || r.FreePeriods > maxFreePeriods {
		return refusal.Invalid(ReasonFreePeriods, maxFreePeriods)
	}
	p, err := c.Product(r.FreeProduct)
	switch {
	case err != nil:
		return refusal.Invalid(ReasonRewardProductNotFound, r.FreeProduct)
	case r.FreePeriods > 0 && !p.PaidEachPeriod():
		return refusal.Invalid(ReasonFreePeriodsOfAnother, p.ID)
	case r.FreePeriods == 0 && !p.AddOn && p.PaidEachPeriod():
		return refusal.Invalid(ReasonRewardWithoutPeriods, p.ID)
	case r.FreePeriods == 0 && !p.AddOn:
		return refusal.Invalid(ReasonRewardProductNoAddOn, p.ID)
	}
	return nil
}

// CheckGiven refuses a program whose reward could not be given when its time
// comes: a program must never do nothing in silence.
func (c *Catalog) CheckGiven(p ReferralProgram, r Reward) error {
	if r.Type != FreeProduct {
		return nil
	}
	gift, err := c.Product(r.FreeProduct)
	if err != nil {
		return err
	}
	if gift.Recurring() && r.FreePeriods == 0 {
		return refusal.Invalid(ReasonProgramRewardRecurs, p.ID, gift.ID)
	}
	if no := c.checkFreeProduct(r); no != nil {
		return no
	}
	return nil
}

// checkStillGiven refuses an edit of a product after which a reward or a referral
// program could give it no more.
func (c *Catalog) checkStillGiven(old, p Product) error {
	for _, id := range slices.Sorted(maps.Keys(c.Rewards)) {
		r := c.Rewards[id]
		if r.FreeProduct != p.ID {
			continue
		}
		if r.FreePeriods > 0 {
			if old.PaidEachPeriod() && !p.PaidEachPeriod() {
				return refusal.Invalid(ReasonGivenProductStaysPaid, id, p.ID)
			}
			continue
		}
		if old.AddOn && !p.AddOn {
			return refusal.Invalid(ReasonGivenProductStaysAddOn, id, p.ID)
		}
		for _, program := range slices.Sorted(maps.Keys(c.Programs)) {
			if c.Programs[program].RewardID == id && !old.Recurring() && p.Recurring() {
				return refusal.Invalid(ReasonProgramRewardRecurs, program, p.ID)
			}
		}
	}
	return nil
}
