package catalog

import (
	"slices"
	"strconv"
	"strings"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
)

// The names of fields of a reward's form.
const (
	fName, fID, fType, fValue, fDuration, fMonths = "name", "id", "type", "value", "duration", "months"
	fRollover, fApplies, fPrices, fFree           = "rollover", "applies", "prices", "free_product"
	fCode, fMax, fFirst                           = "promo_code", "max_redemptions", "first_time"
)

const (
	all  = "all" // of fApplies
	some = "selected"
)

const noAddOn = "Create an add-on product first."

// rewardFields are the fields of a reward that may change later, with what it is now; the zero Reward is a new one.
func rewardFields(c *catalog.Catalog, r catalog.Reward) []ui.Field {
	const discount, rolls = fType + "=fixed_discount|percentage_discount|invoice_credits", fType + "=fixed_discount " + fDuration + "=one_off"
	d := catalog.Discount{Duration: catalog.OneOffDiscount, ApplyToAll: true}
	if r.Discount != nil {
		d = *r.Discount
	}
	applies := all
	if !d.ApplyToAll {
		applies = some
	}
	free := ui.Field{Kind: ui.Select, Name: fFree, Label: "Free product", Value: r.FreeProduct, Options: addOns(c, r), When: fType + "=free_product"}
	if len(free.Options) == 0 {
		free.Hint = noAddOn
	}
	free.Options = slices.Insert(free.Options, 0, ui.Option{Text: "None"})
	fields := []ui.Field{
		{Kind: ui.Select, Name: fType, Label: "Type", Value: string(r.Type), Options: rewardTypes(r)},
		{Kind: ui.Decimal, Name: fValue, Label: "Discount value", Value: shown(d.Value.IsPositive(), d.Value.String()), When: discount,
			Hint: "In percent, or an amount in " + currencyName(c, r) + "."},
		{Kind: ui.Select, Name: fDuration, Label: "Duration", Value: d.Duration, When: discount,
			Options: []ui.Option{{Value: catalog.OneOffDiscount, Text: "One off"}, {Value: catalog.MonthsDiscount, Text: "Months"}, {Value: catalog.ForeverDiscount, Text: "Forever"}}},
		{Kind: ui.Decimal, Name: fMonths, Label: "Number of months", Value: shown(d.Months > 0, strconv.Itoa(d.Months)), When: discount + " " + fDuration + "=months"},
		{Kind: ui.Checkbox, Name: fRollover, Label: "Rollover credits to the next invoice", When: rolls,
			Hint: "What one invoice does not use pays the next ones, until it is used up."},
		{Kind: ui.Radios, Name: fApplies, Label: "Applies to", Value: applies, When: discount,
			Options: []ui.Option{{Value: all, Text: "All products"}, {Value: some, Text: "Selected products and prices"}}},
		{Kind: ui.Checkboxes, Name: fPrices, Label: "Products and prices", Values: slices.Concat(prefixed(wholeProduct, d.ProductIDs), d.PriceIDs),
			Options: priceOptions(c, d), When: discount + " " + fApplies + "=" + some},
		free,
		{Kind: ui.Decimal, Name: fMax, Label: "Maximum redemptions", Value: shown(r.Max > 0, strconv.Itoa(r.Max)), Hint: "Of all codes and customers together. Blank is no limit."},
	}
	if r.Type == catalog.InvoiceCredits && d.Duration == catalog.OneOffDiscount { // the other spelling, which the form has
		fields[0].Value, fields[4].Value = string(catalog.FixedDiscount), "on"
	}
	return slices.DeleteFunc(fields, func(f ui.Field) bool { return f.Name == fPrices && len(f.Options) == 0 })
}

// newRewardFields are those of a new reward.
func newRewardFields(c *catalog.Catalog) []ui.Field {
	fields := slices.Concat([]ui.Field{
		{Name: fName, Label: "Name", Hint: "Customers see it on invoices."},
		{Name: fID, Label: "ID", Hint: "Blank: it is made from the name."},
	}, rewardFields(c, catalog.Reward{Type: catalog.FixedDiscount}))
	most := len(fields) - 1
	return slices.Concat(fields[:most], []ui.Field{{Name: fCode, Label: "Promo code", Hint: "What customers type. Blank: no code yet."}}, fields[most:],
		[]ui.Field{{Kind: ui.Checkbox, Name: fFirst, Label: "First-time customers only", Hint: "The promo code is for those who never paid."}})
}

func currencyName(c *catalog.Catalog, r catalog.Reward) string {
	return strings.ToUpper(string(c.CurrencyOf(r)))
}

// rewardTypes are the types that the form offers, and that of a reward which has another.
func rewardTypes(r catalog.Reward) []ui.Option {
	offered := []catalog.RewardType{catalog.FixedDiscount, catalog.PercentageDiscount, catalog.FreeProduct}
	if r.Type == catalog.InvoiceCredits && r.Discount != nil && r.Discount.Duration != catalog.OneOffDiscount {
		offered = append(offered, r.Type)
	}
	var out []ui.Option
	for _, t := range offered {
		out = append(out, ui.Option{Value: string(t), Text: typeNames[t]})
	}
	return out
}

// addOns are the products that a reward may give for good, and the one that it gives.
func addOns(c *catalog.Catalog, r catalog.Reward) (out []ui.Option) {
	for _, p := range c.ListProducts(false) {
		if p.AddOn || p.ID == r.FreeProduct {
			out = append(out, ui.Option{Value: p.ID, Text: p.Name})
		}
	}
	return told(out)
}

// wholeProduct begins the value of a choice that is all prices of a product.
const wholeProduct = "product:"

// priceOptions are the prices that products have now, all prices of a product together where it has several, and what
// a discount covers already.
func priceOptions(c *catalog.Catalog, d catalog.Discount) (out []ui.Option) {
	seen := map[string]bool{}
	add := func(o ui.Option) {
		if !seen[o.Value] {
			seen[o.Value], out = true, append(out, o)
		}
	}
	for _, p := range c.ListProducts(false) {
		var priced []catalog.Item
		for _, i := range p.Items {
			if i.Priced() {
				priced = append(priced, i)
			}
		}
		for _, i := range priced {
			add(ui.Option{Value: i.ID, Text: priceName(c, p, i)})
		}
		if len(priced) > 0 && (len(priced) > 1 || slices.Contains(d.ProductIDs, p.ID)) {
			add(ui.Option{Value: wholeProduct + p.ID, Text: p.Name + ": all prices", Hint: "Those of later versions, too."})
		}
	}
	for _, id := range d.ProductIDs {
		add(ui.Option{Value: wholeProduct + id, Text: nameOf(c, id) + ": all prices"})
	}
	for _, id := range d.PriceIDs {
		if p, i, sold := c.ItemOf(id); sold {
			add(ui.Option{Value: id, Text: priceName(c, p, i)})
		}
	}
	return told(out)
}

// told adds its value to each choice whose text another one has, too.
func told(options []ui.Option) []ui.Option {
	count := map[string]int{}
	for _, o := range options {
		count[o.Text]++
	}
	for i, o := range options {
		if count[o.Text] > 1 {
			options[i].Text += " (" + o.Value + ")"
		}
	}
	return options
}

func prefixed(prefix string, all []string) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = prefix + s
	}
	return out
}

// shown is a text, or "" where there is nothing to show.
func shown(is bool, text string) string {
	if is {
		return text
	}
	return ""
}
