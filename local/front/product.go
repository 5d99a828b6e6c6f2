package front

import (
	"encoding/json"
	"fmt"
	"strings"

	"windfall/local/stripesim/display"
	"windfall/shared/money"
)

// product is a product as the API answers it, with the fields for the page.
type product struct {
	ID, Name, Currency string
	Items              []item
}

type item struct {
	Feature  string      `json:"feature_id"`
	Included any         `json:"included_usage"` // a number or "inf"
	Interval string      `json:"interval"`
	Count    int         `json:"interval_count"`
	Price    json.Number `json:"price"`
	Units    json.Number `json:"billing_units"`
	Tiers    []struct{}  `json:"tiers"`
}

// Text is the items of a product in a line.
func (p product) Text() string {
	var out []string
	for _, i := range p.Items {
		out = append(out, i.text(p.Currency))
	}
	return strings.Join(out, "; ")
}

func (i item) text(currency string) string {
	if i.Feature == "" {
		return amount(i.Price, currency) + i.every(" per ", " once")
	}
	text, cost := i.Feature, i.cost(currency)
	switch n := i.Included.(type) {
	case float64:
		if n != 0 {
			text = fmt.Sprintf("%v %s", n, text)
			break
		}
		if cost != "" {
			return text + " " + cost + i.every(" per ", "")
		}
	case string:
		text = "unlimited " + text
	}
	if text += i.every(" each ", ""); cost != "" {
		text += ", then " + strings.TrimPrefix(cost, "at ")
	}
	return text
}

// cost is the price of usage; "" if it is free.
func (i item) cost(currency string) string {
	switch {
	case len(i.Tiers) > 0:
		return "in tiers"
	case i.Price == "":
		return ""
	case i.Units != "" && i.Units != "1":
		return fmt.Sprintf("at %s per %s", amount(i.Price, currency), i.Units)
	}
	return "at " + amount(i.Price, currency) + " each"
}

// amount formats a price of the API, in major units, as the hosted pages do.
func amount(price json.Number, in string) string {
	major, err := money.ParseDecimal(string(price))
	if err != nil {
		return string(price)
	}
	return display.Price(major.Shift(money.Currency(in).Exponent()).String(), in)
}

func (i item) every(one, never string) string {
	switch {
	case i.Interval == "":
		return never
	case i.Count > 1:
		return fmt.Sprintf(" every %d %ss", i.Count, i.Interval)
	}
	return one + i.Interval
}
