package walk

import (
	"encoding/json"
	"slices"

	"github.com/shopspring/decimal"

	"windfall/shared/money"
	"windfall/tests/world"
)

// An offer is a product of the shop, in terms from which the checks compute on
// their own.
type offer struct {
	id, group string
	fee       int64  // cents, each interval
	interval  string // month or year; "" is paid once
	addOn     bool
	gives     []gift
	trial     world.JSON
}

// A gift is the amount of a feature that a product grants.
type gift struct {
	feature  string
	included int64
	pack     int64 // units of a pack bought in advance, or 0
	perUse   bool
	cents    int64 // of a pack, or of one unit of overage
	lifetime bool
	keeps    bool // a switch keeps the usage
}

// shop has every kind of product in two groups, and prices that do not divide
// evenly. Group main has a default, group side has none.
var shop = []offer{
	{id: "free", group: "main", gives: []gift{{feature: "messages", included: 100}}},
	{id: "hobby", group: "main", gives: []gift{{feature: "messages", included: 150, keeps: true}}},
	{id: "pro", group: "main", fee: 1999, interval: "month", gives: []gift{{feature: "messages", included: 500}}},
	{id: "premium", group: "main", fee: 4995, interval: "month", gives: []gift{{feature: "messages", included: 1000, keeps: true}, {feature: "seats", included: 5, lifetime: true, keeps: true}}},
	{id: "pro_year", group: "main", fee: 19990, interval: "year", gives: []gift{{feature: "messages", included: 500}}},
	{id: "pro_use", group: "main", fee: 2000, interval: "month", gives: []gift{{feature: "messages", included: 100, perUse: true, cents: 10}}},
	{id: "premium_use", group: "main", fee: 5000, interval: "month", gives: []gift{{feature: "messages", included: 500, perUse: true, cents: 7}}},
	{id: "year_use", group: "main", fee: 20990, interval: "year", gives: []gift{{feature: "messages", included: 300, perUse: true, cents: 3}}},
	{id: "packs", group: "main", fee: 1501, interval: "month", gives: []gift{{feature: "messages", pack: 100, cents: 1000}}},
	{id: "big_packs", group: "main", fee: 4003, interval: "month", gives: []gift{{feature: "messages", included: 50, pack: 100, cents: 900}}},
	{id: "pro_trial", group: "main", fee: 2100, interval: "month", gives: []gift{{feature: "messages", included: 500}}, trial: trial(7, true, true)},
	{id: "premium_trial", group: "main", fee: 5100, interval: "month", gives: []gift{{feature: "messages", included: 800, perUse: true, cents: 3}}, trial: trial(14, true, false)},
	{id: "easy_trial", group: "main", fee: 1900, interval: "month", gives: []gift{{feature: "messages", included: 400}}, trial: trial(7, false, false)},
	{id: "side_small", group: "side", fee: 1010, interval: "month", gives: []gift{{feature: "words", included: 10}}},
	{id: "side_big", group: "side", fee: 3333, interval: "month", gives: []gift{{feature: "words", included: 90}}},
	{id: "side_year", group: "side", fee: 30000, interval: "year", gives: []gift{{feature: "words", included: 70}}},
	{id: "side_quarter", group: "side", fee: 9001, interval: "quarter", gives: []gift{{feature: "words", included: 20, perUse: true, cents: 5}}},
	{id: "side_use", group: "side", interval: "month", gives: []gift{{feature: "words", perUse: true, cents: 2}}},
	{id: "more_words", addOn: true, fee: 777, interval: "month", gives: []gift{{feature: "words", included: 200}}},
	{id: "booster", addOn: true, gives: []gift{{feature: "messages", included: 25}}},
	{id: "topup", addOn: true, gives: []gift{{feature: "words", pack: 250, cents: 899, lifetime: true}}},
	{id: "setup", addOn: true, fee: 1234, gives: []gift{{feature: "words", included: 1, lifetime: true}}},
}

func trial(days int, card, unique bool) world.JSON {
	return world.JSON{"length": days, "duration": "day", "unique_fingerprint": unique, "card_required": card}
}

// homemade are the products that are sold in the environment's currency alone.
var homemade = []string{"premium_trial", "side_big", "more_words"}

// in is the offer as it is sold in a currency: its prices there are others, in the smallest
// amounts that it charges.
func (o offer) in(currency money.Currency) offer {
	rate := map[money.Currency]int64{"usd": 100, "eur": 93, "jpy": 151, "kwd": 31}[currency]
	price := func(cents int64) int64 {
		if cents == 0 {
			return 0
		}
		return max(1, cents*rate/100)
	}
	o.fee, o.gives = price(o.fee), slices.Clone(o.gives)
	for i := range o.gives {
		o.gives[i].cents = price(o.gives[i].cents)
	}
	return o
}

func offerOf(id string) offer {
	for _, o := range shop {
		if o.id == id {
			return o
		}
	}
	panic("not for sale: " + id)
}

// free reports whether the offer costs nothing, once whether it is paid once.
func (o offer) free() bool { return o.fee == 0 && !o.sells() }

func (o offer) once() bool { return !o.free() && o.interval == "" }

func (o offer) sells() bool {
	for _, g := range o.gives {
		if g.cents > 0 {
			return true
		}
	}
	return false
}

// stock makes the features and the products. Where taxes are computed, those of group
// side contain theirs.
func stock(w *world.World, currency money.Currency, taxed bool) {
	for _, f := range []string{"messages", "words"} {
		w.Feature(f, "single_use")
	}
	w.Feature("seats", "continuous_use")
	for _, o := range shop {
		body := o.body(currency)
		for _, item := range body["items"].([]world.JSON) {
			if item["price"] != nil && taxed && o.group == "side" {
				item["tax_behavior"] = "inclusive"
			}
		}
		w.Post("/v1/products", body)
	}
	stockCredits(w, currency)
	stockCodes(w, currency)
}

func (o offer) body(currency money.Currency) world.JSON {
	every := func(interval string) any {
		if interval == "" {
			return nil
		}
		return interval
	}
	priced := func(item world.JSON, cents func(offer) int64) world.JSON {
		prices := world.JSON{}
		for _, c := range sellIn {
			if price := major(cents(o.in(c)), c); c == currency {
				item["price"] = price
			} else if !slices.Contains(homemade, o.id) {
				prices[string(c)] = price
			}
		}
		if len(prices) > 0 {
			item["prices"] = prices
		}
		return item
	}
	var items []world.JSON
	if o.fee > 0 {
		items = append(items, priced(world.JSON{"interval": every(o.interval)}, func(o offer) int64 { return o.fee }))
	}
	for i, g := range o.gives {
		item := world.JSON{"feature_id": g.feature, "included_usage": g.included, "interval": "month", "reset_usage_when_enabled": !g.keeps}
		if g.lifetime {
			item["interval"] = nil
		}
		if g.pack > 0 {
			priced(item, func(o offer) int64 { return o.gives[i].cents })
			item["billing_units"], item["usage_model"] = g.pack, "prepaid"
		}
		if g.perUse {
			priced(item, func(o offer) int64 { return o.gives[i].cents })
			item["billing_units"], item["usage_model"] = 1, "pay_per_use"
		}
		items = append(items, item)
	}
	return world.JSON{"id": o.id, "name": o.id, "group": o.group, "is_add_on": o.addOn, "is_default": o.id == "free", "items": items, "free_trial": o.trial}
}

// major formats cents in major units, exactly: cents are the smallest amounts that a
// currency charges, also of one without cents.
func major(cents int64, currency money.Currency) any {
	return json.Number(decimal.New(cents, -currency.Decimals()).String())
}
