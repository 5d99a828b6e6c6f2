package v1

import (
	"context"
	"fmt"
	"strings"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A tableProduct is a product in a pricing table, with the words to show: those of
// autumn-py and of autumn-js 0.0.65, and in display those of the React components.
type tableProduct struct {
	productJSON
	Button string      `json:"buttonText"`
	Price  tableText   `json:"price"`
	Items  []tableItem `json:"items"`
}

type tableItem struct {
	itemJSON
	tableText
	Display displayedItem `json:"display"`
}

type tableText struct {
	Primary   string     `json:"primaryText"`
	Secondary api.OrNull `json:"secondaryText"`
}

type displayedItem struct {
	Primary   string     `json:"primary_text"`
	Secondary api.OrNull `json:"secondary_text"`
}

// buttons say what attaching a product would do.
var buttons = map[billing.Scenario]string{"scheduled": "Plan scheduled", "active": "Current plan", "renew": "Renew", "upgrade": "Upgrade", "downgrade": "Downgrade", "cancel": "Cancel plan"}

// pricingTable serves GET /v1/components/pricing_table: the products of
// GET /v1/products, with words.
func pricingTable(a *app.App) func(context.Context, api.Request) (any, error) {
	return offered(a, func(cat *catalog.Catalog, p catalog.Product, shown productJSON) tableProduct {
		out := tableProduct{productJSON: shown, Button: buttons[billing.Scenario(shown.Scenario)], Price: tableText{Primary: "Free"}, Items: []tableItem{}}
		switch {
		case out.Button == "" && p.OneOff() && !p.Free():
			out.Button = "Purchase"
		case out.Button == "":
			out.Button = "Get started"
		}
		for n, item := range p.Items {
			text := itemText(item, cat.Features[item.FeatureID], cat.Currency())
			if item.HasPrice() && out.Price.Primary == "Free" {
				out.Price = text
			}
			out.Items = append(out.Items, tableItem{shown.Items[n], text, displayedItem(text)})
		}
		return out
	})
}

// itemText describes an item: "$20" "per month", "500 messages" "then $1 per message".
func itemText(i catalog.Item, f catalog.Feature, c money.Currency) tableText {
	var every string
	if cycle := i.Cycle.Plain(); cycle.Repeats() {
		every = "per " + counted(cycle.Count, strings.ReplaceAll(string(cycle.Interval), "semi_annual", "half year"))
	}
	included, units := unitsOf(f, i.Included), ""
	if i.Unlimited {
		included = "Unlimited " + many(f)
	}
	if i.HasPrice() && i.FeatureID != "" {
		units = " per " + unitsOf(f, i.Pack())
		if i.Pack().Equal(money.One) {
			units = " per " + one(f)
		}
	}
	switch {
	case i.FeatureID == "":
		return tableText{priceText(i, c), api.OrNull(every)}
	case f.Type == catalog.Boolean:
		return tableText{Primary: f.Name}
	case !i.HasPrice():
		return tableText{included, api.OrNull(every)}
	case i.Included.IsZero():
		return tableText{priceText(i, c) + units, api.OrNull(every)}
	default:
		return tableText{included, api.OrNull("then " + priceText(i, c) + units)}
	}
}

// priceText is a price, or those of the first and the last tier.
func priceText(i catalog.Item, c money.Currency) string {
	text := func(d money.Decimal) string { return inCurrency(d.String(), c) }
	if n := len(i.Tiers); n > 0 {
		if first, last := i.Tiers[0].Amount, i.Tiers[n-1].Amount; !first.Equal(last) {
			return text(first) + " to " + text(last)
		}
		return text(i.Tiers[0].Amount)
	}
	if i.Price == nil {
		return text(money.Decimal{})
	}
	return text(*i.Price)
}

func counted(n int, unit string) string {
	if n == 1 {
		return unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

func unitsOf(f catalog.Feature, n money.Decimal) string {
	if n.Equal(money.One) {
		return "1 " + one(f)
	}
	return n.String() + " " + many(f)
}

func one(f catalog.Feature) string {
	if f.Singular != "" {
		return f.Singular
	}
	return f.Name
}

func many(f catalog.Feature) string {
	if f.Plural != "" {
		return f.Plural
	}
	return f.Name
}
