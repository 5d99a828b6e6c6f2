package billing

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/credit"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// A UsageBill is the overage that is due, and what brings it about.
type UsageBill struct {
	PersistClosed []entitlement.Balance // rows whose period has just closed: to be saved before Stripe is asked
	Lines         []UsageLine           // one for each price and period
	NotBilled     []NotBilled           // what no invoice takes
	Jobs          []UsageJob            // what Stripe is asked
	Settled       []SettledUsage        // what leaves the rows once Stripe has the lines
	Alone         bool                  // the lines are on an invoice of their own
	Currency      money.Currency
	Taxed         bool // … whose tax Stripe computes, as that of the subscription
}

// A UsageLine is the overage of one price in one period.
type UsageLine struct {
	Line
	Closed entitlement.UnbilledUsage
	within bool   // it closed within the period of its subscription
	price  []Step // makes the price known to Stripe
	ask    NewUsage
}

// A UsageJob is asked of Stripe once, however often it is tried: its key
// follows from what it bills.
type UsageJob struct {
	Key        string
	ClosedAt   time.Time // before that nobody can have asked
	ProductIDs []string
	Steps      []Step
}

// BilledByDate reports whether an id is the key of such a job, and not of a command.
func BilledByDate(id string) bool {
	return slices.ContainsFunc([]string{credit.AlonePrefix, "seats_", "usage_"}, func(prefix string) bool { return strings.HasPrefix(id, prefix) })
}

// A SettledUsage is the closed usage of a balance before and after a bill.
type SettledUsage struct {
	FeatureID string
	Entity    entitlement.EntityRef
	Was, Left []entitlement.UnbilledUsage
}

// DecideUsageBill returns what to bill when an invoice of a subscription is
// heard of. The moment is the later of now and the period's end, because our
// clock may be a little behind Stripe's.
//
//   - Only a renewal bills usage: all that closed with its period or before.
//   - It bills the seats in use for the coming period, too. Heard of too late
//     to take lines, it has them billed on an invoice of their own.
//   - A renewal heard of too late to take lines leaves them to the next one.
//     The row keeps them, as Stripe drops what waits for a subscription that
//     is ended at once.
//   - What has missed a renewal before gets an invoice of its own.
//   - What closed within the period is the schedule's, see DecideBillWithin.
//   - So does a line that one invoice can't take beside the others. One that no
//     invoice can take at all is not billed.
func DecideUsageBill(s State, c *catalog.Catalog, in Invoice, card string, now time.Time) UsageBill {
	if !in.Renewal {
		return UsageBill{}
	}
	c, s = s.In(c), s.onSubscription(in.SubscriptionID)
	at := later(now, in.Period.End)
	if in.Status != "draft" {
		return s.usageDue(c, in.SubscriptionID, at, withPeriod(c, in.Period.Start, false), s.renewal(c, in.SubscriptionID, in.Period.End)).alone(in.SubscriptionID, card)
	}
	bill := s.usageDue(c, in.SubscriptionID, at, withPeriod(c, in.Period.End, true), s.renewal(c, in.SubscriptionID, in.Period.End))
	room := roomOf(money.MaxAmount-max(0, in.Total), bill.Taxed)
	for _, line := range bill.Lines {
		if !room.takes(line.Amount, line.ask.TaxInside) {
			bill.Jobs = append(bill.Jobs, line.alone(bill.Taxed))
			continue
		}
		line.ask.InvoiceID = in.StripeID
		bill.Jobs = append(bill.Jobs, UsageJob{Key: line.ask.Name, ClosedAt: line.ask.Since, ProductIDs: []string{line.ProductID},
			Steps: append(slices.Clip(line.price), Step{Name: "usage", Usage: &line.ask})})
	}
	return bill
}

// DecideFinalBill returns what a subscription that has ended still owes: all
// overage of its products. Stripe makes no invoice for it any more. Seats of a
// period that has just begun are not charged where the period is not.
func DecideFinalBill(s State, c *catalog.Catalog, sub Subscription, card string, now time.Time) UsageBill {
	if sub.status() != Expired {
		return UsageBill{}
	}
	c, s = s.In(c), s.onSubscription(sub.ID)
	at := later(now, sub.EndedAt)
	bill := s.usageDue(c, sub.ID, at, closedBy(at), nil)
	bill.Lines = slices.DeleteFunc(bill.Lines, func(l UsageLine) bool {
		start := l.Closed.Period.Start
		return l.Closed.Ahead && (sub.Unbegun && !start.Before(sub.Period.Start) || !sub.EndedAt.IsZero() && !start.Before(sub.EndedAt))
	})
	for i, l := range bill.Lines { // the last of all is for no schedule any more
		bill.Lines[i].within = l.within && l.ask.Since.Before(sub.EndedAt)
	}
	return bill.alone(sub.ID, card)
}

// UseDue lists what was used beyond the allowance of products that the decision
// ends, and is billed right after it, on an invoice of its own (DecideFinalBill).
func (d Decision) UseDue(s State, c *catalog.Catalog, now time.Time) (lines []Line) {
	c, s = s.In(c), s.Of(d.Entity)
	for _, step := range d.Steps {
		if step.End == nil || step.End.SubscriptionID == "" {
			continue
		}
		after, settled := s, Operation{Decision: d}.Settle(s, c, Results{}, now)
		after.Balances, after.Products = maps.Clone(s.Balances), slices.Clone(s.Products)
		for _, b := range settled.Balances {
			if b.Entity.ID == s.Scope.ID {
				after.Balances[b.FeatureID] = b
			}
		}
		for i, cp := range after.Products {
			if n := slices.IndexFunc(settled.Products, func(next CustomerProduct) bool { return next.ID == cp.ID }); n >= 0 {
				after.Products[i] = settled.Products[n]
			}
		}
		takes := closedBy(now)
		if len(step.End.Remove) > 0 { // a subscription that goes on bills the rest with its renewal
			takes = func(cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) bool {
				return cp.EndsAt.Equal(now) && closed.Since().Equal(now) && closesWithin(c, cp, item, closed)
			}
		}
		for _, line := range after.usageDue(c, step.End.SubscriptionID, now, takes, nil).Lines {
			lines = append(lines, line.Line)
		}
	}
	return lines
}

// alone puts the lines on an invoice of their own, which Stripe collects as it
// does a renewal; without a card it is sent. What closed within the period of a
// subscription has one for each day: whoever bills it asks Stripe for the same.
func (bill UsageBill) alone(subscriptionID, card string) UsageBill {
	var jobs, apart []UsageJob
	rooms := map[string]*invoiceRoom{}
	for _, line := range bill.Lines {
		key := ""
		if line.within {
			key = fmt.Sprintf(credit.AlonePrefix+"%s_%d_within", subscriptionID, line.ask.Since.UnixMilli())
		}
		i := slices.IndexFunc(jobs, func(j UsageJob) bool { return j.Key == key })
		if i < 0 {
			room := roomOf(money.MaxAmount, bill.Taxed)
			i, rooms[key] = len(jobs), &room
			jobs = append(jobs, UsageJob{Key: key, Steps: []Step{{Name: "invoice", Invoice: &NewInvoice{Currency: bill.Currency, Card: card,
				ByInvoice: card == "", Retried: card != "", CollectWithin: NetTerms, Taxed: bill.Taxed}}}})
		}
		if !rooms[key].takes(line.Amount, line.ask.TaxInside) {
			apart = append(apart, line.alone(bill.Taxed))
			continue
		}
		jobs[i].add(line)
	}
	for i := range jobs {
		if jobs[i].Key == "" {
			jobs[i].Key = fmt.Sprintf(credit.AlonePrefix+"%s_%d", subscriptionID, jobs[i].ClosedAt.UnixMilli())
		}
	}
	bill.Alone, bill.Jobs = len(jobs) > 0, slices.Concat(jobs, apart)
	return bill
}

// add puts a line on the invoice of the job, which is its last step.
func (j *UsageJob) add(line UsageLine) {
	j.ClosedAt = later(j.ClosedAt, line.ask.Since)
	if !slices.Contains(j.ProductIDs, line.ProductID) {
		j.ProductIDs = append(j.ProductIDs, line.ProductID)
	}
	last := len(j.Steps) - 1
	j.Steps[last].Invoice.Usage = append(j.Steps[last].Invoice.Usage, line.ask)
	j.Steps = slices.Concat(j.Steps[:last], line.price, j.Steps[last:])
}

// usageDue finds what closed and is to be billed, and the seats of the
// period that begins, if renew pays any; at is the moment at which the
// balances are looked at.
func (s State) usageDue(c *catalog.Catalog, subscriptionID string, at time.Time, takes func(CustomerProduct, catalog.Item, entitlement.UnbilledUsage) bool,
	renew func(entitlement.Balance) (entitlement.Balance, bool)) UsageBill {
	bill := UsageBill{Currency: c.Currency(), Taxed: s.taxed(subscriptionID)}
	for _, id := range slices.Sorted(maps.Keys(s.Balances)) {
		row := s.Balances[id]
		b, renewed := row.At(at), row.SeatsTurn(at)
		if renew != nil {
			begun := false
			b, begun = renew(b)
			renewed = renewed || begun
		}
		settled := SettledUsage{FeatureID: id, Entity: b.Entity, Was: b.Closed}
		for _, closed := range b.Closed {
			cp, item, known := s.itemOfGrant(c, closed.GrantID)
			if !known || cp.SubscriptionID != subscriptionID || !takes(cp, item, closed) {
				settled.Left = append(settled.Left, closed)
				continue
			}
			bill.price(c, cp, item, closed)
		}
		billed := len(settled.Left) < len(settled.Was)
		if billed {
			bill.Settled = append(bill.Settled, settled)
		}
		if renewed || billed && len(b.Closed) != len(row.Closed) {
			bill.PersistClosed = append(bill.PersistClosed, b)
		}
	}
	return bill
}

// withPeriod takes what closed with a period or before, of what the schedule bills only what
// closed with it.
func withPeriod(c *catalog.Catalog, end time.Time, draft bool) func(CustomerProduct, catalog.Item, entitlement.UnbilledUsage) bool {
	return func(cp CustomerProduct, item catalog.Item, closed entitlement.UnbilledUsage) bool {
		if closesWithin(c, cp, item, closed) {
			return draft && closed.Since().Equal(end)
		}
		return closedBy(end)(cp, item, closed)
	}
}

// closedBy takes what closed up to a moment, and the seats of a period that begins.
func closedBy(upTo time.Time) func(CustomerProduct, catalog.Item, entitlement.UnbilledUsage) bool {
	return func(_ CustomerProduct, _ catalog.Item, closed entitlement.UnbilledUsage) bool {
		return closed.Ahead || !closed.Period.End.After(upTo)
	}
}

// renewal pays the seats of a subscription for the period that begins at from.
func (s State) renewal(c *catalog.Catalog, subscriptionID string, from time.Time) func(entitlement.Balance) (entitlement.Balance, bool) {
	return func(b entitlement.Balance) (entitlement.Balance, bool) {
		return s.renewSeats(c, s.countEntities(b, firstSeats(b, from), from), subscriptionID, from)
	}
}

// itemOfGrant finds the customer product and the item that a grant comes from.
func (s State) itemOfGrant(c *catalog.Catalog, grantID string) (CustomerProduct, catalog.Item, bool) {
	holder, itemID, _ := strings.Cut(grantID, "/")
	for _, cp := range s.Products {
		if cp.ID != holder {
			continue
		}
		for _, item := range ProductOf(c, cp).Items {
			if item.ID == itemID && item.InArrears() {
				return cp, item, true
			}
		}
	}
	return CustomerProduct{}, catalog.Item{}, false
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
