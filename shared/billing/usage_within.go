package billing

import (
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// Use and seats that are billed more often than their subscription: those of each month
// of a year, and the last use of a product that leaves it. The day that brings an allowance back closes its use and bills it; the
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
		return closesWithin(c, cp, item, closed) && !now.Before(within.billsAt(closed.Since())) && within.inPeriod(closed.Since())
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

// closesWithin reports whether closed use is billed by the schedule within the period of
// its subscription: what is billed more often, and the last use of a product that leaves
// a subscription of more than a month while others stay. They renew too late for it.
func closesWithin(c *catalog.Catalog, cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) bool {
	p := ProductOf(c, cp)
	return p.BillsWithin(item) || p.BillingCycle().Length() > (money.Cycle{Interval: money.Month, Count: 1}).Length() && !cp.EndsAt.IsZero() && !closed.Since().Before(cp.EndsAt)
}

// setUsageAt says of products as a transition leaves them when the schedule comes next,
// and adds those that stay on the subscription of one that ended, where it comes at
// another time for its last use. It returns the products to save.
func (s State) setUsageAt(c *catalog.Catalog, rows []CustomerProduct, changed []entitlement.Balance, now time.Time) []CustomerProduct {
	after := maps.Clone(s.Balances)
	if after == nil {
		after = map[string]entitlement.Balance{}
	}
	for _, b := range changed {
		after[b.FeatureID] = b
	}
	is := func(id string) func(CustomerProduct) bool {
		return func(cp CustomerProduct) bool { return cp.ID == id }
	}
	next := State{Products: slices.Clone(rows)}
	for _, cp := range s.Products {
		if !slices.ContainsFunc(rows, is(cp.ID)) {
			next.Products = append(next.Products, cp)
		}
	}
	for _, cp := range next.Products[len(rows):] {
		left := slices.ContainsFunc(rows, func(o CustomerProduct) bool { return o.SubscriptionID == cp.SubscriptionID && !o.Running(now) })
		if left && !next.nextUsage(c, cp, after, now).Equal(cp.UsageAt) {
			rows = append(rows, cp)
		}
	}
	for i := range rows {
		rows[i].UsageAt = next.nextUsage(c, rows[i], after, now)
	}
	return rows
}

// nextUsage is when the schedule next bills use or seats within the period of a
// product's subscription; zero for never. A period may close with use or without: that is known only then.
func (s State) nextUsage(c *catalog.Catalog, cp CustomerProduct, balances map[string]entitlement.Balance, now time.Time) (next time.Time) {
	if cp.SubscriptionID == "" || !cp.Running(now) {
		return next
	}
	for _, b := range balances {
		for _, closed := range b.Closed {
			if of, item, known := s.itemOfGrant(c, closed.GrantID); known && of.SubscriptionID == cp.SubscriptionID && closesWithin(c, of, item, closed) && cp.inPeriod(closed.Since()) {
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
		if !known || cp.SubscriptionID != within.SubscriptionID || !cp.Running(now) || cp.TrialEnds.After(now) || !ProductOf(c, cp).BillsWithin(item) {
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
