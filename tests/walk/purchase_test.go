package walk

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"windfall/shared/money"
	"windfall/tests/world"
)

// wish draws a customer and makes the products.
func (p previewer) wish(i int) wish {
	c := wish{id: fmt.Sprint("c", i), currency: payIn[i%len(payIn)], had: p.r.IntN(900), wants: p.r.IntN(900), late: p.r.IntN(2) == 0, byInvoice: p.r.IntN(6) == 0}
	c.then = p.product(fmt.Sprint("then", i), fmt.Sprint("group", i), c.currency)
	switch p.r.IntN(6) {
	case 0: // a first purchase
	case 1:
		c.first = c.then // another quantity, or the same product
	default:
		c.first = p.product(fmt.Sprint("first", i), fmt.Sprint("group", i), c.currency)
	}
	if p.r.IntN(2) == 0 {
		c.used = p.r.IntN(400)
	}
	if p.r.IntN(4) == 0 {
		c.settled = []string{"open", "pay", "void", "mark_uncollectible"}[p.r.IntN(4)]
	}
	if p.r.IntN(2) == 0 {
		c.reward, c.gives = p.reward(fmt.Sprint("reward", i), c), []string{"then", "then", "first"}[p.r.IntN(3)]
	}
	if p.r.IntN(3) == 0 {
		c.day = 1 + p.r.IntN(31)
	}
	switch p.r.IntN(4) {
	case 0:
		c.begins = "now"
	case 1:
		if c.first == nil {
			c.begins = 1 + p.r.IntN(31)
		}
	}
	return c
}

// reward makes a discount of any kind, for everything or for one of the products,
// with a code.
func (p previewer) reward(id string, c wish) world.JSON {
	terms := world.JSON{"duration_type": []string{"one_off", "months", "forever"}[p.r.IntN(3)], "apply_to_all": true}
	if terms["duration_type"] == "months" {
		terms["duration_value"] = 1 + p.r.IntN(3)
	}
	body := world.JSON{"id": id, "name": id, "type": "percentage_discount", "discount_config": terms, "promo_codes": []world.JSON{{"code": id + "_CODE"}}}
	if terms["discount_value"] = json.Number([]string{"10", "33.3", "12.5", "100", "0.01", "66.67"}[p.r.IntN(6)]); p.r.IntN(2) == 0 {
		body["type"], terms["discount_value"] = "fixed_discount", json.Number(decimal.New(1+p.r.Int64N(9000), -2).String())
	}
	if p.r.IntN(4) == 0 {
		body["type"], terms["discount_value"] = "invoice_credits", json.Number(decimal.New(1+p.r.Int64N(9000), -2).String())
		terms["duration_type"] = "one_off"
		delete(terms, "duration_value")
	}
	if of := []world.JSON{c.first, c.then, c.then}[p.r.IntN(3)]; of != nil && p.r.IntN(3) == 0 {
		delete(terms, "apply_to_all")
		terms["product_ids"] = []any{of["id"]}
	}
	if kind := body["type"]; kind != "percentage_discount" && c.currency != "usd" {
		value := decimal.RequireFromString(string(terms["discount_value"].(json.Number)))
		terms["currency"], terms["discount_value"] = c.currency, price(value, c.currency, false)
	}
	p.Post("/v1/rewards", body)
	return body
}

// rewarded names the customer's reward in one of the purchases, by its id or its
// code.
func (c wish) rewarded(body world.JSON, purchase string) {
	switch {
	case c.reward == nil || c.gives != purchase:
	case c.used%2 == 0:
		body["reward"] = c.reward["id"]
	default:
		body["promo_code"] = c.reward["id"].(string) + "_CODE"
	}
}

// product makes a product of random prices, some with fractions of a cent.
func (p previewer) product(id, group string, currency money.Currency) world.JSON {
	amount := func(most int64, places int32) json.Number {
		return json.Number(decimal.New(1+p.r.Int64N(most), -places).String())
	}
	interval := []string{"month", "month", "month", "month", "quarter", "year", "semi_annual"}[p.r.IntN(7)]
	var items []world.JSON
	if p.r.IntN(5) > 0 {
		items = append(items, world.JSON{"price": amount(9999, 2), "interval": interval})
	}
	if p.r.IntN(6) == 0 {
		items = append(items, world.JSON{"price": amount(2999, 2), "interval": nil}) // paid once
	}
	if p.r.IntN(3) == 0 {
		packs := world.Merge(world.Prepaid("messages", 1, 1+p.r.IntN(120), interval), world.JSON{"price": amount(20000, 3)})
		if p.r.IntN(3) == 0 {
			delete(packs, "price")
			packs["tiers"] = []world.JSON{{"to": packs["billing_units"].(int) * (1 + p.r.IntN(4)), "amount": amount(900, 2)}, {"to": "inf", "amount": amount(500, 2)}}
		}
		items = append(items, packs)
	}
	if p.r.IntN(3) == 0 || len(items) == 0 {
		if p.r.IntN(2) == 0 && len(items) > 0 {
			interval = "month" // of a quarter, of a year
		}
		items = append(items, world.Merge(world.Overage("words", p.r.IntN(200), 1, 1+p.r.IntN(30)), world.JSON{"price": amount(300, 3), "interval": interval}))
	}
	for _, item := range items {
		if behavior := []any{nil, "inclusive", "exclusive"}[p.tax.IntN(3)]; p.taxed && (item["price"] != nil || item["tiers"] != nil) {
			item["tax_behavior"] = behavior
		}
	}
	body := world.JSON{"id": id, "name": id, "group": group, "items": inCurrency(items, currency)}
	repeats := slices.ContainsFunc(items, func(i world.JSON) bool { return i["interval"] != nil })
	if p.r.IntN(7) == 0 && repeats {
		body["free_trial"] = world.JSON{"length": 1 + p.r.IntN(20), "duration": "day", "unique_fingerprint": false, "card_required": true}
	}
	p.Post("/v1/products", body)
	return body
}

// payIn is what customers pay in, one after the other.
var payIn = []money.Currency{"usd", "eur", "jpy", "kwd"}

// inCurrency adds what items cost in a currency: another number than in dollars.
func inCurrency(items []world.JSON, currency money.Currency) []world.JSON {
	if currency == "usd" {
		return items
	}
	in := func(at world.JSON, name string, fine bool) {
		if amount, priced := at[name].(json.Number); priced {
			at["prices"] = world.JSON{string(currency): price(decimal.RequireFromString(string(amount)), currency, fine)}
		}
	}
	for _, item := range items {
		in(item, "price", item["feature_id"] != nil)
		if tiers, has := item["tiers"].([]world.JSON); has {
			for _, tier := range tiers {
				in(tier, "amount", true)
			}
		}
	}
	return items
}

// price is what an amount in dollars is in another currency. A price of usage may be
// finer than what is charged.
func price(usd decimal.Decimal, currency money.Currency, fine bool) json.Number {
	rate := map[money.Currency]string{"eur": "0.93", "jpy": "151", "kwd": "0.307"}[currency]
	out := usd.Mul(decimal.RequireFromString(rate))
	if !fine {
		out = decimal.Max(out.Round(currency.Decimals()), decimal.New(1, -currency.Decimals()))
	}
	return json.Number(out.String())
}

// order requests a product, with a quantity if it sells one.
func order(c wish, product world.JSON, quantity int) world.JSON {
	body := world.JSON{"customer_id": c.id, "product_id": product["id"]}
	for _, item := range product["items"].([]world.JSON) {
		if item["usage_model"] == "prepaid" {
			body["options"] = []world.JSON{{"feature_id": item["feature_id"], "quantity": quantity}}
		}
	}
	return body
}

// enter makes the customer, with a card and their first products, which one in
// four has by invoice.
func (p previewer) enter(c wish) {
	p.Post("/v1/customers", world.JSON{"id": c.id, "currency": c.currency, "address": world.JSON{"country": []string{"DE", "CH", "FI", "JP"}[p.tax.IntN(4)]}})
	p.PutGoodCard(c.id)
	if c.first != nil {
		body := order(c, c.first, c.had)
		if c.settled != "" {
			body["invoice_only"] = true
		}
		if c.day != nil {
			body["billing_cycle_anchor"] = c.day
		}
		c.rewarded(body, "first")
		p.Do(p.Stack.Key, "POST", "/v1/attach", body)
		p.WaitIdle()
		p.settle(c)
	}
}

// settle does to the first invoice what a customer, or staff at Stripe, would.
func (p previewer) settle(c wish) {
	if c.settled == "" || c.settled == "open" {
		return
	}
	for _, in := range p.invoicesOf(c) {
		if in.Status == "open" {
			p.Post("/_local/invoices/"+in.ID+"/"+c.settled, nil)
		}
	}
}
