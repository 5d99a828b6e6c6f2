package catalog

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// productProblems are the fields that refusals of a product are about.
var productProblems = map[refusal.Reason]string{
	catalog.ReasonProductText: fID, catalog.ReasonDuplicateProduct: fID, catalog.ReasonDefaultAddOn: fDefault, catalog.ReasonDefaultNotFree: fDefault, catalog.ReasonDefaultTwice: fDefault,
	catalog.ReasonTrialLength: fTrialDays, catalog.ReasonTrialOfAOneOff: fTrialDays, catalog.ReasonPlainPriceNotPositive: fPrice, catalog.ReasonGivenProductStaysAddOn: fAddOn,
	catalog.ReasonTwoIntervals: fEvery, catalog.ReasonPricesTooLarge: fPrice,
}

// itemProblems are the fields of an item that refusals are about; any other one is about its feature.
var itemProblems = map[refusal.Reason]string{
	catalog.ReasonIncludedNegative: iIncluded, catalog.ReasonUsageLimitBelowIncluded: iIncluded,
	catalog.ReasonFeaturePriceNotPositive: iPrice, catalog.ReasonAmountTooLarge: iPrice, catalog.ReasonAmountTooFine: iPrice, catalog.ReasonPricesUneven: iPrice,
	catalog.ReasonIntervalUnknown: iEvery, catalog.ReasonIntervalOfAPrice: iEvery, catalog.ReasonIntervalDoesNotDivide: iEvery, catalog.ReasonPayPerUseWithoutInterval: iEvery,
	catalog.ReasonSeatsWaitForThePeriod: iEvery, catalog.ReasonSeatsWithinNotCredited: iEvery,
}

// ofProduct ties a refusal of a product to the field of its form where it was typed. An item that the form does not show is
// named instead.
func ofProduct(err error) error {
	var no *refusal.Error
	if !errors.As(err, &no) || productProblems[no.Reason] != "" {
		return about(err, productProblems)
	}
	n, row := strings.CutPrefix(no.At, iRow)
	switch {
	case row:
		return web.On(cmp.Or(itemProblems[no.Reason], iFeature)+n, err)
	case no.At == fPrice && itemProblems[no.Reason] == iEvery:
		return web.On(fEvery, err)
	case no.At == fPrice:
		return web.On(fPrice, err)
	}
	return err
}

// readProduct is what a form asks for, of a product as it is; the zero Product is a new one.
func readProduct(r *web.Request, c *catalog.Catalog, old catalog.Product) (cmd catalog.EditProduct, err error) {
	name, group, addOn, usual := r.Value(fName), r.Value(fGroup), r.Checked(fAddOn), r.Checked(fDefault)
	if name == "" {
		return cmd, web.On(fName, web.Invalid("Enter a name."))
	}
	cmd.Name, cmd.Group, cmd.AddOn, cmd.Default = &name, &group, &addOn, &usual
	if err = readTrial(r, old.Trial, &cmd); err != nil {
		return cmd, err
	}
	base, err := readBase(r, old)
	if err != nil {
		return cmd, err
	}
	items := []catalog.WantedItem{}
	for n := range rowsSent(r) {
		item, err := readItem(r, c, n)
		if err != nil {
			return cmd, err
		}
		if item != nil {
			item.At = iRow + strconv.Itoa(n)
			items = append(items, *item)
		}
	}
	for _, i := range old.Items { // what the form cannot show
		if i.Kind() != catalog.PlainPrice && !simple(old, i) {
			items = append(items, catalog.WantedItem{Item: i, At: priceName(c, old, i)})
		}
	}
	cmd.Parts = &catalog.Parts{Base: &base, Features: &items} // further plain prices stay
	return cmd, nil
}

// simple reports whether the form shows an item of a product.
func simple(p catalog.Product, i catalog.Item) bool {
	if i.Kind() == catalog.PlainPrice {
		return p.Base().ID == i.ID
	}
	return len(i.Tiers) == 0 && len(i.Prices) == 0
}

// readBase is the price of the product.
func readBase(r *web.Request, old catalog.Product) ([]catalog.WantedItem, error) {
	typed, base := r.Value(fPrice), old.Base()
	cycle := interval(r.Value(fEvery))
	if base != nil && len(base.Prices) > 0 {
		if typed != base.Price.String() || cycle.Interval != base.Cycle.Interval {
			return nil, web.On(fPrice, web.Invalid("This price is in several currencies: it can be changed by the API alone."))
		}
		return []catalog.WantedItem{{Item: *base, At: fPrice}}, nil
	}
	if typed == "" {
		return []catalog.WantedItem{}, nil
	}
	price, err := money.ParseDecimal(typed)
	if err != nil {
		return nil, web.On(fPrice, web.Invalid("“%s” is no amount: write one such as 20 or 9.99.", typed))
	}
	if base != nil && cycle.Interval == base.Cycle.Interval {
		cycle = base.Cycle // as often
	}
	w := catalog.WantedItem{Item: catalog.Item{Price: &price, Cycle: cycle, BillingUnits: money.One}, Left: catalog.Left{TaxBehavior: true}, At: fPrice}
	return []catalog.WantedItem{w}, nil
}

func readTrial(r *web.Request, old *catalog.FreeTrial, cmd *catalog.EditProduct) error {
	cmd.SetTrial = true
	t := catalog.FreeTrial{Duration: money.Day, CardRequired: r.Checked(fTrialCard), UniqueFingerprint: r.Checked(fTrialOnce)}
	typed := r.Value(fTrialDays)
	switch {
	case typed == "" && (t.CardRequired || t.UniqueFingerprint):
		return web.On(fTrialDays, web.Invalid("Enter how many days the trial has, or leave what is about it off."))
	case typed == "":
		return nil
	case old != nil && old.Duration != money.Day && typed == ui.Count(old.Length, string(old.Duration)):
		t.Length, t.Duration = old.Length, old.Duration
		cmd.Trial = &t
		return nil
	}
	days, err := whole(r, fTrialDays)
	if err != nil {
		return err
	}
	t.Length, cmd.Trial = *days, &t
	return nil
}

// readItem is one item of the form; nil for a row that was left empty.
func readItem(r *web.Request, c *catalog.Catalog, n int) (*catalog.WantedItem, error) {
	field := func(prefix string) string { return prefix + strconv.Itoa(n) }
	value := func(prefix string) string { return r.Value(field(prefix)) }
	id := value(iFeature)
	if id == "" {
		if value(iIncluded) != "" || value(iPrice) != "" {
			return nil, web.On(field(iFeature), web.Invalid("Choose the feature of this item, or leave all of it blank."))
		}
		return nil, nil
	}
	w := catalog.WantedItem{Item: catalog.Item{FeatureID: id, Cycle: interval(value(iEvery)), BillingUnits: money.One, ResetUsage: r.Checked(field(iReset))},
		Left: catalog.Left{TaxBehavior: true, UsageLimit: true, Proration: true, Entity: true, Count: true}}
	var err error
	if w.Included, w.Unlimited, err = readIncluded(value(iIncluded)); err != nil {
		return nil, web.On(field(iIncluded), err)
	}
	kind, price, per := value(iKind), value(iPrice), value(iPer)
	switch {
	case c.Features[id].Type == catalog.Boolean:
		w.Cycle, w.ResetUsage = money.Cycle{}, false // a switch has none
	case kind == kindIncluded && w.Included.IsZero() && !w.Unlimited:
		return nil, web.On(field(iIncluded), web.Invalid("Enter how many units are included, or “unlimited”."))
	}
	switch {
	case kind == kindIncluded && (price != "" || per != "" && per != "1"):
		return nil, web.On(field(iKind), web.Invalid("What is included has no price: choose Prepaid or Pay per use, or leave the price blank."))
	case kind == kindIncluded:
		return &w, nil
	case price == "":
		return nil, web.On(field(iPrice), web.Invalid("Enter the price of the units."))
	}
	amount, err := money.ParseDecimal(price)
	if err != nil {
		return nil, web.On(field(iPrice), web.Invalid("“%s” is no amount: write one such as 20 or 9.99.", price))
	}
	w.Price, w.UsageModel = &amount, catalog.UsageModel(kind)
	if pack, err := whole(r, field(iPer)); err != nil {
		return nil, err
	} else if pack != nil {
		w.BillingUnits = money.Int(int64(*pack))
	}
	return &w, nil
}

func readIncluded(typed string) (units money.Decimal, endless bool, err error) {
	if typed == "" || typed == unlimited {
		return money.Zero, typed == unlimited, nil
	}
	if units, err = money.ParseDecimal(typed); err != nil {
		return units, false, web.Invalid("“%s” is no number of units: write one such as 1000, or “unlimited”.", typed)
	}
	return units, false, nil
}

// kept are the items that the form shows, and the names of those that it cannot.
func kept(c *catalog.Catalog, p catalog.Product) (shown []catalog.Item, others []string) {
	for _, i := range p.Items {
		switch {
		case !simple(p, i):
			others = append(others, priceName(c, p, i))
		case i.Kind() != catalog.PlainPrice:
			shown = append(shown, i)
		}
	}
	slices.Sort(others)
	return shown, others
}
