package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// Use and seats that are billed more often than their subscription: those of each month
// of a year. The day that brings an allowance back closes its use and bills it; the
// schedule comes that day, as Stripe knows of none. What closes with the subscription's own period goes
// on the renewal.

// BilledWithin is the rule of entries about such a bill.
const BilledWithin = "usage_within_period"

// DecideBillWithin returns what is to be billed of periods within that of a
// subscription, on an invoice of its own, and when the schedule comes again: the
// products whose UsageAt is another one then.
//
//   - It takes what closed since the subscription's period began. What closed before is for
//     the renewal's draft; once that is gone, it is taken here, too.
//   - Seats in use are billed for the period that begins.
func DecideBillWithin(s State, c *catalog.Catalog, subscriptionID, card string, now time.Time) (UsageBill, []CustomerProduct) {
	c = s.In(c)
	running := slices.DeleteFunc(slices.Clone(s.Products), func(cp CustomerProduct) bool { return cp.SubscriptionID != subscriptionID || !cp.Running(now) })
	if len(running) == 0 {
		return UsageBill{}, nil // its last bill takes the rest
	}
	within := running[0]
	takes := func(cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) bool {
		return ProductOf(c, cp).BillsWithin(item) && !now.Before(within.billsAt(closed.Since())) && within.inPeriod(closed.Since())
	}
	bill := s.usageDue(c, subscriptionID, now, takes, func(b entitlement.Balance) (entitlement.Balance, bool) {
		return s.renewWithin(c, b, within, now)
	})
	after := maps.Clone(s.Balances)
	for _, b := range bill.PersistClosed {
		after[b.FeatureID] = b
	}
	for _, settled := range bill.Settled {
		b := after[settled.FeatureID]
		b.Closed = settled.Left
		after[settled.FeatureID] = b
	}
	var moved []CustomerProduct
	for _, cp := range running {
		if at := s.nextUsage(c, cp, after, now); !at.Equal(cp.UsageAt) {
			cp.UsageAt = at
			moved = append(moved, cp)
		}
	}
	return bill.alone(subscriptionID, card), moved
}

// DueWithin lists the subscriptions for which DecideBillWithin has something to do.
func (s State) DueWithin(now time.Time) []string {
	var ids []string
	for _, cp := range s.Products {
		if !cp.UsageAt.IsZero() && !now.Before(cp.UsageAt) && cp.Running(now) && !slices.Contains(ids, cp.SubscriptionID) {
			ids = append(ids, cp.SubscriptionID)
		}
	}
	return ids
}

// setUsageAt says of products as a transition leaves them when the schedule comes next.
func (s State) setUsageAt(c *catalog.Catalog, products []CustomerProduct, changed []entitlement.Balance, now time.Time) {
	after := maps.Clone(s.Balances)
	if after == nil {
		after = map[string]entitlement.Balance{}
	}
	for _, b := range changed {
		after[b.FeatureID] = b
	}
	for i := range products {
		products[i].UsageAt = s.nextUsage(c, products[i], after, now)
	}
}

// nextUsage is when the schedule next bills use or seats within the period of a
// product's subscription; zero for never. A period may close with use or without: that is known only then.
func (s State) nextUsage(c *catalog.Catalog, cp CustomerProduct, balances map[string]entitlement.Balance, now time.Time) (next time.Time) {
	if cp.SubscriptionID == "" || !cp.Running(now) {
		return next
	}
	for _, b := range balances {
		for _, closed := range b.Closed {
			if of, item, known := s.itemOfGrant(c, closed.GrantID); known && of.SubscriptionID == cp.SubscriptionID && ProductOf(c, of).BillsWithin(item) && cp.inPeriod(closed.Since()) {
				next = earliest(next, cp.billsAt(closed.Since()))
			}
		}
	}
	p := ProductOf(c, cp)
	for _, item := range p.Items {
		if !p.BillsWithin(item) {
			continue
		}
		if look := cp.billsAt(cp.Period.Start); cp.Period.Start.After(cp.StartsAt) && now.Before(look) {
			next = earliest(next, look) // whether the renewal took what closed with it, in whatever order that is heard of
		}
		for _, g := range balances[item.FeatureID].Grants {
			if _, of, _ := strings.Cut(g.ID, "/"); g.CustomerProductID != cp.ID || of != item.ID {
				continue
			}
			if at := g.ClosesAt(now); !at.IsZero() && cp.inPeriod(at) {
				next = earliest(next, cp.billsAt(at))
			}
		}
	}
	return next
}

// inPeriod reports whether a moment is before the period's end, which the renewal or
// the last bill takes.
func (p CustomerProduct) inPeriod(at time.Time) bool {
	return (p.Period.End.IsZero() || at.Before(p.Period.End)) && (p.EndsAt.IsZero() || at.Before(p.EndsAt))
}

// billsAt is when what closed at a moment is billed: then, but what closed with the
// period before only once the draft of its renewal is no more.
func (p CustomerProduct) billsAt(closed time.Time) time.Time {
	if closed.After(p.Period.Start) {
		return closed
	}
	return p.Period.Start.Add(Grace)
}

// renewWithin pays the seats in use for the periods that have begun within that of a
// subscription.
func (s State) renewWithin(c *catalog.Catalog, b entitlement.Balance, within CustomerProduct, now time.Time) (entitlement.Balance, bool) {
	b.Grants, b.Closed = slices.Clone(b.Grants), slices.Clip(b.Closed)
	renewed := false
	for i := range b.Grants {
		cp, item, known := s.itemOfGrant(c, b.Grants[i].ID)
		if !known || cp.SubscriptionID != within.SubscriptionID || !cp.Running(now) || !ProductOf(c, cp).BillsWithin(item) {
			continue
		}
		for end := b.Grants[i].PaidFor.End; !end.IsZero() && !now.Before(end) && within.inPeriod(end) && !now.Before(within.billsAt(end)); end = b.Grants[i].PaidFor.End {
			var due []entitlement.UnbilledUsage
			b.Grants[i], due = renewGrant(c.Currency(), cp, item, b.Grants[i], end)
			b.Closed, renewed = append(b.Closed, due...), true
			if !b.Grants[i].PaidFor.End.After(end) {
				break // no period begins
			}
		}
	}
	return b, renewed
}

// price adds the line of closed usage to a bill: rounded up to whole packs,
// through the tiers in order, and to cents once. A free tier makes no line, and
// an amount that no invoice can take is not billed.
func (bill *UsageBill) price(c *catalog.Catalog, cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) {
	p, packs := ProductOf(c, cp), money.Packs(closed.Units, item.Pack())
	line := UsageLine{Closed: closed, within: p.BillsWithin(item), Line: Line{ItemID: item.ID, ProductID: cp.ProductID, FeatureID: item.FeatureID, UsageModel: catalog.PayPerUse, Quantity: packs,
		Description: fmt.Sprintf("%s: %s × %s", p.Name, item.FeatureID, packs.Mul(item.Pack()))}}
	var err error
	line.Amount, err = item.Charge(packs, bill.Currency)
	line.Amount -= min(line.Amount, closed.Less)
	switch {
	case err != nil || !fits(line.Amount, bill.Taxed, item.TaxBehavior):
		bill.NotBilled = append(bill.NotBilled, NotBilled{Line: line.Line, Major: item.MajorPrice(packs), Period: closed.Period})
		return
	case line.Amount == 0:
		return
	}
	known := c.StripePrices[item.ID]
	line.ask = NewUsage{Name: closed.Key() + "_0", ItemID: item.ID, PriceID: known, Period: closed.Period, Since: closed.Since(),
		Amount: line.Amount, Currency: bill.Currency, Description: line.Description, For: cp.SubscriptionID, TaxInside: item.TaxBehavior == catalog.TaxInclusive}
	if known == "" {
		line.price = []Step{{Name: "price_" + item.ID, Price: stripePrice(c, p, item)}}
	}
	bill.Lines = append(bill.Lines, line)
}

// Audit is the entry that says what the bill charged and why.
func (bill UsageBill) Audit(subscriptionID, invoiceID string, now time.Time) Audit {
	a := Audit{At: now, Actor: "stripe", Action: "bill_usage", Rule: "overage_on_renewal",
		Why:      "Pay per use is billed when the period it was used in is over, and seats when a period begins.",
		Currency: bill.Currency, Stripe: map[string]string{"subscription": subscriptionID}}
	if bill.Alone {
		a.Rule, a.Why = "overage_alone", "No renewal will bill what was used until then, so an invoice of its own does."
	} else {
		a.Stripe["invoice"] = invoiceID
	}
	for _, l := range bill.Lines {
		a.Lines, a.Amount = append(a.Lines, l.Line), a.Amount+l.Amount
	}
	return a
}

// LastSpan is the report on a named range ending now: 24h in hours; 7d, 30d
// and 90d in days; last_cycle since the running billing period began, or over
// 30 days for a customer without one.
func LastSpan(name string, products []CustomerProduct, now time.Time) (entitlement.UsageRange, error) {
	end := now.Add(time.Millisecond) // what happens now counts
	switch name {
	case "24h":
		return entitlement.NewUsageRange(now.Add(-24*time.Hour), end, entitlement.HourBins)
	case "7d", "30d", "90d":
		days := map[string]int{"7d": 7, "30d": 30, "90d": 90}[name]
		return entitlement.NewUsageRange(now.AddDate(0, 0, -days), end, entitlement.DayBins)
	case "last_cycle":
		return entitlement.NewUsageRange(cycleStart(products, now), end, entitlement.DayBins)
	}
	return entitlement.UsageRange{}, refusal.Invalid(ReasonRangeUnknown, name)
}

// cycleStart is when the running billing period began; of several the latest.
func cycleStart(products []CustomerProduct, now time.Time) time.Time {
	start := time.Time{}
	for _, cp := range products {
		if cp.At(now) != Expired && cp.Period.Start.After(start) && cp.Period.Start.Before(now) {
			start = cp.Period.Start
		}
	}
	if start.IsZero() {
		return now.AddDate(0, 0, -30)
	}
	return start
}
