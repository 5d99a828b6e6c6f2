package catalog

import (
	"cmp"
	"maps"
	"slices"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// How long a discount lasts, as the API writes it.
const (
	OneOffDiscount  = "one_off" // one invoice; invoice credits: until they are used up
	MonthsDiscount  = "months"
	ForeverDiscount = "forever"
)

// WantedDiscount is a discount as it is asked for.
type WantedDiscount struct {
	Value      money.Decimal  // percent, or major units of …
	Currency   money.Currency // … ; "" is the environment's
	Duration   string
	Months     int
	Rollover   bool  // the older spelling of invoice credits
	ApplyToAll *bool // nil: all, unless prices or products are named
	PriceIDs   []string
	ProductIDs []string
}

// maxMonths is the longest discount in months. Our choice: fifty years.
const maxMonths = 600

// applied settles the discount of a reward: the one asked for, or the one it
// has where w is nil. "Fixed, one_off, should_rollover" and the type
// invoice_credits are two spellings of one thing, which is stored as the type.
func (w *WantedDiscount) applied(c *Catalog, r Reward) (Reward, error) {
	if w != nil {
		switch {
		case w.ApplyToAll != nil && *w.ApplyToAll && len(w.PriceIDs)+len(w.ProductIDs) > 0:
			return r, refusal.Invalid(ReasonDiscountOfAllAndSome)
		case w.Months != 0 && w.Months != 1 && (w.Duration == OneOffDiscount || w.Duration == ForeverDiscount):
			return r, refusal.Invalid(ReasonDiscountMonthsOfAnother, w.Months, w.Duration, MonthsDiscount)
		case w.Currency != "" && r.Type == PercentageDiscount:
			return r, refusal.Invalid(ReasonCurrencyOfAPercentage)
		case w.Rollover && r.Type == PercentageDiscount:
			return r, refusal.Invalid(ReasonRolloverOfAPercentage)
		case w.Rollover && r.Type == FixedDiscount && w.Duration != OneOffDiscount:
			return r, refusal.Invalid(ReasonRolloverWithoutCredits, OneOffDiscount, InvoiceCredits)
		case w.Rollover:
			r.Type = InvoiceCredits
		}
		r.Discount = w.discount()
		if r.Type != PercentageDiscount {
			r.Discount.Currency = cmp.Or(w.Currency, c.Settings.Currency)
		}
	}
	if r.Discount == nil {
		return r, refusal.Invalid(ReasonDiscountMissing, r.Type)
	}
	return r, c.checkDiscount(r.Type, *r.Discount)
}

func (w WantedDiscount) discount() *Discount {
	d := &Discount{Value: w.Value, Duration: w.Duration, ApplyToAll: len(w.PriceIDs)+len(w.ProductIDs) == 0}
	if w.ApplyToAll != nil {
		d.ApplyToAll = *w.ApplyToAll
	}
	if d.Duration == MonthsDiscount {
		d.Months = w.Months
	}
	if !d.ApplyToAll {
		d.PriceIDs, d.ProductIDs = slices.Sorted(slices.Values(w.PriceIDs)), slices.Sorted(slices.Values(w.ProductIDs))
	}
	return d
}

func (c *Catalog) checkDiscount(t RewardType, d Discount) error {
	currency := cmp.Or(d.Currency, c.Settings.Currency)
	switch {
	case !d.Value.IsPositive():
		return refusal.Invalid(ReasonDiscountNotPositive)
	case t == PercentageDiscount && d.Value.GreaterThan(money.Int(100)):
		return refusal.Invalid(ReasonPercentageAboveAll, d.Value)
	case t != PercentageDiscount && !currency.Known():
		return refusal.Invalid(ReasonDiscountCurrency, currency)
	case t != PercentageDiscount && d.Value.GreaterThan(currency.Largest()):
		return refusal.Invalid(ReasonDiscountTooLarge, currency.Largest())
	case t != PercentageDiscount && !d.Value.Equal(d.Value.Truncate(currency.Decimals())):
		return refusal.Invalid(ReasonDiscountFinerThanACent, d.Value, currency)
	case !slices.Contains([]string{OneOffDiscount, MonthsDiscount, ForeverDiscount}, d.Duration):
		return refusal.Invalid(ReasonDiscountDurationUnknown, OneOffDiscount, MonthsDiscount, ForeverDiscount)
	case d.Duration == MonthsDiscount && (d.Months < 1 || d.Months > maxMonths):
		return refusal.Invalid(ReasonDiscountMonths, maxMonths)
	case !d.ApplyToAll && len(d.PriceIDs)+len(d.ProductIDs) == 0:
		return refusal.Invalid(ReasonDiscountOfNothing)
	case len(d.PriceIDs) > maxPriceIDs:
		return refusal.Invalid(ReasonDiscountPricesTooMany, maxPriceIDs, len(d.PriceIDs))
	case len(d.ProductIDs) > maxPriceIDs:
		return refusal.Invalid(ReasonDiscountProductsTooMany, maxPriceIDs, len(d.ProductIDs))
	}
	for n, id := range d.ProductIDs {
		p, err := c.Product(id)
		switch {
		case n > 0 && id == d.ProductIDs[n-1]:
			return refusal.Invalid(ReasonDiscountProductTwice, id)
		case err != nil:
			return refusal.Invalid(ReasonDiscountProductUnknown, id)
		case !slices.ContainsFunc(p.Items, Item.Priced):
			return refusal.Invalid(ReasonDiscountProductFree, id)
		}
	}
	for n, id := range d.PriceIDs {
		if n > 0 && id == d.PriceIDs[n-1] {
			return refusal.Invalid(ReasonDiscountPriceTwice, id)
		}
		if _, _, sold := c.ItemOf(id); !sold {
			return refusal.Invalid(ReasonDiscountPriceUnknown, id)
		}
	}
	return nil
}

// Covered lists the priced items that a discount lowers, each once and sorted;
// nil is everything. Items of products that were deleted are left out.
func (c *Catalog) Covered(d Discount) []string {
	if d.ApplyToAll {
		return nil
	}
	items := []string{}
	for _, id := range d.PriceIDs {
		if _, _, sold := c.ItemOf(id); sold {
			items = append(items, id)
		}
	}
	for _, id := range d.ProductIDs {
		for _, version := range c.Products[id] {
			for _, i := range version.Items {
				if i.Priced() {
					items = append(items, i.ID)
				}
			}
		}
	}
	slices.Sort(items)
	return slices.Compact(items)
}

// RewardsOf lists the rewards whose discount names a product or one of its prices, in
// the order of their ids.
func (c *Catalog) RewardsOf(p Product) (out []Reward) {
	for _, id := range slices.Sorted(maps.Keys(c.Rewards)) {
		d := c.Rewards[id].Discount
		if d != nil && !d.ApplyToAll && (slices.Contains(d.ProductIDs, p.ID) || slices.ContainsFunc(p.Items, func(i Item) bool { return slices.Contains(d.PriceIDs, i.ID) })) {
			out = append(out, c.Rewards[id])
		}
	}
	return out
}

// ItemOf finds the priced item of this id, in any version of any product; an
// item that several versions share is the same in all of them.
func (c *Catalog) ItemOf(id string) (Product, Item, bool) {
	for _, p := range c.Products[c.looked().items[id]] {
		if i := slices.IndexFunc(p.Items, func(i Item) bool { return i.ID == id && i.Priced() }); i >= 0 {
			return p, p.Items[i], true
		}
	}
	return Product{}, Item{}, false
}
