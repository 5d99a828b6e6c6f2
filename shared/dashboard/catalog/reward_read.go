package catalog

import (
	"math"
	"strconv"
	"strings"

	"windfall/shared/admin"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// rewardProblems are the fields that refusals of a reward are about.
var rewardProblems = map[refusal.Reason]string{
	catalog.ReasonRewardNameless: fName, catalog.ReasonRewardName: fName,
	catalog.ReasonRewardIDReserved: fID, catalog.ReasonRewardText: fID, catalog.ReasonDuplicateReward: fID, catalog.ReasonIDLikeOurs: fID,
	catalog.ReasonRewardType: fType, catalog.ReasonRewardTypeAlone: fType,
	catalog.ReasonDiscountNotPositive: fValue, catalog.ReasonPercentageAboveAll: fValue, catalog.ReasonDiscountTooLarge: fValue, catalog.ReasonDiscountFinerThanACent: fValue,
	catalog.ReasonDiscountMonths: fMonths, catalog.ReasonDiscountMonthsOfAnother: fMonths,
	catalog.ReasonRolloverOfAPercentage: fRollover, catalog.ReasonRolloverWithoutCredits: fRollover,
	catalog.ReasonDiscountOfNothing: fPrices, catalog.ReasonDiscountPriceUnknown: fPrices, catalog.ReasonDiscountProductUnknown: fPrices,
	catalog.ReasonRewardWithoutProduct: fFree, catalog.ReasonRewardProductNotFound: fFree, catalog.ReasonRewardProductNoAddOn: fFree, catalog.ReasonRewardWithoutPeriods: fFree,
	catalog.ReasonRewardLimit: fMax, catalog.ReasonRewardEnded: fMax, catalog.ReasonRewardPerCustomer: fMax,
	reward.ReasonCodeForm: fCode, reward.ReasonDuplicateCode: fCode,
}

// readReward is the reward that a form asks for. What was typed into a field that does not apply is refused: it would
// have no effect.
func readReward(r *web.Request, c *catalog.Catalog) (cmd catalog.EditReward, err error) {
	kind := catalog.RewardType(r.Value(fType))
	cmd.Type = &kind
	if cmd.Max, err = most(r); err != nil {
		return cmd, err
	}
	if kind == catalog.FreeProduct {
		return cmd, readFreeProduct(r, c, &cmd)
	}
	if r.Value(fFree) != "" {
		return cmd, web.On(fFree, web.Invalid("A discount gives no product: choose the type Free product."))
	}
	cmd.Discount, err = readDiscount(r)
	return cmd, err
}

func readFreeProduct(r *web.Request, c *catalog.Catalog, cmd *catalog.EditReward) error {
	product := r.Value(fFree)
	cmd.FreeProduct = &product
	switch {
	case product == "" && len(addOns(c, catalog.Reward{})) == 0:
		return web.On(fFree, web.Invalid(noAddOn))
	case product == "":
		return web.On(fFree, web.Invalid("Choose the product that is given."))
	case r.Value(fValue) != "":
		return web.On(fValue, web.Invalid("A free product has no discount value: leave it blank, or choose another type."))
	case r.Value(fMonths) != "":
		return web.On(fMonths, web.Invalid("A free product is given for good: leave the number of months blank."))
	case r.Checked(fRollover):
		return web.On(fRollover, web.Invalid("Only a fixed discount that is one off rolls over."))
	case len(r.Form[fPrices]) > 0:
		return web.On(fPrices, web.Invalid("A free product lowers no price: choose none, or another type."))
	}
	return nil
}

func readDiscount(r *web.Request) (*catalog.WantedDiscount, error) {
	d := catalog.WantedDiscount{Duration: r.Value(fDuration), Rollover: r.Checked(fRollover)}
	typed := strings.TrimSpace(strings.TrimSuffix(r.Value(fValue), "%"))
	if typed == "" {
		return nil, web.On(fValue, web.Invalid("Enter how much is taken off, such as 20."))
	}
	var err error
	if d.Value, err = money.ParseDecimal(typed); err != nil {
		return nil, web.On(fValue, web.Invalid("“%s” is no number: write one such as 20 or 9.99.", typed))
	}
	months, err := whole(r, fMonths)
	switch {
	case err != nil:
		return nil, err
	case d.Duration == catalog.MonthsDiscount && months == nil:
		return nil, web.On(fMonths, web.Invalid("Enter for how many months."))
	case d.Duration != catalog.MonthsDiscount && months != nil:
		return nil, web.On(fMonths, web.Invalid("A number of months is for the duration Months alone: leave it blank."))
	case months != nil:
		d.Months = *months
	}
	everything := r.Value(fApplies) != some
	d.ApplyToAll = &everything
	for _, v := range r.Form[fPrices] {
		if id, product := strings.CutPrefix(v, wholeProduct); product {
			d.ProductIDs = append(d.ProductIDs, id)
		} else {
			d.PriceIDs = append(d.PriceIDs, v)
		}
	}
	switch chosen := len(d.ProductIDs) + len(d.PriceIDs); {
	case everything && chosen > 0:
		return nil, web.On(fPrices, web.Invalid("Some prices are chosen, but the reward applies to all products: choose Selected products and prices, or no price."))
	case !everything && chosen == 0:
		return nil, web.On(fPrices, web.Invalid("Choose at least one price: a reward for none can never take anything off."))
	}
	return &d, nil
}

// readNew completes the command for a new reward, and reads its first code.
func readNew(r *web.Request, c *catalog.Catalog, cmd *catalog.EditReward) (*[]admin.WantedCode, error) {
	name := r.Value(fName)
	if name == "" {
		return nil, web.On(fName, web.Invalid("Enter a name."))
	}
	cmd.Name, cmd.ID = &name, r.Value(fID)
	if cmd.ID == "" {
		cmd.ID = catalog.IDFrom(name, "reward", func(id string) bool { _, taken := c.Rewards[id]; return taken })
	}
	code := r.Value(fCode)
	if code == "" && r.Checked(fFirst) {
		return nil, web.On(fFirst, web.Invalid("First-time customers only is a rule of the promo code: enter one, or leave this off."))
	}
	if code == "" {
		return nil, nil
	}
	return &[]admin.WantedCode{{NewCode: reward.NewCode{Code: code, FirstTimeOnly: r.Checked(fFirst)}}}, nil
}

// whole is a number of at least 1 that was typed into a field; nil for a blank one.
func whole(r *web.Request, field string) (*int, error) {
	typed := r.Value(field)
	if typed == "" {
		return nil, nil
	}
	n, err := strconv.Atoi(typed)
	if err != nil || n < 1 || n > math.MaxInt32 {
		return nil, web.On(field, web.Invalid("“%s” is no whole number of at least 1.", typed))
	}
	return &n, nil
}

// most is how often all may use something; 0 for a blank field, which is no limit.
func most(r *web.Request) (*int, error) {
	n, err := whole(r, fMax)
	if n == nil {
		n = new(int)
	}
	return n, err
}
