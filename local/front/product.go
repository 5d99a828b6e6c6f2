package front

import (
	"encoding/json"
	"fmt"
	"strings"
)

// product is what the page shows of a product, as the API answers it.
type product struct {
	ID, Name string
	Items    []item
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
		out = append(out, i.text())
	}
	return strings.Join(out, ", ")
}

func (i item) text() string {
	if i.Feature == "" {
		return string(i.Price) + i.every(" once")
	}
	text := i.Feature
	switch n := i.Included.(type) {
	case float64:
		if n != 0 {
			text = fmt.Sprintf("%v %s", n, text)
		}
	case string:
		text = "unlimited " + text
	}
	switch {
	case len(i.Tiers) > 0:
		text += " in tiers"
	case i.Price != "" && i.Units != "" && i.Units != "1":
		text += fmt.Sprintf(" at %s per %s", i.Price, i.Units)
	case i.Price != "":
		text += fmt.Sprintf(" at %s each", i.Price)
	}
	return text + i.every("")
}

func (i item) every(never string) string {
	switch {
	case i.Interval == "":
		return never
	case i.Count > 1:
		return fmt.Sprintf(" every %d %ss", i.Count, i.Interval)
	}
	return " each " + i.Interval
}
