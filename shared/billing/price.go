package billing

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// linesOf returns what a product costs when it starts: its fixed prices and
// the packs bought. Pay per use costs nothing yet.
func linesOf(p catalog.Product, options []catalog.Quantity, c money.Currency) []Line {
	var lines []Line
	for _, item := range p.Items {
		if !item.InAdvance() {
			continue
		}
		packs := catalog.PacksOf(item, options)
		if packs.IsZero() {
			continue
		}
		line := Line{ItemID: item.ID, ProductID: p.ID, FeatureID: item.FeatureID, UsageModel: item.UsageModel,
			Quantity: packs, Amount: amountUpTo(item.Charge(packs, c)), Recurring: item.Cycle.Repeats(), Description: p.Name}
		if item.FeatureID != "" {
			line.Description = fmt.Sprintf("%s: %s × %s", p.Name, item.FeatureID, packs.Mul(item.Pack()))
		}
		lines = append(lines, line)
	}
	return lines
}

// amountUpTo is an amount that was checked when it was bought or agreed. One
// beyond the largest, of a time with other limits, is the largest: it never
// wraps, and an invoice that says otherwise is told.
func amountUpTo(a money.Amount, err error) money.Amount {
	if err != nil {
		return money.MaxAmount
	}
	return a
}

// stripePrice describes an item's price to Stripe in the catalog's currency; Stripe counts packs.
func stripePrice(cat *catalog.Catalog, p catalog.Product, item catalog.Item) *NewPrice {
	c := cat.Currency()
	price := &NewPrice{ItemID: item.ID, ProductID: p.ID, Name: p.Name, Currency: c, Cycle: item.Cycle,
		FeatureID: item.FeatureID, Pack: item.Pack(), TaxBehavior: item.TaxBehavior}
	if key := cat.PriceKey(item.ID); key != item.ID {
		price.Key = key
	}
	if item.FeatureID != "" {
		price.Name = fmt.Sprintf("%s: %s", p.Name, item.FeatureID)
	}
	if item.Price != nil {
		price.Amount = item.Price.Shift(c.Exponent())
		return price
	}
	for _, t := range item.Tiers {
		tier := PriceTier{Amount: t.Amount.Shift(c.Exponent())}
		if t.To != nil {
			tier.UpTo = money.Packs(*t.To, item.Pack()).IntPart()
		}
		price.Tiers = append(price.Tiers, tier)
	}
	return price
}

// usageItem is the price of nothing that keeps a subscription going when all
// its product's prices are billed in arrears: Stripe wants one item.
func usageItem(p catalog.Product) catalog.Item {
	free := money.Zero
	cycle := p.BillingCycle()
	var behavior catalog.TaxBehavior // Stripe wants it of every price that is taxed
	for _, i := range p.Items {
		behavior = cmp.Or(behavior, i.TaxBehavior)
	}
	return catalog.Item{TaxBehavior: behavior, ID: fmt.Sprintf("pr_%s_v%d_usage_%s_%d", p.ID, p.Version, cycle.Interval, cycle.Times()), Price: &free, Cycle: cycle}
}

// A NextDue is what the following period costs as far as it is known: pay per
// use comes on top.
type NextDue struct {
	At    time.Time // zero when nothing repeats
	Lines []Line
	Given *Given // the decision's reward, where it lowers these lines too
}

// Next returns what is due after the decision's own charge: at the end of the
// trial, or of the first period.
func (d Decision) Next(products []catalog.Product, now time.Time) NextDue {
	var next NextDue
	for i, p := range products {
		if !p.Recurring() {
			continue
		}
		at := p.BillingCycle().After(now, 1)
		if i < len(d.Start) && !d.Start[i].TrialEnds.IsZero() {
			at = d.Start[i].TrialEnds
		}
		if !d.Renews.IsZero() {
			at = d.Renews
		}
		if next.At.IsZero() || at.Before(next.At) {
			next.At = at
		}
		for _, line := range linesOf(p, d.Quantities, d.Currency) {
			if line.Recurring {
				next.Lines = append(next.Lines, line)
			}
		}
	}
	next.Given = d.Given.after(d, next.At, now)
	next.Lines = discounted(next.Lines, d.later(next.At, now))
	return next
}

// usesUp reports whether a discount for one invoice is used up by what is billed now:
// what does not lower it is put back. A cent for each proration is rounding.
func (d Decision) usesUp() bool {
	by, rounding := Off(d.Lines), money.Amount(0)
	for _, l := range d.Lines {
		if by += l.Lowered; l.Lowered != 0 {
			rounding += d.Currency.Step()
		}
	}
	return by > rounding/2
}

// NextWithin is what is due next of products that are billed more often than their
// subscription, before that is due again: the seats that are held, and what was used
// beyond the allowance so far. It is zero where nothing is billed within the period.
func (d Decision) NextWithin(s State, c *catalog.Catalog, now time.Time) NextDue {
	c = s.In(c)
	within := func(cp CustomerProduct) bool {
		p := ProductOf(c, cp)
		return cp.Status != Scheduled && slices.ContainsFunc(p.Items, p.BillsWithin)
	}
	if !slices.ContainsFunc(d.Start, within) {
		return NextDue{}
	}
	r := Results{SubscriptionID: "next", Period: d.First}
	begins := map[string]bool{}
	for _, cp := range d.Start {
		p := ProductOf(c, cp)
		if begins[cp.ID] = cp.Status != Scheduled; !begins[cp.ID] || !p.Recurring() || !r.Period.End.IsZero() {
			continue
		}
		r.Period = money.Period{Start: now, End: p.BillingCycle().After(now, 1)}
		if cp.SubscriptionID != "" {
			r.SubscriptionID = cp.SubscriptionID
		}
		for _, old := range s.Products { // a change keeps the days
			if !d.Restart && old.SubscriptionID == cp.SubscriptionID && old.SubscriptionID != "" && old.Running(now) && old.Period.End.Equal(d.Renews) {
				r.Period = old.Period
			}
		}
		if cp.TrialEnds.After(now) {
			r.Period.End = cp.TrialEnds
		}
	}
	after, settled := s, Operation{Decision: d}.Settle(s, c, r, now)
	after.Balances, after.Products = maps.Clone(s.Balances), slices.Clone(settled.Products)
	if after.Balances == nil {
		after.Balances = map[string]entitlement.Balance{}
	}
	for _, cp := range s.Products {
		if !slices.ContainsFunc(settled.Products, func(o CustomerProduct) bool { return o.ID == cp.ID }) {
			after.Products = append(after.Products, cp)
		}
	}
	for _, b := range settled.Balances {
		after.Balances[b.FeatureID] = b
	}
	var next NextDue
	for _, cp := range settled.Products {
		if begins[cp.ID] {
			next.At = earliest(next.At, cp.UsageAt)
		}
	}
	if next.At.IsZero() {
		return next
	}
	bill, _ := DecideBillWithin(after, c, r.SubscriptionID, "", next.At)
	for _, line := range bill.Lines {
		next.Lines = append(next.Lines, line.Line)
	}
	return next
}
