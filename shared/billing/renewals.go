package billing

import (
	"cmp"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/order"
	"windfall/shared/reward"
)

// A Renewal is what a product costs when its next period begins, as far as it is known: pay
// per use comes on top.
type Renewal struct {
	CustomerProduct
	Name     string
	At       time.Time
	Amount   money.Amount // less the discount that runs
	Currency money.Currency
	Use      bool // what is used until then is billed with it
}

// Renewals lists what a customer's subscriptions charge next, in the order of their days.
// running are the discounts at Stripe; a subscription's own goes before the customer's.
func (s State) Renewals(c *catalog.Catalog, running []catalog.RunningDiscount, now time.Time) []Renewal {
	c = s.In(c)
	var all []Renewal
	var subscriptions []string
	for _, cp := range s.Products {
		if cp.SubscriptionID != "" && !slices.Contains(subscriptions, cp.SubscriptionID) {
			subscriptions = append(subscriptions, cp.SubscriptionID)
		}
	}
	for _, id := range subscriptions {
		all = append(all, s.renewalsOf(c, id, running, now)...)
	}
	order.Stable(all, func(a, b *Renewal) int { return a.At.Compare(b.At) })
	return all
}

func (s State) renewalsOf(c *catalog.Catalog, subscription string, running []catalog.RunningDiscount, now time.Time) (all []Renewal) {
	var lines []Line
	var ends []int // of the lines of each product
	for _, cp := range s.Products {
		if cp.SubscriptionID != subscription || !cp.Running(now) || !cp.EndsAt.IsZero() || cp.Period.End.IsZero() {
			continue
		}
		p := ProductOf(c, cp)
		all = append(all, Renewal{CustomerProduct: cp, Name: p.Name, At: cp.Period.End, Currency: c.Currency(), Use: slices.ContainsFunc(p.Items, catalog.Item.InArrears)})
		for _, l := range linesOf(p, cp.Quantities, c.Currency()) {
			if l.Recurring {
				lines = append(lines, l)
			}
		}
		ends = append(ends, len(lines))
	}
	if len(all) == 0 {
		return nil
	}
	lines = discounted(lines, discountAt(c, subscription, running, all[0].At))
	from := 0
	for i, to := range ends {
		all[i].Amount = Total(lines[from:to])
		from = to
	}
	return all
}

// discountAt is the discount that lowers an invoice of a subscription on a day; nil for none.
func discountAt(c *catalog.Catalog, subscription string, running []catalog.RunningDiscount, at time.Time) *reward.Discount {
	var found *reward.Discount
	for _, d := range running {
		ends := !d.End.IsZero() && !at.Before(d.End)
		if ends || d.SubscriptionID != "" && d.SubscriptionID != subscription || found != nil && d.SubscriptionID == "" {
			continue
		}
		lowers := reward.Discount{Currency: cmp.Or(d.Currency, c.Currency())}
		if d.Type == catalog.PercentageDiscount {
			lowers.Percent = d.Value
		} else {
			lowers.Amount = amountUpTo(lowers.Currency.Minor(d.Value))
		}
		if r, known := c.Rewards[d.RewardID]; known && r.Discount != nil {
			lowers.Items = c.Covered(*r.Discount)
		}
		found = &lowers
	}
	return found
}
