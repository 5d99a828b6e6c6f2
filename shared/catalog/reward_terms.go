package catalog

import (
	"slices"

	"windfall/shared/refusal"
)

// applied returns r with the edit made, if it may stand like that.
func (cmd EditReward) applied(c *Catalog, r Reward) (RewardChange, error) {
	old := r.codes()
	if cmd.Name != nil {
		r.Name = *cmd.Name
	}
	if problem := textProblem(refusal.FieldName, r.Name); problem != nil || r.Name == "" {
		return RewardChange{}, refusal.Invalid(ReasonRewardName, problem)
	}
	if cmd.Type != nil {
		r.Type = *cmd.Type
	}
	if cmd.FreeProduct != nil {
		r.FreeProduct = *cmd.FreeProduct
	}
	if cmd.PromoCodes != nil {
		codes, err := c.promoCodes(*cmd.PromoCodes, r.ID)
		if err != nil {
			return RewardChange{}, err
		}
		r.PromoCodes = codes
	}
	r, err := cmd.giving(c, r)
	change := RewardChange{Reward: r}
	change.Taken, change.Freed = without(r.codes(), old), without(old, r.codes())
	return change, err
}

// giving settles what the reward gives, which follows from its type.
func (cmd EditReward) giving(c *Catalog, r Reward) (Reward, error) {
	switch r.Type {
	case FreeProduct:
		if cmd.Discount != nil {
			return r, refusal.Invalid(ReasonDiscountOfAFreeProduct, r.Type)
		}
		r.Discount = nil
		return r, c.checkFreeProduct(r.FreeProduct)
	case PercentageDiscount, FixedDiscount, InvoiceCredits:
		if cmd.FreeProduct != nil && *cmd.FreeProduct != "" {
			return r, refusal.Invalid(ReasonFreeProductOfADiscount, r.Type)
		}
		r.FreeProduct = ""
		return cmd.Discount.applied(c, r)
	}
	return r, refusal.Invalid(ReasonRewardType, PercentageDiscount, FixedDiscount, InvoiceCredits, FreeProduct)
}

// checkFreeProduct: only an add-on is given away, as it stands beside whatever
// the customer holds and replaces nothing.
func (c *Catalog) checkFreeProduct(id string) error {
	if id == "" {
		return refusal.Invalid(ReasonRewardWithoutProduct, FreeProduct)
	}
	p, err := c.Product(id)
	switch {
	case err != nil:
		return refusal.Invalid(ReasonRewardProductNotFound, id)
	case !p.AddOn:
		return refusal.Invalid(ReasonRewardProductNoAddOn, id)
	}
	return nil
}

func without(codes, others []string) []string {
	return slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return slices.Contains(others, code) })
}
