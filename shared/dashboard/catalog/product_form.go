package catalog

import (
	"fmt"
	"slices"
	"strconv"

	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
)

// The names of fields of a product's form. Those of an item are followed by its number.
const (
	fGroup, fAddOn, fDefault, fPrice, fEvery         = "group", "add_on", "default", "price", "every"
	fTrialDays, fTrialCard, fTrialOnce               = "trial_days", "trial_card", "trial_once"
	fRows, fVersion                                  = "rows", "version"
	iFeature, iKind, iIncluded, iEvery, iPrice, iPer = "feature_", "kind_", "included_", "every_", "price_", "per_"
	iReset, iRow                                     = "reset_", "item_"
	kindIncluded, kindPrepaid, kindUse               = "included", "prepaid", "pay_per_use"
	unlimited                                        = "unlimited"
	once                                             = "once"
)

// mostRows is how many items a form has at most.
const mostRows = catalog.MaxItems

// billings are the intervals in which a product is billed; resets are those at which an allowance comes back.
var (
	billings = []ui.Option{{Value: "week", Text: "Week"}, {Value: "month", Text: "Month"}, {Value: "quarter", Text: "Quarter"}, {Value: "semi_annual", Text: "Half year"}, {Value: "year", Text: "Year"}, {Value: once, Text: "Once"}}
	resets   = []ui.Option{{Value: once, Text: "Never"}, {Value: "hour", Text: "Hour"}, {Value: "day", Text: "Day"}, {Value: "week", Text: "Week"}, {Value: "month", Text: "Month"}, {Value: "quarter", Text: "Quarter"}, {Value: "semi_annual", Text: "Half year"}, {Value: "year", Text: "Year"}}
)

// interval is that of a choice.
func interval(value string) money.Cycle {
	if value == once || value == "" {
		return money.Cycle{}
	}
	return money.Cycle{Interval: money.Interval(value), Count: 1}
}

func chosenInterval(c money.Cycle) string {
	if !c.Repeats() {
		return once
	}
	return string(c.Interval)
}

// productFields are the fields of a product as it is; the zero Product with a monthly price is a new one.
func productFields(c *catalog.Catalog, p catalog.Product, rows []ui.Field) []ui.Field {
	price, every := "", "month"
	if base := p.Base(); base != nil {
		price, every = base.Price.String(), chosenInterval(base.Cycle)
	}
	days, card, unique := "", "", ""
	if t := p.Trial; t != nil {
		card, unique = shown(t.CardRequired, "on"), shown(t.UniqueFingerprint, "on")
		if days = strconv.Itoa(t.Length); t.Duration != money.Day {
			days = ui.Count(t.Length, string(t.Duration))
		}
	}
	return slices.Concat([]ui.Field{
		{Name: fGroup, Label: "Group", Value: p.Group, Hint: "A customer has one product of a group: another one replaces it."},
		{Kind: ui.Checkbox, Name: fAddOn, Label: "Add-on", Value: shown(p.AddOn, "on"), Hint: "Held beside other products."},
		{Kind: ui.Checkbox, Name: fDefault, Label: "Default product", Value: shown(p.Default, "on"), Hint: "Every new customer gets it."},
		{Kind: ui.Decimal, Name: fPrice, Label: "Base price", Value: price, Hint: "In " + currencyName(c, catalog.Reward{}) + ". Blank: none."},
		{Kind: ui.Select, Name: fEvery, Label: "Billed every", Value: every, Options: billings},
		{Kind: ui.Decimal, Name: fTrialDays, Label: "Free trial days", Value: days, Hint: "Blank: no trial."},
		{Kind: ui.Checkbox, Name: fTrialCard, Label: "Card required", Value: card, Hint: "Before the trial begins."},
		{Kind: ui.Checkbox, Name: fTrialOnce, Label: "One trial per fingerprint", Value: unique, Hint: "Not another one for a second account on the same device."},
	}, rows)
}

// itemRow is the fields of one item of the form.
func itemRow(c *catalog.Catalog, n int, i catalog.Item) ui.Field {
	features := []ui.Option{{Text: "None"}}
	for _, f := range c.ListFeatures() {
		if !f.Archived || f.ID == i.FeatureID {
			features = append(features, ui.Option{Value: f.ID, Text: f.Name})
		}
	}
	kind, included, every := kindIncluded, shown(i.Included.IsPositive(), i.Included.String()), "month"
	switch {
	case i.UsageModel == catalog.Prepaid:
		kind = kindPrepaid
	case i.HasPrice():
		kind = kindUse
	}
	if i.Unlimited {
		included = unlimited
	}
	if i.FeatureID != "" {
		every = chosenInterval(i.Cycle)
	}
	price, per := "", shown(i.HasPrice(), i.Pack().String())
	if i.Price != nil {
		price = i.Price.String()
	}
	name := func(prefix string) string { return prefix + strconv.Itoa(n) }
	paid := name(iKind) + "=" + kindPrepaid + "|" + kindUse
	return ui.Field{Kind: ui.Group, Name: name(iRow), Label: fmt.Sprintf("Item %d", n+1), Fields: []ui.Field{
		{Kind: ui.Select, Name: name(iFeature), Label: "Feature", Value: i.FeatureID, Options: told(features)},
		{Kind: ui.Select, Name: name(iKind), Label: "Kind", Value: kind, Options: []ui.Option{{Value: kindIncluded, Text: "Included"}, {Value: kindPrepaid, Text: "Prepaid"}, {Value: kindUse, Text: "Pay per use"}}},
		{Kind: ui.Decimal, Name: name(iIncluded), Label: "Included", Value: included, Hint: "Units that cost nothing more, or “unlimited”. Blank for a feature that is yes or no."},
		{Kind: ui.Select, Name: name(iEvery), Label: "Resets every", Value: every, Options: resets},
		{Kind: ui.Decimal, Name: name(iPrice), Label: "Price", Value: price, When: paid, Hint: "For each pack of units below."},
		{Kind: ui.Decimal, Name: name(iPer), Label: "Per units", Value: per, When: paid, Hint: "Blank: 1."},
		{Kind: ui.Checkbox, Name: name(iReset), Label: "Reset usage when enabled", Value: shown(i.ResetUsage, "on"), Hint: "After a change to this product usage begins at 0."},
	}}
}

// rows are the items of a form as it was sent, and one more for who asked for it; first without a form. sent says how
// many they are.
func rows(r *web.Request, c *catalog.Catalog, first []catalog.Item) (fields []ui.Field, sent ui.Field) {
	n := len(first)
	if r.Form.Has(fRows) {
		n = rowsSent(r)
	}
	if r.Form.Get("again") != "" {
		n = min(n+1, mostRows)
	}
	for i := range n {
		item := catalog.Item{}
		if i < len(first) {
			item = first[i]
		}
		fields = append(fields, itemRow(c, i, item))
	}
	return fields, ui.Field{Name: fRows, Value: strconv.Itoa(n)}
}

// rowsSent is how many items a form was sent with.
func rowsSent(r *web.Request) int {
	n, err := strconv.Atoi(r.Form.Get(fRows))
	if err != nil || n < 0 {
		return 0
	}
	return min(n, mostRows)
}
