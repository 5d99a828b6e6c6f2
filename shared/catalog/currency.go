package catalog

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// Prices are what a price is in other currencies than the environment's, in major units.
type Prices map[money.Currency]money.Decimal

func (p Prices) same(o Prices) bool { return maps.EqualFunc(p, o, money.Decimal.Equal) }

func (p Prices) currencies() []money.Currency { return slices.Sorted(maps.Keys(p)) }

// Currencies lists the currencies that the item has a price in beside the
// environment's, sorted. All tiers have the same.
func (i Item) Currencies() []money.Currency {
	if len(i.Tiers) > 0 {
		return i.Tiers[0].Prices.currencies()
	}
	return i.Prices.currencies()
}

// In is the item with its price in one currency, which is not the environment's, and no
// other; false where it has none. What costs nothing costs nothing anywhere.
func (i Item) In(c money.Currency) (Item, bool) {
	if !i.Priced() {
		return i, true
	}
	if i.Price != nil {
		price, sold := i.Prices[c]
		i.Price, i.Prices = &price, nil
		return i, sold
	}
	i.Tiers = slices.Clone(i.Tiers)
	for n, t := range i.Tiers {
		amount, sold := t.Prices[c]
		if !sold {
			return i, false
		}
		i.Tiers[n].Amount, i.Tiers[n].Prices = amount, nil
	}
	return i, true
}

// In is the product with its prices in one currency, which is not the environment's: what
// the rules see of it. The error is currency_not_offered.
func (p Product) In(c money.Currency) (Product, error) {
	items := slices.Clone(p.Items)
	for n, i := range items {
		var sold bool
		if items[n], sold = i.In(c); !sold {
			return p, refusal.Invalid(ReasonCurrencyNotOffered, p.ID, c)
		}
	}
	p.Items = items
	return p, nil
}

// Offered refuses a product that has no price in the currency in which a catalog is seen.
func (c *Catalog) Offered(p Product) error {
	if c.unsold[VersionKey(p.ID, p.Version)] {
		return refusal.Invalid(ReasonCurrencyNotOffered, p.ID, c.Currency())
	}
	return nil
}

// Currency is what the prices of the catalog are in: as it is stored, the environment's.
func (c *Catalog) Currency() money.Currency { return cmp.Or(c.currency, c.Settings.Currency) }

// In is the catalog as a customer sees it who pays in a currency: each product with its
// prices in this one alone, and the prices at Stripe that are in it. "" is the
// environment's.
func (c *Catalog) In(currency money.Currency) *Catalog {
	if c.stored != nil {
		c = c.stored
	}
	if currency == "" || currency == c.Settings.Currency {
		return c
	}
	if view := c.seen[currency]; view != nil {
		return view
	}
	return c.seenIn(currency)
}

// Seen reports whether the catalog is seen in another currency than the environment's.
func (c *Catalog) Seen() bool { return c.stored != nil }

// CurrencyOf is what the amount of a discount or of credits is in.
func (c *Catalog) CurrencyOf(r Reward) money.Currency {
	if r.Discount == nil {
		return c.Settings.Currency
	}
	return cmp.Or(r.Discount.Currency, c.Settings.Currency)
}

// InCurrency names what has an amount in the environment's currency; "" is nothing.
func (c *Catalog) InCurrency() string {
	for _, id := range slices.Sorted(maps.Keys(c.Products)) {
		if slices.ContainsFunc(c.Products[id], func(p Product) bool { return !p.Free() }) {
			return "product " + id
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.Rewards)) {
		if c.Rewards[id].HasAmount() {
			return "reward " + id
		}
	}
	if c.Settings.OwnPrices {
		return "a price of a customer's own"
	}
	return ""
}

// HasAmount reports whether a reward is an amount of money, and no percentage or product.
func (r Reward) HasAmount() bool { return r.Discount != nil && r.Type != PercentageDiscount }

// FirstPrice are the settings to be saved with a price where there is no other; false
// where there is one.
func (c *Catalog) FirstPrice() (Settings, bool) {
	s := c.Settings
	s.Priced = true
	return s, !c.Settings.Priced || c.InCurrency() == ""
}

// FirstOwnPrice is FirstPrice for items of a customer's own. Nothing counts those, so what
// was sold of them is noted for good.
func (c *Catalog) FirstOwnPrice(own []Item) (Settings, bool) {
	s := c.Settings
	s.Priced, s.OwnPrices = true, true
	return s, !c.Settings.OwnPrices && slices.ContainsFunc(own, Item.Priced)
}

// seenInAll is the catalog in every currency that a product has a price in, each indexed.
func (c *Catalog) seenInAll() map[money.Currency]*Catalog {
	views := map[money.Currency]*Catalog{}
	for _, versions := range c.Products {
		for _, p := range versions {
			for _, i := range p.Items {
				for _, currency := range i.Currencies() {
					if views[currency] == nil && currency != c.Settings.Currency {
						views[currency] = c.seenIn(currency)
						views[currency].index = views[currency].looked()
					}
				}
			}
		}
	}
	return views
}

func (c *Catalog) seenIn(currency money.Currency) *Catalog {
	view := c.Draft()
	view.stored, view.currency, view.index, view.unsold = c, currency, nil, map[string]bool{}
	view.Products, view.StripePrices = make(map[string][]Product, len(c.Products)), map[string]string{}
	for id, versions := range c.Products {
		in := make([]Product, len(versions))
		for n, p := range versions {
			sold, err := p.In(currency)
			if err != nil {
				view.unsold[VersionKey(id, p.Version)] = true
			}
			in[n] = sold
		}
		view.Products[id] = in
	}
	for key, price := range c.StripePrices {
		if item, of, other := strings.Cut(key, priceIn); other && of == string(currency) {
			view.StripePrices[item] = price
		}
	}
	return view
}

// priceIn is between an item and the currency of its price at Stripe.
const priceIn = "/"

// PriceKey names the price of an item at Stripe that is in the catalog's currency: in the
// environment's it is the item's id.
func (c *Catalog) PriceKey(itemID string) string {
	if c.Currency() == c.Settings.Currency {
		return itemID
	}
	return itemID + priceIn + string(c.Currency())
}
